import { useMemo, useState, type FormEvent, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { peopleOf, ROLES, type Person, type Role } from "../../api/people.js";
import type { User } from "../../api/types.js";
import { Once } from "./Once.js";
import { dayOf, useList } from "./useList.js";

const WHAT: { readonly [role in Role]: string } = {
  admin: "everything, API keys and admins too",
  manager: "projects, people and quality",
  member: "sends data and reads answers",
  labeler: "labels what the queue gives",
};

/** Everybody in the account: who they are, what they may do, and the invitation of the next one. */
export function People({ api, user }: { api: Api; user: User }): ReactElement {
  const calls = useMemo(() => peopleOf(api), [api]);
  const { rows, fault, run } = useList(calls.people);
  const [link, setLink] = useState<{ email: string; address: string } | null>(null);
  const roles = user.role === "admin" ? ROLES : ROLES.filter((role) => role !== "admin");
  const invite = (email: string, role: Role) => run(async () => {
    const { person, path } = await calls.invite(email, role);
    setLink({ email: person.email, address: new URL(path, window.location.origin).href });
  });
  return (
    <>
      <InviteForm roles={roles} onInvite={invite} />
      <p className="form-fault" role="alert">{fault}</p>
      {link !== null && (
        <Once
          text={link.address} name="Invitation link" onDone={() => setLink(null)}
          note={`Send this link to ${link.email}. It works once, within two weeks, and is shown only now.`}
        />
      )}
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <table className="list">
          <thead><tr><th>Person</th><th>Role</th><th>State</th><th>Since</th><th><span className="hidden">Actions</span></th></tr></thead>
          <tbody>{rows.map((person) => <Row key={person.id} person={person} mine={person.id === user.id} roles={roles} run={run} invite={invite} change={calls.change} />)}</tbody>
        </table>
      )}
    </>
  );
}

interface RowProps {
  readonly person: Person;
  readonly mine: boolean;
  readonly roles: readonly Role[];
  readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
  readonly invite: (email: string, role: Role) => Promise<boolean>;
  readonly change: (id: string, change: { role?: Role; active?: boolean }) => Promise<Person>;
}

function Row({ person, mine, roles, run, invite, change }: RowProps): ReactElement {
  const fixed = !roles.includes(person.role);
  const active = person.state !== "disabled";
  return (
    <tr className={active ? "" : "off"}>
      <td><b>{person.name}</b>{mine && <span className="faint"> (you)</span>}<br /><span className="faint">{person.email}</span></td>
      <td>
        <select aria-label={`Role of ${person.email}`} value={person.role} disabled={fixed} title={WHAT[person.role]} onChange={(event) => void run(() => change(person.id, { role: event.target.value as Role }))}>
          {(fixed ? [person.role] : roles).map((role) => <option key={role} value={role}>{role}</option>)}
        </select>
      </td>
      <td>{person.state === "invited" ? `invited until ${person.invited_until === undefined ? "?" : dayOf(person.invited_until)}` : person.state === "disabled" ? "kept out" : "active"}</td>
      <td>{dayOf(person.created_at)}</td>
      <td className="row-actions">
        {person.state === "invited" && !fixed && <button onClick={() => void invite(person.email, person.role)}>New link</button>}
        {!mine && !fixed && <button onClick={() => void run(() => change(person.id, { active: !active }))}>{active ? "Keep out" : "Let in"}</button>}
      </td>
    </tr>
  );
}

function InviteForm({ roles, onInvite }: { roles: readonly Role[]; onInvite: (email: string, role: Role) => Promise<boolean> }): ReactElement {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("labeler");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onInvite(email.trim(), role).then((done) => { if (done) setEmail(""); });
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <label>E-mail<input type="email" required value={email} placeholder="ada@example.com" onChange={(event) => setEmail(event.target.value)} /></label>
      <label>Role
        <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {roles.map((name) => <option key={name} value={name}>{`${name}: ${WHAT[name]}`}</option>)}
        </select>
      </label>
      <button className="primary">Invite</button>
    </form>
  );
}
