import { useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import type { Person } from "../../api/people.js";
import { projectsOf } from "../../api/projects.js";
import { Dialog } from "../../ui/Dialog.js";
import { words } from "../manage/useList.js";

interface Props {
  readonly api: Api;
  readonly person: Person & { readonly projects: readonly string[] };
  readonly onSave: (add: readonly string[], remove: readonly string[]) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Which projects a person works on. */
export function AssignmentDialog({ api, person, onSave, onClose }: Props): ReactElement {
  const [names, setNames] = useState<readonly string[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(person.projects));
  const [query, setQuery] = useState("");
  const [fault, setFault] = useState("");
  useEffect(() => void projectsOf(api).names().then(setNames, (error: unknown) => setFault(words(error))), [api]);
  const shown = useMemo(() => (names ?? []).filter((name) => name.toLowerCase().includes(query.trim().toLowerCase())), [names, query]);
  const toggle = (name: string) => setChosen((before) => {
    const after = new Set(before);
    if (!after.delete(name)) after.add(name);
    return after;
  });
  const save = () => void onSave([...chosen].filter((name) => !person.projects.includes(name)), person.projects.filter((name) => !chosen.has(name))).then((done) => { if (done) onClose(); });
  return (
    <Dialog title={`What ${person.name} works on`} onClose={onClose}>
      <p>{person.role === "labeler"
        ? "With none chosen the queue gives work of all projects; otherwise only of these."
        : "Managers and members see every project. Being assigned makes them members of its groups."}</p>
      {(names?.length ?? 0) > 8 && <input type="search" aria-label="Find a project" placeholder="Find a project" value={query} onChange={(event) => setQuery(event.target.value)} />}
      <div className="choices" role="group" aria-label="Projects">
        {shown.map((name) => <label key={name}><input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />{name}</label>)}
        {names !== null && shown.length === 0 && <p className="faint">{names.length === 0 ? "There are no projects yet." : "Nothing matches."}</p>}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <span className="actions"><button className="primary" onClick={save}>Save</button><button onClick={onClose}>Cancel</button></span>
    </Dialog>
  );
}
