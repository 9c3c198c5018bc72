import { useState, type FormEvent, type ReactElement } from "react";
import type { Person } from "../../../api/people.js";
import type { Group, studioOf } from "../../../api/studio.js";
import { NamePicker } from "../../builder/NamePicker.js";
import type { Run } from "./ProjectPeople.js";

interface Props {
  readonly project: string;
  readonly groups: readonly Group[];
  /** Groups are made of people who are assigned to the project. */
  readonly assigned: readonly Person[];
  readonly studio: ReturnType<typeof studioOf>;
  readonly run: Run;
}

/** The groups of a project, so that batches can be kept for some. */
export function Groups({ project, groups, assigned, studio, run }: Props): ReactElement {
  const emails = assigned.map(({ email }) => email);
  const change = (group: Group, next: readonly string[]) => {
    const now = group.workers.map(({ email }) => email);
    void run(() => studio.changeGroup(project, group.name, next.filter((email) => !now.includes(email)), now.filter((email) => !next.includes(email))));
  };
  return (
    <section className="staff" aria-labelledby="groups-title">
      <h2 id="groups-title">Groups</h2>
      <p className="faint">A group is some of the people assigned here. A batch can be kept for groups.</p>
      {groups.map((group) => (
        <article key={group.id} className="card" aria-label={`Group ${group.name}`}>
          <GroupHead group={group} onRename={(name) => run(() => studio.renameGroup(project, group.name, name))} onRemove={() => void run(() => studio.removeGroup(project, group.name))} />
          <NamePicker label="Who belongs to it" names={group.workers.map(({ email }) => email)} options={emails} onChange={(next) => change(group, next)} />
        </article>
      ))}
      {emails.length === 0 ? <p className="faint">Assign people first; then they can be grouped.</p> : <NewGroup emails={emails} onMake={(name, members) => run(() => studio.addGroup(project, name, members))} />}
    </section>
  );
}

/** The group's name with what can be done to the whole of it. */
function GroupHead({ group, onRename, onRemove }: { group: Group; onRename: (name: string) => Promise<boolean>; onRemove: () => void }): ReactElement {
  const [name, setName] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onRename((name ?? "").trim()).then((done) => { if (done) setName(null); });
  };
  if (name !== null) {
    return (
      <form className="line-form" onSubmit={submit}>
        <label>New name of {group.name}<input required autoFocus maxLength={1000} value={name} onChange={(event) => setName(event.target.value)} /></label>
        <button className="primary" disabled={name.trim() === ""}>Rename</button>
        <button type="button" onClick={() => setName(null)}>Cancel</button>
      </form>
    );
  }
  return (
    <div className="section-head">
      <h3>{group.name}</h3>
      <span className="row-actions">
        <button aria-label={`Rename the group ${group.name}`} onClick={() => setName(group.name)}>Rename</button>
        <button aria-label={`Dissolve the group ${group.name}`} onClick={() => { if (window.confirm(`Dissolve the group "${group.name}"? Its people stay assigned to the project.`)) onRemove(); }}>Dissolve</button>
      </span>
    </div>
  );
}

function NewGroup({ emails, onMake }: { emails: readonly string[]; onMake: (name: string, members: readonly string[]) => Promise<boolean> }): ReactElement {
  const [name, setName] = useState("");
  const [members, setMembers] = useState<readonly string[]>([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onMake(name.trim(), members).then((done) => { if (done) { setName(""); setMembers([]); } });
  };
  return (
    <form className="card" onSubmit={submit} aria-label="New group">
      <div className="line-form"><label>Name of a new group<input required maxLength={1000} value={name} placeholder="night shift" onChange={(event) => setName(event.target.value)} /></label><button disabled={name.trim() === "" || members.length === 0}>Make the group</button></div>
      <NamePicker label="Its people" names={members} options={emails} onChange={setMembers} />
    </form>
  );
}
