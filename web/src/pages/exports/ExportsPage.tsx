import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { isActive, tasksOf, type Export, type FilterBody } from "../../api/tasks.js";
import { momentOf, words } from "../manage/useList.js";
import { filterWords } from "../tasks/filter.js";
import { ExportState, useExports } from "./ExportState.js";
import { FORMATS } from "./formats.js";
import "./exports.css";

/** The exports of the account: how far they are, and their files, which are kept for some days. */
export function ExportsPage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => tasksOf(api), [api]);
  const [rows, setRows] = useState<readonly Export[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const load = useCallback((cursor: string | null) => calls.exports(cursor).then((page) => {
    setRows((before) => (cursor === null ? page.exports : [...(before ?? []), ...page.exports]));
    setNext(page.next);
    setFault("");
  }, (error: unknown) => setFault(words(error))), [calls]);
  useEffect(() => void load(null), [load]);
  const put = (one: Export) => setRows((before) => before?.map((row) => (row.id === one.id ? one : row)) ?? null);

  useExports(calls, rows?.filter(isActive).map(({ id }) => id).join(" ") ?? "", put);

  const stop = (one: Export) => void calls.stopExport(one.id).then(put, (error: unknown) => setFault(words(error)));
  const remove = (one: Export) => {
    if (window.confirm(`Remove ${one.name}? The tasks stay.`)) void calls.removeExport(one.id).then(() => load(null), (error: unknown) => setFault(words(error)));
  };
  return (
    <>
      <p className="faint">An export is made from the list of tasks, for what its filter shows or for what is chosen. Files are kept for seven days.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <p>There are no exports yet. <a href="#/tasks">Open the tasks</a></p> : (
        <div className="exports" tabIndex={0} role="region" aria-label="Exports">
          <table className="list">
            <thead><tr><th>File</th><th>Tasks</th><th>State</th><th>Begun</th><th><span className="hidden">Actions</span></th></tr></thead>
            <tbody>{rows.map((row) => <Row key={row.id} row={row} onStop={() => stop(row)} onRemove={() => remove(row)} />)}</tbody>
          </table>
        </div>
      )}
      {next !== null && <span><button onClick={() => void load(next)}>Show older ones</button></span>}
    </>
  );
}

function Row({ row, onStop, onRemove }: { row: Export; onStop: () => void; onRemove: () => void }): ReactElement {
  return (
    <tr>
      <td><b>{row.name}</b><br /><span className="faint">{FORMATS.find(({ format }) => format === row.format)?.name ?? row.format}</span></td>
      <td>{row.total.toLocaleString()}<br /><span className="faint">{row.filter === null ? "chosen one by one" : filterWords(filterOf(row.filter))}</span></td>
      <td><ExportState row={row} /></td>
      <td>{momentOf(row.created_at)}<br /><span className="faint">{row.created_by}</span></td>
      <td className="row-actions">
        {isActive(row) ? <button onClick={onStop}>Stop</button> : <button onClick={onRemove}>Remove</button>}
      </td>
    </tr>
  );
}

function filterOf(body: FilterBody): { readonly [name: string]: readonly string[] } {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? [value] : value]));
}
