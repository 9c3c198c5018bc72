import { useState, type FormEvent, type ReactElement } from "react";
import { ApiError, type Api } from "../api/client.js";
import type { Session, SignIn as Begun } from "../api/types.js";
import { Mark } from "../ui/Icon.js";

export function SignIn({ api, onDone }: { api: Api; onDone: (session: Session) => void }): ReactElement {
  return (
    <main className="centre">
      <div className="card narrow sign-in">
        <div className="brand"><Mark size={34} /><h1>Vernier</h1></div>
        <SignInForm api={api} email="" onDone={onDone} />
      </div>
    </main>
  );
}

interface FormProps {
  readonly api: Api;
  readonly email: string;
  readonly onDone: (session: Session) => void;
}

export function SignInForm({ api, email: known, onDone }: FormProps): ReactElement {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const [challenge, setChallenge] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() === "" || password === "") return setFault("Please enter your e-mail address and your password.");
    setBusy(true);
    setFault("");
    return void api.signIn(email.trim(), password).then(whenBegun(onDone, setChallenge), (error: unknown) => {
      setBusy(false);
      setFault(wordsFor(error));
    });
  };
  const again = (words: string) => {
    setChallenge(null);
    setBusy(false);
    setFault(words);
  };
  if (challenge !== null) return <CodeForm api={api} challenge={challenge} onDone={onDone} onAgain={again} />;
  return (
    <form className="form" onSubmit={submit} noValidate>
      <label htmlFor="email">E-mail</label>
      <input id="email" type="email" autoComplete="username" autoFocus={known === ""} value={email} onChange={(event) => setEmail(event.target.value)} />
      <label htmlFor="password">Password</label>
      <input id="password" type="password" autoComplete="current-password" autoFocus={known !== ""} data-first value={password} onChange={(event) => setPassword(event.target.value)} />
      <p className="form-fault" role="alert">{fault}</p>
      <button className="primary large" disabled={busy}>{busy ? "Signing in…" : "Sign in"}</button>
    </form>
  );
}

/** Goes on with the session, or asks for the code first. */
export function whenBegun(onDone: (session: Session) => void, onChallenge: (challenge: string) => void): (begun: Begun) => void {
  return (begun) => ("user" in begun ? onDone(begun) : onChallenge(begun.second_factor.challenge));
}

interface CodeProps {
  readonly api: Api;
  readonly challenge: string;
  readonly onDone: (session: Session) => void;
  /** The sign-in has to begin anew, and why. */
  readonly onAgain: (words: string) => void;
}

/** The second step of signing in, for those who have a second factor. */
export function CodeForm({ api, challenge, onDone, onAgain }: CodeProps): ReactElement {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    void api.giveCode(challenge, code).then(onDone, (error: unknown) => {
      setBusy(false);
      if (error instanceof ApiError && error.status === 401) return onAgain("The code came too late or was wrong too often. Please begin again.");
      return setFault(error instanceof ApiError && error.status === 400 ? "This code is wrong, or was used already. Please wait for the next one." : wordsFor(error));
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <label htmlFor="code">Code</label>
      <input id="code" required autoFocus autoComplete="one-time-code" spellCheck={false} maxLength={40} data-first aria-describedby="code-note" value={code} onChange={(event) => setCode(event.target.value)} />
      <p id="code-note" className="faint">Six digits from the app on your phone. Without the phone, one of your recovery codes.</p>
      <p className="form-fault" role="alert">{fault}</p>
      <button className="primary large" disabled={busy}>{busy ? "Signing in…" : "Sign in"}</button>
      <button type="button" onClick={() => onAgain("")}>Back</button>
    </form>
  );
}

function wordsFor(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong here. Please try again.";
  switch (error.status) {
    case 0: return "The server cannot be reached. Check the connection and try again.";
    case 401: return "This e-mail address and password do not belong together.";
    case 429: return "Too many tries. Please wait a moment before the next one.";
    default: return error.message;
  }
}
