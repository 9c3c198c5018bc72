import { useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { firstAdmin } from "../../api/people.js";
import type { Session } from "../../api/types.js";
import { Mark } from "../../ui/Icon.js";
import { words } from "./useList.js";

/** What opens behind the link that a new server writes at its start: the first admin names themselves. */
export function First({ api, token, onDone }: { api: Api; token: string; onDone: (session: Session) => void }): ReactElement {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    void firstAdmin(api, { token, email: email.trim(), name: name.trim(), password }).then(onDone, (error: unknown) => {
      setBusy(false);
      setFault(words(error));
    });
  };
  return (
    <main className="centre">
      <div className="card narrow sign-in">
        <div className="brand"><Mark size={34} /><h1>Vernier</h1></div>
        <p>Nobody works here yet. Whoever begins is the admin and invites the others.</p>
        <form className="form" onSubmit={submit}>
          <label htmlFor="name">Your name</label>
          <input id="name" required autoFocus autoComplete="name" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          <label htmlFor="email">E-mail</label>
          <input id="email" type="email" required autoComplete="username" maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />
          <label htmlFor="password">Choose a password</label>
          <input id="password" type="password" required minLength={8} autoComplete="new-password" value={password} onChange={(event) => setPassword(event.target.value)} />
          <p className="form-fault" role="alert">{fault}</p>
          <button className="primary large" disabled={busy}>{busy ? "One moment…" : "Begin"}</button>
        </form>
      </div>
    </main>
  );
}
