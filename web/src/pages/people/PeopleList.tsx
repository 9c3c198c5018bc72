import { useCallback, useMemo, useState, type FormEvent, type ReactElement } from "react";
import { FUNCTIONS, peopleOf, ROLES, type Function, type Person, type Role } from "../../api/people.js";
import { studioOf } from "../../api/studio.js";
import { Dialog } from "../../ui/Dialog.js";
import { Once } from "../manage/Once.js";
import type { PageProps } from "../manage/pages.js";
import { dayOf, useList } from "../manage/useList.js";
import { AssignmentDialog } from "./AssignmentDialog.js";

const WHAT: { readonly [role in Role]: string } = {
  admin: "everything, API keys and admins too",
  manager: "projects, people and quality",
  member: "sends data and reads answers",
  labeler: "labels what the queue gives",
};
export const FUNCTION_NAMES: { readonly [name in Function]: string } = { both: "draws and reviews", attempter: "draws only", reviewer: "reviews only" };

interface Row extends Person {
  /** The projects the person works on; none means all of them. */
  readonly projects: readonly string[];
}

type Asked = { readonly question: "projects" | "reset"; readonly person: Row } | null;

/** Everybody in the account: who they are, what they may do, and the invitation of the next one. */
export function PeopleList({ api, user }: Pick<PageProps, "api" | "user">): ReactElement {
  const calls = useMemo(() => ({ ...peopleOf(api), ...studioOf(api) }), [api]);
  const load = useCallback(async () => {
    const [people, assigned] = await Promise.all([calls.people(), calls.assignments()]);
    return people.map((person): Row => ({ ...person, projects: assigned[person.email] ?? [] }));
  }, [calls]);
  const { rows, fault, run } = useList(load);
  const [link, setLink] = useState<{ email: string; address: string; mailed: boolean } | null>(null);
  const [asked, setAsked] = useState<Asked>(null);
  const roles = user.role === "admin" ? ROLES : ROLES.filter((role) => role !== "admin");
  const invite = (email: string, role: Role, work?: Function) => run(async () => {
    const { person, path, mailed } = await calls.invite(email, role, work);
    setLink({ email: person.email, address: new URL(path, window.location.origin).href, mailed });
  });
  const change = (person: Person, to: { role?: Role; function?: Function; active?: boolean }) => void run(() => calls.change(person.id, to));
  return (
    <>
      <InviteForm roles={roles} onInvite={invite} />
      <p className="form-fault" role="alert">{fault}</p>
      {link !== null && (
        <Once
          text={link.address} name="Invitation link" onDone={() => setLink(null)}
          note={`${link.mailed ? `This link is on its way to ${link.email} by mail` : `Send this link to ${link.email}`}. It works once, within two weeks, and is shown only now.`}
        />
      )}
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <table className="list">
          <thead><tr><th>Person</th><th>Role</th><th>Works on</th><th>State</th><th>Since</th><th><span className="hidden">Actions</span></th></tr></thead>
          <tbody>{rows.map((person) => {
            const fixed = !roles.includes(person.role), mine = person.id === user.id, active = person.state !== "disabled";
            return (
              <tr key={person.id} className={active ? "" : "off"}>
                <td><b>{person.name}</b>{mine && <span className="faint"> (you)</span>}<br /><span className="faint">{person.email}</span></td>
                <td>
                  <select aria-label={`Role of ${person.email}`} value={person.role} disabled={fixed} title={WHAT[person.role]} onChange={(event) => change(person, { role: event.target.value as Role })}>
                    {(fixed ? [person.role] : roles).map((role) => <option key={role} value={role}>{role}</option>)}
                  </select>
                  {person.role === "labeler" && (
                    <>{" "}<select aria-label={`Function of ${person.email}`} value={person.function ?? "both"} onChange={(event) => change(person, { function: event.target.value as Function })}>
                      {FUNCTIONS.map((name) => <option key={name} value={name}>{FUNCTION_NAMES[name]}</option>)}
                    </select></>
                  )}
                </td>
                <td className="works-on">
                  {person.state === "active"
                    ? <button title={person.projects.join(", ")} aria-label={`Projects of ${person.email}`} onClick={() => setAsked({ question: "projects", person })}>{worksOn(person)}</button>
                    : <span className="faint">nothing yet</span>}
                </td>
                <td>{person.state === "invited" ? `invited until ${person.invited_until === undefined ? "?" : dayOf(person.invited_until)}` : active ? "active" : "kept out"}{person.second_factor && <span className="under">with second factor</span>}</td>
                <td>{dayOf(person.created_at)}</td>
                <td className="row-actions">
                  {person.state === "invited" && !fixed && <button onClick={() => void invite(person.email, person.role)}>New link</button>}
                  {person.second_factor && !mine && !fixed && <button onClick={() => setAsked({ question: "reset", person })}>Reset factor…</button>}
                  {!mine && !fixed && <button onClick={() => change(person, { active: !active })}>{active ? "Keep out" : "Let in"}</button>}
                </td>
              </tr>
            );
          })}</tbody>
        </table>
      )}
      {asked?.question === "projects" && <AssignmentDialog api={api} person={asked.person} onClose={() => setAsked(null)} onSave={(add, remove) => run(async () => {
        for (const name of add) await calls.assign(asked.person.email, name, false);
        for (const name of remove) await calls.assign(asked.person.email, name, true);
      })} />}
      {asked?.question === "reset" && <ResetDialog person={asked.person} onClose={() => setAsked(null)} onReset={() => void run(() => calls.resetSecondFactor(asked.person.id))} />}
    </>
  );
}

function worksOn({ projects, role }: Row): string {
  if (projects.length === 0) return role === "labeler" ? "all projects" : "everything";
  return projects.length === 1 ? projects[0] : `${projects.length} projects`;
}

function InviteForm({ roles, onInvite }: { roles: readonly Role[]; onInvite: (email: string, role: Role, work?: Function) => Promise<boolean> }): ReactElement {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("labeler");
  const [work, setWork] = useState<Function>("both");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onInvite(email.trim(), role, role === "labeler" ? work : undefined).then((done) => { if (done) setEmail(""); });
  };
  return (
    <form className="line-form" onSubmit={submit}>
      <label>E-mail<input type="email" required value={email} placeholder="ada@example.com" onChange={(event) => setEmail(event.target.value)} /></label>
      <label>Role
        <select value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {roles.map((name) => <option key={name} value={name}>{`${name}: ${WHAT[name]}`}</option>)}
        </select>
      </label>
      {role === "labeler" && (
        <label>Function
          <select value={work} onChange={(event) => setWork(event.target.value as Function)}>
            {FUNCTIONS.map((name) => <option key={name} value={name}>{FUNCTION_NAMES[name]}</option>)}
          </select>
        </label>
      )}
      <button className="primary">Invite</button>
    </form>
  );
}

function ResetDialog({ person, onReset, onClose }: { person: Person; onReset: () => void; onClose: () => void }): ReactElement {
  return (
    <Dialog title="Reset the second factor?" onClose={onClose}>
      <p>{person.name} will sign in with the password alone and is signed out everywhere now. Make sure that it is really {person.email} who asks for it.</p>
      <span className="actions"><button className="primary" onClick={() => { onReset(); onClose(); }}>Reset</button><button data-first onClick={onClose}>Cancel</button></span>
    </Dialog>
  );
}
