import { useEffect, useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { invitationOf, type Invitation } from "../../api/people.js";
import type { Session } from "../../api/types.js";
import { Mark } from "../../ui/Icon.js";
import { go } from "../route.js";
import { CodeForm, whenBegun } from "../SignIn.js";
import { words } from "./useList.js";

/** What opens behind an invitation's link: who is invited, and a password to begin with. */
export function Invited({ api, token, onDone }: { api: Api; token: string; onDone: (session: Session) => void }): ReactElement | null {
  const calls = useMemo(() => invitationOf(api, token), [api, token]);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [challenge, setChallenge] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  useEffect(() => void calls.look().then(setInvitation, (error: unknown) => setFault(error instanceof Error ? error.message : String(error))), [calls]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    void calls.accept(name.trim(), password).then(whenBegun(onDone, setChallenge), (error: unknown) => {
      setBusy(false);
      setFault(words(error).replace(/`password`/, "This password"));
    });
  };
  if (invitation === null && fault === "") return null;
  return (
    <main className="centre">
      <div className="card narrow sign-in">
        <div className="brand"><Mark size={34} /><h1>Vernier</h1></div>
        {challenge !== null ? <CodeForm api={api} challenge={challenge} onDone={onDone} onAgain={() => go("")} /> : invitation === null ? <><p role="alert">{fault}</p><button onClick={() => go("")}>Sign in</button></> : (
          <>
            <p>You are invited to <b>{invitation.account}</b> as {invitation.role}. You will sign in as <b>{invitation.email}</b>.</p>
            <form className="form" onSubmit={submit}>
              <input hidden type="email" autoComplete="username" value={invitation.email} readOnly />
              {!invitation.known && (
                <>
                  <label htmlFor="name">Your name</label>
                  <input id="name" required autoFocus autoComplete="name" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
                </>
              )}
              <label htmlFor="password">{invitation.known ? "Your password" : "Choose a password"}</label>
              <input id="password" type="password" required minLength={invitation.known ? 1 : 8} autoFocus={invitation.known} autoComplete={invitation.known ? "current-password" : "new-password"} value={password} onChange={(event) => setPassword(event.target.value)} />
              <p className="form-fault" role="alert">{fault}</p>
              <button className="primary large" disabled={busy}>{busy ? "One moment…" : "Begin"}</button>
            </form>
          </>
        )}
      </div>
    </main>
  );
}
