import { useMemo, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { studioOf } from "../../api/studio.js";
import { useList } from "../manage/useList.js";
import { linkTo } from "../route.js";

const KINDS: { readonly [kind: string]: string } = { Production: "production", Calibration: "calibration", SelfLabel: "self-label" };

/** Which batch of all projects comes first. Groups are made, and batches kept for them, on the pages of the projects. */
export function BatchOrder({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => studioOf(api), [api]);
  const { rows, fault, run } = useList(calls.batches);
  const move = (at: number, by: number) => {
    const names = (rows ?? []).map(({ name }) => name);
    const [name] = names.splice(at, 1);
    names.splice(at + by, 0, name);
    void run(() => calls.order(names));
  };
  const isOrdered = rows?.some(({ studioPriority }) => studioPriority !== undefined) ?? false;
  return (
    <>
      <p className="faint">Of equally urgent work the upper batch comes first. Groups are made on the people page of each project.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <div className="card idle"><p>No batch is waiting or in progress.</p></div> : (
        <table className="list">
          <thead><tr><th>Batch</th><th>Project</th><th>Done</th><th>For</th><th><span className="hidden">Order</span></th></tr></thead>
          <tbody>{rows.map((batch, i) => (
            <tr key={batch.id}>
              <td><b>{batch.name}</b><span className="under">{KINDS[batch.batchType] ?? batch.batchType}</span></td>
              <td><a href={linkTo("projects", batch.projectName, "people")}>{batch.projectName}</a></td>
              <td>{batch.completed.toLocaleString()} of {batch.total.toLocaleString()}</td>
              <td>{batch.groups.length === 0 ? "everybody" : batch.groups.join(", ")}</td>
              <td className="row-actions order-actions">
                <button aria-label={`Move ${batch.name} up`} disabled={i === 0} onClick={() => move(i, -1)}>↑</button>
                <button aria-label={`Move ${batch.name} down`} disabled={i === rows.length - 1} onClick={() => move(i, 1)}>↓</button>
              </td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {isOrdered && <span><button onClick={() => void run(() => calls.resetOrder())}>Back to the usual order</button></span>}
    </>
  );
}
