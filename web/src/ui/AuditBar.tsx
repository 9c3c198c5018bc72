import { useId, useState, type FormEvent, type ReactElement } from "react";
import type { AuditDetails, TaskUse, VerdictBody } from "../api/audits.js";
import { Dialog } from "./Dialog.js";
import "./audit.css";

/** What a task becomes besides, with the next verdict. */
export interface Uses {
  readonly as: readonly TaskUse[];
  readonly note: string;
}

export const NO_USES: Uses = { as: [], note: "" };

const NAMES: { readonly [use in TaskUse]: string } = { evaluation: "evaluation task", training: "training task", example: "example in the instruction" };

interface Props {
  readonly details: AuditDetails;
  readonly fixing: boolean;
  readonly uses: Uses;
  readonly onUses: (uses: Uses) => void;
}

/** What is audited, where it stands in its sample, what was said before, and what the task becomes besides. */
export function AuditBar({ details, fixing, uses, onUses }: Props): ReactElement {
  const { sample, position, audits, supports, used } = details;
  const note = useId();
  return (
    <section className="audit-bar" aria-label="Audit">
      <p><b>{fixing ? "Fixing" : "Audit"}</b>{sample !== undefined && position !== undefined && <> · {position} of {sample.total} in “{sample.name}”, {sample.audited} done</>}</p>
      {supports.length > 0 && (
        <fieldset className="audit-uses">
          <legend>Also make it</legend>
          {supports.map((use) => (
            <label key={use}><input type="checkbox" checked={used.includes(use) || uses.as.includes(use)} disabled={used.includes(use)} onChange={(event) => onUses({ ...uses, as: event.target.checked ? [...uses.as, use] : uses.as.filter((one) => one !== use) })} /> {use === "example" ? "an" : use === "evaluation" ? "an" : "a"} {NAMES[use]}{used.includes(use) && " (it is one)"}</label>
          ))}
          {uses.as.includes("example") && <label className="audit-note" htmlFor={note}>of <input id={note} maxLength={2000} value={uses.note} placeholder="what it shows" onChange={(event) => onUses({ ...uses, note: event.target.value })} /></label>}
        </fieldset>
      )}
      <details className="audit-more">
        <summary>Task details{audits.length > 0 && ` · ${audits.length} earlier ${audits.length === 1 ? "verdict" : "verdicts"}`}</summary>
        <dl>
          {details.unique_id !== undefined && <><dt>Unique id</dt><dd>{details.unique_id}</dd></>}
          {details.completed_at !== undefined && <><dt>Completed</dt><dd>{new Date(details.completed_at).toLocaleString()}</dd></>}
          {Object.entries(details.metadata).map(([name, value]) => <Pair key={name} name={name} text={typeof value === "string" ? value : JSON.stringify(value)} />)}
          {audits.map((audit, i) => <Pair key={i} name={`${audit.audit_result} by ${audit.audited_by}`} text={`${new Date(audit.audited_at).toLocaleString()}${audit.comments === undefined ? "" : `: ${audit.comments}`}`} />)}
        </dl>
      </details>
    </section>
  );
}

function Pair({ name, text }: { name: string; text: string }): ReactElement {
  return <><dt>{name}</dt><dd>{text}</dd></>;
}

interface DecisionProps {
  readonly fixing: boolean;
  readonly busy: boolean;
  readonly keys: string;
  readonly onAccept: () => void;
  readonly onFix: (on: boolean) => void;
  readonly onAsk: (result: "rejected" | "commented" | "fixed") => void;
}

/** The verdicts, in place of the button that submits. */
export function AuditDecision({ fixing, busy, keys, onAccept, onFix, onAsk }: DecisionProps): ReactElement {
  if (fixing) return <>
    <button disabled={busy} onClick={() => onFix(false)}>Do not fix</button>
    <button className="primary" disabled={busy} onClick={() => onAsk("fixed")}>{busy ? "Sending…" : "Submit the fix"} <kbd>{keys}</kbd></button>
  </>;
  return <>
    <button className="quiet" disabled={busy} onClick={() => onAsk("commented")}>Comment…</button>
    <button disabled={busy} onClick={() => onAsk("rejected")}>Reject…</button>
    <button disabled={busy} onClick={() => onFix(true)}>Fix</button>
    <button className="primary" disabled={busy} onClick={onAccept}>{busy ? "Sending…" : "Accept"} <kbd>{keys}</kbd></button>
  </>;
}

interface DialogProps {
  readonly result: "rejected" | "commented" | "fixed";
  readonly uses: Uses;
  /** Hands the verdict in; resolves to what kept it from being given, in words, or null. */
  readonly onDecide: (verdict: VerdictBody) => Promise<string | null>;
  readonly onClose: () => void;
}

const TITLES = { rejected: "Reject this answer?", commented: "Accept it with a comment", fixed: "Submit your fix?" } as const;
const ACTS = { rejected: "Reject", commented: "Comment", fixed: "Submit the fix" } as const;

/** Asks what there is to say with a verdict. */
export function VerdictDialog({ result, uses, onDecide, onClose }: DialogProps): ReactElement {
  const [text, setText] = useState("");
  const [redo, setRedo] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const comments = text.trim();
    if (comments === "" && result !== "fixed") return setFault(result === "rejected" ? "Please say in a few words what is wrong." : "Please write your comment.");
    if (busy) return;
    setBusy(true);
    setFault("");
    void onDecide({ result, ...(comments === "" ? {} : { comments }), ...(redo ? { redo } : {}) }).then((kept) => {
      setBusy(false);
      if (kept !== null) setFault(kept);
    });
  };
  return (
    <Dialog title={TITLES[result]} onClose={onClose}>
      <form className="verdict" onSubmit={submit} noValidate>
        <div className="words">
          <label htmlFor={id}>{result === "rejected" ? "What is wrong?" : result === "fixed" ? "What did you put right? (not needed)" : "Your comment"}</label>
          <textarea id={id} data-first rows={3} maxLength={10000} value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        {result === "rejected" && <label className="tick"><input type="checkbox" checked={redo} disabled={uses.as.length > 0} onChange={(event) => setRedo(event.target.checked)} /> Send it back to be done again{uses.as.length > 0 && " (not together with a further use)"}</label>}
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions"><button className="primary" disabled={busy}>{busy ? "Sending…" : ACTS[result]}</button><button type="button" onClick={onClose}>Go on looking</button></div>
      </form>
    </Dialog>
  );
}
