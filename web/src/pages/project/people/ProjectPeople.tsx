import { useCallback, useMemo, type ReactElement } from "react";
import { peopleOf, type Person } from "../../../api/people.js";
import { studioOf, type Group, type QueuedBatch } from "../../../api/studio.js";
import { useList } from "../../manage/useList.js";
import type { TabProps } from "../tabs.js";
import { Groups } from "./Groups.js";
import { QueuedBatches } from "./QueuedBatches.js";
import "./people.css";

interface Staff {
  readonly people: readonly Person[];
  readonly assignments: { readonly [email: string]: readonly string[] };
  readonly groups: readonly Group[];
  readonly batches: readonly QueuedBatch[];
}

/** Runs an action and loads again; resolves to whether it was done. */
export type Run = (action: () => Promise<unknown>) => Promise<boolean>;

/** Who works on a project: assignments, groups, and which batches are for whom. */
export function ProjectPeople({ api, project }: TabProps): ReactElement {
  const people = useMemo(() => peopleOf(api), [api]), studio = useMemo(() => studioOf(api), [api]);
  const load = useCallback(async (): Promise<readonly Staff[]> => {
    const [everybody, assignments, groups, batches] = await Promise.all([people.people(), studio.assignments(), studio.groups(project.name), studio.batches()]);
    return [{ people: everybody.filter(({ state }) => state !== "disabled"), assignments, groups, batches }];
  }, [people, studio, project.name]);
  const { rows, fault, run } = useList(load);
  const staff = rows?.[0];
  if (staff === undefined) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <p className="form-fault" role="alert">{fault}</p>;
  const here = staff.people.filter(({ email }) => staff.assignments[email]?.includes(project.name));
  return (
    <>
      <p className="form-fault" role="alert">{fault}</p>
      <section className="staff" aria-labelledby="who-title">
        <h2 id="who-title">Who labels this project</h2>
        <p className="faint">A labeler who is assigned to projects gets work of these only; one without any assignment gets work of every project. Members, managers and admins see all of it.</p>
        <table className="list">
          <thead><tr><th>Person</th><th>Role</th><th>Gets work of this project</th><th><span className="hidden">Actions</span></th></tr></thead>
          <tbody>
            {staff.people.map((person) => {
              const assigned = here.includes(person);
              return (
                <tr key={person.id}>
                  <td><b>{person.name}</b><br /><span className="faint">{person.email}</span></td>
                  <td>{person.role}</td>
                  <td>{reason(person, staff.assignments[person.email] ?? [], project.name)}</td>
                  <td className="row-actions">{person.state === "active" && <button onClick={() => void run(() => studio.assign(person.email, project.name, assigned))}>{assigned ? "Take off" : "Assign"}<span className="hidden"> {person.email}</span></button>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <Groups project={project.name} groups={staff.groups.filter(({ isSingleton }) => !isSingleton)} assigned={here} studio={studio} run={run} />
      {project.product === "studio" && <QueuedBatches project={project.name} batches={staff.batches} groups={staff.groups} assigned={here} studio={studio} run={run} />}
    </>
  );
}

/** Whether a person gets work of the project, and why. */
function reason({ role, state }: Person, assigned: readonly string[], project: string): string {
  if (state === "invited") return "not yet: the invitation waits to be accepted";
  if (assigned.includes(project)) return "yes, assigned";
  if (role !== "labeler") return "yes, by role";
  if (assigned.length === 0) return "yes, like that of every project";
  return `no, assigned to ${assigned.length === 1 ? assigned[0] : `${assigned.length} other projects`}`;
}
