import { useMemo, useState, type ReactElement } from "react";
import { batchesOf, type Batch } from "../../../api/batches.js";
import { dayOf } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import type { TabProps } from "../tabs.js";
import { BatchPage } from "./BatchPage.js";
import { LaunchDialog } from "./LaunchDialog.js";
import { NewBatch } from "./NewBatch.js";
import { Progress } from "./Progress.js";
import { useBatches } from "./useBatches.js";
import { KIND_WORDS, standing } from "./words.js";
import "./batches.css";

/** The batches of a project: what waits, what is at work, what is done. */
export function Batches(props: TabProps): ReactElement {
  const [name] = props.rest;
  return name === undefined ? <BatchList {...props} /> : <BatchPage key={name} {...props} name={name} />;
}

function BatchList({ api, project, onChanged }: TabProps): ReactElement {
  const calls = useMemo(() => batchesOf(api), [api]);
  const [archived, setArchived] = useState(false);
  const [making, setMaking] = useState(false);
  const [launching, setLaunching] = useState<Batch | null>(null);
  const { batches, fault, hasMore, more, reload, run } = useBatches(api, project.name, archived);
  const pause = (batch: Batch) => void run(() => calls.change(batch.name, { paused: !batch.paused }));
  return (
    <>
      <div className="section-head">
        <h2>Batches</h2>
        <div className="actions">
          <label className="tick-line"><input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />Those put away</label>
          <button className="primary" onClick={() => setMaking(true)}>New batch</button>
        </div>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {batches === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : batches.length === 0 ? (
        <p className="faint">{archived ? "No batch is put away." : "There are no batches yet. A batch gathers tasks until it is launched; begin with a self-label or a calibration batch."}</p>
      ) : (
        <table className="list batch-list">
          <thead><tr><th>Batch</th><th>Kind</th><th>State</th><th>Progress</th><th>Priority</th><th><span className="hidden">Actions</span></th></tr></thead>
          <tbody>
            {batches.map((batch) => (
              <tr key={batch.id}>
                <td><a href={linkTo("projects", project.name, "batches", batch.name)}><b>{batch.name}</b></a><br /><span className="faint">{dayOf(batch.created_at)}</span></td>
                <td title={batch.meaning}>{KIND_WORDS[batch.kind].name}</td>
                <td>{standing(batch)}</td>
                <td><Progress counts={batch.counts} /></td>
                <td>{batch.priority ?? "usual"}</td>
                <td className="row-actions">
                  {batch.takes_tasks && <a className="button" href={`${linkTo("projects", project.name, "new-tasks")}?batch=${encodeURIComponent(batch.name)}`}>Add tasks</a>}
                  {batch.status === "staging" && <button className="primary" onClick={() => setLaunching(batch)}>Launch</button>}
                  {batch.status === "in_progress" && <button onClick={() => pause(batch)}>{batch.paused ? "Resume" : "Pause"}</button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasMore && <button onClick={more}>Older batches</button>}
      {making && <NewBatch onClose={() => setMaking(false)} onMake={(batch) => calls.make({ project: project.name, ...batch })} onMade={() => { setMaking(false); void reload(); onChanged(); }} />}
      {launching !== null && (
        <LaunchDialog
          batch={launching} onClose={() => setLaunching(null)} launch={(confirmed) => calls.launch(launching.name, confirmed)}
          onLaunched={() => { setLaunching(null); void reload(); onChanged(); }}
        />
      )}
    </>
  );
}
