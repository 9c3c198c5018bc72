import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { importsOf } from "../../api/imports.js";
import { insightOf, type Mode, type TestResult, type WorldDelivery } from "../../api/insight.js";
import { AllowList } from "../manage/AllowList.js";
import { Once } from "../manage/Once.js";
import { dayOf, momentOf, words } from "../manage/useList.js";
import { useLoaded } from "./useLoaded.js";
import "./insight.css";

type Calls = ReturnType<typeof insightOf>;

/** Where callbacks go and how they show that they are ours. */
export function SettingsPage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => insightOf(api), [api]);
  const imports = useMemo(() => importsOf(api), [api]);
  const { value, fault, reload } = useLoaded(calls.settings);
  return (
    <>
      <p className="faint">A callback tells a program of yours that a task is completed, has failed or was audited. A task goes to the address it names itself, else to the one here. The <a href="/docs">interface for programs</a> says what stands in it.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {value === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <>
          <World mode="live" name="Callbacks" world={value.live} hasMail={value.mail} calls={calls} onChanged={reload} />
          <World mode="test" name="Callbacks of the test world" world={value.test} hasMail={value.mail} calls={calls} onChanged={reload} />
          <section className="card part" aria-label="What to let in">
            <h2>What to let in</h2>
            <AllowList calls={imports} />
          </section>
        </>
      )}
    </>
  );
}

interface Props {
  readonly mode: Mode;
  readonly name: string;
  readonly world: WorldDelivery;
  readonly hasMail: boolean;
  readonly calls: Calls;
  readonly onChanged: () => void;
}

function World({ mode, name, world, hasMail, calls, onChanged }: Props): ReactElement {
  const [secret, setSecret] = useState<{ name: string; text: string; note: string } | null>(null);
  const [fault, setFault] = useState("");
  const rotate = (which: "callback_key" | "signature_secret", title: string, warning: string) => {
    if (!window.confirm(warning)) return;
    setFault("");
    void calls.rotate(mode, which).then(({ secret: text, previous_until: until }) => {
      setSecret({ name: title, text, note: `This is the new ${title.toLowerCase()}. It is shown only now.${until === undefined ? "" : ` Callbacks are signed with the one before as well until ${momentOf(until)}.`}` });
      onChanged();
    }, (error: unknown) => setFault(words(error)));
  };
  return (
    <section className="card part world" aria-label={name}>
      <h2>{name}</h2>
      <p className="form-fault" role="alert">{fault}</p>
      {secret !== null && <Once name={secret.name} text={secret.text} note={secret.note} onDone={() => setSecret(null)} />}
      <Receiver mode={mode} url={world.default_callback_url} hasMail={hasMail} calls={calls} onChanged={onChanged} />
      <div className="world-part">
        <h3>Callback key</h3>
        <p className="faint">Every callback carries it in the header <code>scale-callback-auth</code>, so that your program knows that it is ours.</p>
        <p className="world-line"><code>{world.callback_key.hint}</code><span className="faint">{since(world.callback_key.changed_at)}</span>
          <button onClick={() => rotate("callback_key", "Callback key", "Replace the callback key? From then on callbacks carry the new one; a program that compares it refuses them until it knows it.")}>Replace</button></p>
      </div>
      <div className="world-part">
        <h3>Signature secret</h3>
        <p className="faint">Every callback is signed with it in the header <code>vernier-signature</code>, which also protects time and content. After a change both the old and the new one sign for a day.</p>
        <p className="world-line"><code>{world.signature_secret.hint}</code><span className="faint">{since(world.signature_secret.changed_at)}{world.signature_secret.previous_until !== undefined && `; the one before signs too until ${momentOf(world.signature_secret.previous_until)}`}</span>
          <button onClick={() => rotate("signature_secret", "Signature secret", "Replace the signature secret? Callbacks are signed with both for a day; teach your program the new one before that ends.")}>Replace</button></p>
      </div>
    </section>
  );
}

/** The address that callbacks go to by default, and a button that really sends something there. */
function Receiver({ mode, url, hasMail, calls, onChanged }: { mode: Mode; url: string | null; hasMail: boolean; calls: Calls; onChanged: () => void }): ReactElement {
  const [text, setText] = useState(url ?? "");
  const [fault, setFault] = useState("");
  const [saved, setSaved] = useState(false);
  const [result, setResult] = useState<TestResult | "busy" | null>(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setFault("");
    void calls.setCallback(mode, text.trim()).then(() => { setSaved(true); onChanged(); }, (error: unknown) => setFault(words(error)));
  };
  const test = () => {
    setFault("");
    setResult("busy");
    void calls.test(mode, text.trim() === "" ? undefined : text.trim()).then(setResult, (error: unknown) => { setResult(null); setFault(words(error)); });
  };
  return (
    <div className="world-part">
      <h3>Default receiver</h3>
      <form className="world-line" onSubmit={save}>
        <input aria-label={`Default receiver, ${mode}`} value={text} placeholder="https://example.com/labels" maxLength={4000} onChange={(event) => { setText(event.target.value); setSaved(false); }} />
        <button className="primary" disabled={text.trim() === (url ?? "")}>Save</button>
        <button type="button" disabled={result === "busy" || text.trim() === ""} onClick={test}>Send a test</button>
      </form>
      <p className="faint">A URL or an e-mail address; empty for nowhere. Tasks that exist already keep theirs.{!hasMail && " This server has no mail command, so mail cannot be sent."}</p>
      <p className="form-fault" role="alert">{fault}</p>
      <p role="status">{saved ? "Saved. " : ""}{result === null ? "" : result === "busy" ? "Sending…" : told(result)}</p>
    </div>
  );
}

function told({ delivered, status_code: code, error, seconds }: TestResult): string {
  const took = `after ${seconds.toFixed(2)} s`;
  if (delivered) return code === undefined ? `The test was handed over ${took}.` : `The test arrived: the receiver answered with status ${code} ${took}.`;
  return `The test did not arrive. ${error ?? ""}`;
}

function since(time: string | undefined): string {
  return time === undefined ? "as it was made" : `since ${dayOf(time)}`;
}
