import { useId, useState, type FormEvent, type ReactElement } from "react";
import type { Released } from "../engine/Ledger.js";
import { Dialog } from "./Dialog.js";
import "./HandOverDialogs.css";

const MOST_LETTERS = 500;
const REASONS = ["I am not sure how to label this", "This needs knowledge that I do not have", "The picture does not load", "Nothing of what is asked is on it"];

interface SkipProps {
  readonly onSkip: (reason: string) => Promise<Released>;
  readonly onSkipped: () => void;
  readonly onClose: () => void;
}

/** Passing a task on to somebody else, which takes a reason, because a reason is what helps the next person. */
export function SkipDialog({ onSkip, onSkipped, onClose }: SkipProps): ReactElement {
  const [reason, setReason] = useState("");
  const { busy, fault, send } = useSending(() => onSkip(reason.trim()), onSkipped);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(reason.trim() === "" ? "Please say in a few words why." : "");
  };
  return (
    <Dialog title="Skip this task?" onClose={onClose}>
      <form className="hand-over" onSubmit={submit} noValidate>
        <p>It goes back to the queue for somebody else, with everything that is drawn and with your reason. You will not be given it again.</p>
        <div className="reasons" role="group" aria-label="Common reasons">
          {REASONS.map((text) => <button type="button" key={text} className="chip" aria-pressed={reason === text} onClick={() => setReason(text)}>{text}</button>)}
        </div>
        <Words label="Reason" value={reason} onChange={setReason} />
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><button className="primary" disabled={busy}>{busy ? "Skipping…" : "Skip it"}</button><button type="button" onClick={onClose}>Keep it</button></div>
      </form>
    </Dialog>
  );
}

export type ReportKind = "unreadable" | "wrong_data" | "instruction" | "other";

const KINDS: readonly { readonly kind: ReportKind; readonly words: string }[] = [
  { kind: "unreadable", words: "The picture cannot be read: broken, black, far too blurred" },
  { kind: "wrong_data", words: "This is not what the task says: another scene, wrong objects to begin with" },
  { kind: "instruction", words: "The instruction is unclear or contradicts itself" },
  { kind: "other", words: "Something else" },
];

interface ReportProps {
  readonly onReport: (kind: ReportKind, message: string) => Promise<Released>;
  readonly onReported: () => void;
  readonly onClose: () => void;
}

/** Telling the people who run the project that something is wrong with the data; the work goes on afterwards. */
export function ReportDialog({ onReport, onReported, onClose }: ReportProps): ReactElement {
  const [kind, setKind] = useState<ReportKind | null>(null);
  const [message, setMessage] = useState("");
  const { busy, fault, send } = useSending(() => onReport(kind ?? "other", message.trim()), onReported);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === null) send("Please choose what is wrong.");
    else send(message.trim() === "" ? "Please say in a few words what you see." : "");
  };
  return (
    <Dialog title="Report a problem with the data" onClose={onClose}>
      <form className="hand-over" onSubmit={submit} noValidate>
        <p>The people who run this project read it beside the task. Your work stays as it is: go on, skip it or give it back.</p>
        <fieldset className="kinds">
          <legend>What is wrong?</legend>
          {KINDS.map((choice, i) => (
            <label key={choice.kind}><input type="radio" name="kind" {...(i === 0 ? { "data-first": true } : {})} checked={kind === choice.kind} onChange={() => setKind(choice.kind)} /> {choice.words}</label>
          ))}
        </fieldset>
        <Words label="What do you see?" value={message} onChange={setMessage} />
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><button className="primary" disabled={busy}>{busy ? "Sending…" : "Send report"}</button><button type="button" onClick={onClose}>Cancel</button></div>
      </form>
    </Dialog>
  );
}

function Words({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }): ReactElement {
  const id = useId();
  return (
    <div className="words">
      <label htmlFor={id}>{label} <span className="faint">at most {MOST_LETTERS} letters</span></label>
      <textarea id={id} rows={3} maxLength={MOST_LETTERS} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}

/** Sends once what has no fault of its own, and keeps what the answer said. */
function useSending(call: () => Promise<Released>, onDone: () => void): { busy: boolean; fault: string; send: (own: string) => void } {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const send = (own: string) => {
    setFault(own);
    if (own !== "" || busy) return;
    setBusy(true);
    void call().then((result) => {
      setBusy(false);
      if (result.done) onDone();
      else setFault(result.message);
    });
  };
  return { busy, fault, send };
}
