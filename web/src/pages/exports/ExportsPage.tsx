import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { isActive, tasksOf, type Export, type FilterBody } from "../../api/tasks.js";
import { copyText } from "../../ui/copy.js";
import { momentOf, words } from "../manage/useList.js";
import { Progress } from "../tasks/ChangeList.js";
import { filterWords } from "../tasks/filter.js";
import { FORMATS, sizeWords } from "./formats.js";
import "./exports.css";

const LOOK_AGAIN = 1000;

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

  const active = rows?.filter(isActive).map(({ id }) => id).join(" ") ?? "";
  useEffect(() => {
    if (active === "") return undefined;
    const timer = setInterval(() => active.split(" ").forEach((id) => void calls.exported(id).then(put, () => undefined)), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [calls, active]);

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

/** Progress while it is made, then the file. Browsers resume a broken download by themselves; for scripts there is a line to copy. */
export function ExportState({ row }: { row: Export }): ReactElement {
  const [said, setSaid] = useState("");
  if (isActive(row)) return <><Progress name={row.name} state={row.state} done={row.done} total={row.total} /><span className="faint small">{sizeWords(row.bytes)} so far</span></>;
  if (row.state !== "done" || row.url === null) return <span className={row.state === "failed" ? "form-fault" : "faint"}>{row.state === "failed" ? row.error ?? "It failed." : row.state === "canceled" ? "Stopped" : "The file is no longer kept."}</span>;
  const address = new URL(row.url, window.location.origin).href;
  const line = `curl -fL -C - -o '${row.name}' -u "$VERNIER_KEY:" '${address}'`;
  return (
    <span className="actions">
      <a className="button primary" href={row.url} download={row.name}>Download</a>
      <span className="faint">{sizeWords(row.size ?? row.bytes)}</span>
      <button className="link" title={line} onClick={() => void copyText(line).then((done) => setSaid(done ? "Copied." : line))}>Copy for scripts</button>
      <span className="faint" role="status">{said}</span>
    </span>
  );
}

function filterOf(body: FilterBody): { readonly [name: string]: readonly string[] } {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value === "string" ? [value] : value]));
}
