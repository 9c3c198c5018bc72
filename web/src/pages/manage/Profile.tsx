import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { peopleOf } from "../../api/people.js";
import type { User } from "../../api/types.js";
import { SecondFactorCard } from "./SecondFactorCard.js";
import { momentOf, useList, words } from "./useList.js";

interface Props {
  readonly api: Api;
  readonly user: User;
  readonly onRenamed: (name: string) => void;
}

/** A person's own entry: name, password, and where they are signed in. */
export function Profile({ api, user, onRenamed }: Props): ReactElement {
  const calls = useMemo(() => peopleOf(api), [api]);
  const { rows, fault, run, reload } = useList(calls.sessions);
  const others = rows?.filter(({ current }) => !current).length ?? 0;
  return (
    <>
      <section className="card part" aria-labelledby="who">
        <h2 id="who">You</h2>
        <p className="faint">{user.email}, {user.role}</p>
        <NameForm name={user.name} onSave={async (name) => { await calls.rename(name); onRenamed(name); }} />
      </section>
      <section className="card part" aria-labelledby="password-title">
        <h2 id="password-title">Password</h2>
        <PasswordForm email={user.email} onSave={async (present, password) => { await calls.changePassword(present, password); reload(); }} />
      </section>
      <SecondFactorCard api={api} />
      <section className="card part" aria-labelledby="sessions">
        <h2 id="sessions">Where you are signed in</h2>
        <p className="form-fault" role="alert">{fault}</p>
        <ul className="sessions">
          {rows?.map((session) => (
            <li key={session.id}>
              <span><b>{browserOf(session.agent)}</b>{session.current && <span className="faint"> (this one)</span>}<br />
                <span className="faint">from {session.remote === "" ? "an unknown place" : session.remote}, last used {momentOf(session.seen_at)}</span></span>
              {!session.current && <button onClick={() => void run(() => calls.endSession(session.id))}>Sign out there</button>}
            </li>
          ))}
        </ul>
        {others > 1 && <span><button onClick={() => void run(() => calls.endOthers())}>Sign out everywhere else</button></span>}
      </section>
    </>
  );
}

function NameForm({ name, onSave }: { name: string; onSave: (name: string) => Promise<void> }): ReactElement {
  const [text, setText] = useState(name);
  const [said, setSaid] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave(text.trim()).then(() => setSaid("Saved."), (error: unknown) => setSaid(words(error)));
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <label>Name<input required maxLength={200} value={text} onChange={(event) => { setText(event.target.value); setSaid(""); }} /></label>
      <button>Save</button>
      <span role="status" className="faint">{said}</span>
    </form>
  );
}

function PasswordForm({ email, onSave }: { email: string; onSave: (present: string, password: string) => Promise<void> }): ReactElement {
  const [present, setPresent] = useState("");
  const [password, setPassword] = useState("");
  const [said, setSaid] = useState("");
  const [failed, setFailed] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(present, password).then(
      () => { setPresent(""); setPassword(""); setFailed(false); setSaid("Changed. You are signed out everywhere else."); },
      (error: unknown) => { setFailed(true); setSaid(words(error).replace(/`present`/, "The first field").replace(/`password`/, "The new password")); },
    );
  };
  return (
    <form className="form" onSubmit={submit}>
      <input hidden type="email" autoComplete="username" value={email} readOnly />
      <label htmlFor="present">Present password</label>
      <input id="present" type="password" required autoComplete="current-password" value={present} onChange={(event) => setPresent(event.target.value)} />
      <label htmlFor="new-password">New password</label>
      <input id="new-password" type="password" required minLength={8} autoComplete="new-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      <p className={failed ? "form-fault" : "faint"} role={failed ? "alert" : "status"}>{said}</p>
      <span><button>Change the password</button></span>
    </form>
  );
}

/** A name for a browser out of what it calls itself. */
function browserOf(agent: string): string {
  const name = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]].find(([mark]) => agent.includes(mark))?.[1];
  const system = [["Windows", "Windows"], ["Android", "Android"], ["iPhone", "iPhone"], ["Mac OS", "Mac"], ["Linux", "Linux"]].find(([mark]) => agent.includes(mark))?.[1];
  if (name === undefined) return agent === "" ? "Unknown browser" : agent.split(" ")[0];
  return system === undefined ? name : `${name} on ${system}`;
}
