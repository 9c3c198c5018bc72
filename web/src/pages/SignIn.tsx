import { useState, type FormEvent, type ReactElement } from "react";
import { ApiError, type Api } from "../api/client.js";
import type { Session } from "../api/types.js";
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() === "" || password === "") return setFault("Please enter your e-mail address and your password.");
    setBusy(true);
    setFault("");
    return void api.signIn(email.trim(), password).then(onDone, (error: unknown) => {
      setBusy(false);
      setFault(wordsFor(error));
    });
  };
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

function wordsFor(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong here. Please try again.";
  switch (error.status) {
    case 0: return "The server cannot be reached. Check the connection and try again.";
    case 401: return "This e-mail address and password do not belong together.";
    case 429: return "Too many tries. Please wait a moment before the next one.";
    default: return error.message;
  }
}
