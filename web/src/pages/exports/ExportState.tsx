import { useEffect, useState, type ReactElement } from "react";
import { isActive, type Export, type TaskCalls } from "../../api/tasks.js";
import { copyText } from "../../ui/copy.js";
import { Icon } from "../../ui/Icon.js";
import { words } from "../manage/useList.js";
import { Progress } from "../tasks/ChangeList.js";
import { count } from "../tasks/actions.js";
import { sizeWords } from "./formats.js";
import "./exports.css";

const LOOK_AGAIN = 1000;

/** Looks after exports that are being made, by their ids with blanks between them. */
export function useExports(calls: TaskCalls, active: string, onNews: (news: Export) => void): void {
  useEffect(() => {
    if (active === "") return undefined;
    const timer = setInterval(() => active.split(" ").forEach((id) => void calls.exported(id).then(onNews, () => undefined)), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [calls, active]);
}

/** Progress while it is made, then the file. Browsers resume a broken download by themselves; for scripts there is a line to copy. */
export function ExportState({ row }: { row: Export }): ReactElement {
  const [said, setSaid] = useState("");
  if (isActive(row)) return <span className="export-state"><Progress name={row.name} state={row.state} done={row.done} total={row.total} /><span className="faint small">{sizeWords(row.bytes)} so far</span></span>;
  if (row.state !== "done" || row.url === null) return <span className={row.state === "failed" ? "form-fault" : "faint"}>{row.state === "failed" ? row.error ?? "It failed." : row.state === "canceled" ? "Stopped" : "The file is no longer kept."}</span>;
  const address = new URL(row.url, window.location.origin).href;
  const line = `curl -fL -C - -o '${row.name}' -u "$VERNIER_KEY:" '${address}'`;
  return (
    <span className="export-state">
      <a className="button primary" href={row.url} download={row.name}>Download</a>
      <span className="faint">{sizeWords(row.size ?? row.bytes)}</span>
      <button className="link" title={line} onClick={() => void copyText(line).then((done) => setSaid(done ? "Copied." : line))}>Copy for scripts</button>
      <span className="faint" role="status">{said}</span>
    </span>
  );
}

/** An export that was just begun, on the page it was begun from. */
export function ExportCard({ calls, begun, onClose }: { calls: TaskCalls; begun: Export; onClose: () => void }): ReactElement {
  const [row, setRow] = useState(begun);
  const [fault, setFault] = useState("");
  useExports(calls, isActive(row) ? row.id : "", setRow);
  return (
    <div className="change" role="group" aria-label="Export">
      <span className="change-words"><b>Export of {count(row.total)}</b> <span className="faint">{row.name}, also under <a href="#/exports">Exports</a></span></span>
      <ExportState row={row} />
      {isActive(row) && <button onClick={() => void calls.stopExport(row.id).then(setRow, (error: unknown) => setFault(words(error)))}>Stop</button>}
      {fault !== "" && <span className="form-fault" role="alert">{fault}</span>}
      <button className="quiet square" aria-label="Put away" onClick={onClose}><Icon name="close" size={16} /></button>
    </div>
  );
}
