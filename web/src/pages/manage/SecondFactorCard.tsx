import { useCallback, useEffect, useMemo, useState, type FormEvent, type ReactElement, type ReactNode } from "react";
import type { Api } from "../../api/client.js";
import { peopleOf, type SecondFactor } from "../../api/people.js";
import { QRCode } from "../../ui/QRCode.js";
import { words } from "./useList.js";
import "./secondFactor.css";

type Stage =
  | { readonly state: "rest" }
  | { readonly state: "beginning" }
  | { readonly state: "confirming"; readonly secret: string; readonly uri: string }
  | { readonly state: "codes"; readonly codes: readonly string[] }
  | { readonly state: "removing" };

/** The code that is asked for beside the password: setting it up, its recovery codes, and its end. */
export function SecondFactorCard({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => peopleOf(api), [api]);
  const [factor, setFactor] = useState<SecondFactor | null>(null);
  const [stage, setStage] = useState<Stage>({ state: "rest" });
  const [fault, setFault] = useState("");
  const look = useCallback(() => void calls.secondFactor().then(setFactor, (error: unknown) => setFault(words(error))), [calls]);
  useEffect(look, [look]);
  const attempt = (action: () => Promise<Stage>) => {
    setFault("");
    void action().then((next) => { setStage(next); look(); }, (error: unknown) => setFault(plain(words(error))));
  };
  const rest = () => { setFault(""); setStage({ state: "rest" }); };
  return (
    <section className="card part" aria-labelledby="second-factor">
      <h2 id="second-factor">Second factor</h2>
      {factor !== null && stage.state === "rest" && (
        <>
          <p>{factor.enabled
            ? `On: after your password you are asked for a code from your phone. ${factor.recovery_codes_left === 1 ? "One recovery code is" : `${factor.recovery_codes_left} recovery codes are`} left.`
            : "Off: your password alone lets you in. With a second factor, a code from an app on your phone is asked for too."}</p>
          <span>{factor.enabled
            ? <button onClick={() => setStage({ state: "removing" })}>Turn off…</button>
            : <button onClick={() => setStage({ state: "beginning" })}>Set up…</button>}</span>
        </>
      )}
      {stage.state === "beginning" && (
        <Ask fields={["password"]} action="Go on" onCancel={rest} onGive={({ password }) => attempt(async () => ({ state: "confirming", ...await calls.beginSecondFactor(password) }))} />
      )}
      {stage.state === "confirming" && (
        <>
          <ol className="steps">
            <li>Open an app for one-time codes on your phone and let it read this picture, or type the secret into it.</li>
            <li>Type the six digits that the app shows then.</li>
          </ol>
          <QRCode text={stage.uri} name="The secret as a QR code" />
          <p>Secret: <code className="secret">{stage.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>
          <Ask fields={["code"]} action="Turn on" onCancel={rest} onGive={({ code }) => attempt(async () => ({ state: "codes", codes: await calls.confirmSecondFactor(code) }))} />
        </>
      )}
      {stage.state === "codes" && <Codes codes={stage.codes} onDone={rest} />}
      {stage.state === "removing" && (
        <Ask fields={["password", "code"]} action="Turn off" onCancel={rest} onGive={({ password, code }) => attempt(async () => { await calls.removeSecondFactor(password, code); return { state: "rest" }; })} />
      )}
      <p className="form-fault" role="alert">{fault}</p>
    </section>
  );
}

function plain(text: string): string {
  return text.replace(/`password` is not your password\./, "This is not your password.").replace(/`code` is not a valid code/, "This code is wrong");
}

function Codes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }): ReactElement {
  const text = `${codes.join("\n")}\n`;
  return (
    <>
      <p role="status"><b>The second factor is on.</b> Keep these recovery codes where you find them without your phone. Each lets you in once, and they are shown only now.</p>
      <ul className="recovery-codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <span className="actions">
        <a className="button" download="vernier-recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>Save as a file</a>
        <button className="primary" onClick={onDone}>I have kept them</button>
      </span>
    </>
  );
}

interface AskProps {
  readonly fields: readonly ("password" | "code")[];
  readonly action: string;
  readonly onGive: (given: { readonly password: string; readonly code: string }) => void;
  readonly onCancel: () => void;
}

function Ask({ fields, action, onGive, onCancel }: AskProps): ReactElement {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onGive({ password, code: code.trim() });
  };
  const field = (name: "password" | "code"): ReactNode => (name === "password"
    ? <label key={name}>Your password<input type="password" required autoFocus autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} /></label>
    : <label key={name}>Code<input required autoFocus={fields.length === 1} autoComplete="one-time-code" inputMode={fields.length === 1 ? "numeric" : "text"} maxLength={40} value={code} onChange={(event) => setCode(event.target.value)} /></label>);
  return (
    <form className="line-form" onSubmit={submit}>
      {fields.map(field)}
      <button className="primary">{action}</button>
      <button type="button" onClick={onCancel}>Cancel</button>
    </form>
  );
}
