import type { ReactElement } from "react";
import type { Person } from "../../../api/people.js";
import type { Group, QueuedBatch, studioOf } from "../../../api/studio.js";
import { NamePicker } from "../../builder/NamePicker.js";
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

/** The batches that are not completed, in the order in which they are worked, and whom each is kept for. */
export function QueuedBatches({ project, batches, groups, assigned, studio, run }: Props): ReactElement {
  const own = batches.filter(({ projectName }) => projectName === project);
  const names = [...groups.filter(({ isSingleton }) => !isSingleton).map(({ name }) => name), ...assigned.map(({ email }) => email)];
  /** Changes places with the neighbour of this project; batches of other projects keep theirs. */
  const swap = (i: number, j: number) => {
    const order = batches.map(({ name }) => name), from = order.indexOf(own[i].name), to = order.indexOf(own[j].name);
    [order[from], order[to]] = [order[to], order[from]];
    void run(() => studio.order(order));
  };
  return (
    <section className="staff" aria-labelledby="queued-title">
      <h2 id="queued-title">Batches in the order of work</h2>
      {own.length === 0 ? <p className="faint">No batch of this project is waiting or running.</p> : (
        <ol className="queued">
          {own.map((batch, i) => (
            <li key={batch.id} className="card">
              <div className="section-head">
                <p><b>{batch.name}</b> <span className="faint">{batch.completed.toLocaleString()} of {batch.total.toLocaleString()} done</span></p>
                <span className="actions">
                  <button disabled={i === 0} onClick={() => swap(i, i - 1)}>Earlier<span className="hidden"> {batch.name}</span></button>
                  <button disabled={i === own.length - 1} onClick={() => swap(i, i + 1)}>Later<span className="hidden"> {batch.name}</span></button>
                </span>
              </div>
              {names.length === 0 ? <p className="faint">Everybody of this project works on it.</p>
                : <NamePicker label={batch.groups.length === 0 ? "Everybody of this project works on it, unless it is kept for" : "Kept for"} names={batch.groups} options={names} onChange={(next) => void run(() => studio.keepFor(batch.name, next))} />}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
