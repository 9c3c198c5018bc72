import type { ReactElement } from "react";
import type { Person } from "../../../api/people.js";
import type { Group, QueuedBatch, studioOf } from "../../../api/studio.js";
import { NamePicker } from "../../builder/NamePicker.js";
import { linkTo } from "../../route.js";
import type { Run } from "./ProjectPeople.js";

interface Props {
  readonly project: string;
  /** Those of all projects, in the order of work. */
  readonly batches: readonly QueuedBatch[];
  readonly groups: readonly Group[];
  readonly assigned: readonly Person[];
  readonly studio: ReturnType<typeof studioOf>;
  readonly run: Run;
}

/** Whom each batch that is not completed is kept for. Their order is one of all projects, and is set where all are seen. */
export function QueuedBatches({ project, batches, groups, assigned, studio, run }: Props): ReactElement {
  const own = batches.filter(({ projectName }) => projectName === project);
  const names = [...groups.filter(({ isSingleton }) => !isSingleton).map(({ name }) => name), ...assigned.map(({ email }) => email)];
  return (
    <section className="staff" aria-labelledby="queued-title">
      <h2 id="queued-title">Batches and whom they are kept for</h2>
      <p className="faint">They stand in the order of work, which is set for all projects together under <a href={linkTo("people", "order")}>Order of work</a>.</p>
      {own.length === 0 ? <p className="faint">No batch of this project is waiting or running.</p> : (
        <ol className="queued">
          {own.map((batch) => (
            <li key={batch.id} className="card">
              <p><b>{batch.name}</b> <span className="faint">{batch.completed.toLocaleString()} of {batch.total.toLocaleString()} done</span></p>
              {names.length === 0 ? <p className="faint">Everybody of this project works on it.</p>
                : <NamePicker label={batch.groups.length === 0 ? "Everybody of this project works on it, unless it is kept for" : "Kept for"} names={batch.groups} options={names} onChange={(next) => void run(() => studio.keepFor(batch.name, next))} />}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
