import { useState, type ReactElement } from "react";
import type { Outcome } from "../../../api/imports.js";
import { sizeWords } from "../../exports/formats.js";
import { linkTo } from "../../route.js";
import type { ImportState } from "./useImport.js";

const WORDS: { readonly [outcome in Outcome]: string } = { created: "Task made", exists: "There already", refused: "Refused", ready: "Can be imported" };

/** What an import came to, or would come to, line by line; what was refused comes first. */
export function ImportResult({ state }: { state: ImportState }): ReactElement {
  const [all, setAll] = useState(false);
  const { isDry, isRunning, done, total, counts, lines, fault } = state;
  const refused = lines.filter(({ outcome }) => outcome === "refused"), others = lines.filter(({ outcome }) => outcome !== "refused");
  const shown = all ? [...refused, ...others].sort((a, b) => a.line - b.line) : refused;
  const shownOf = state.inBytes === true ? sizeWords : String;
  const parts = [
    counts.ready > 0 ? `${counts.ready} can be imported` : "", counts.created > 0 ? `${counts.created} ${counts.created === 1 ? "task" : "tasks"} made` : "",
    counts.exists > 0 ? `${counts.exists} there already` : "", counts.refused > 0 ? `${counts.refused} refused` : "",
  ].filter((part) => part !== "");
  return (
    <section className="import-result" aria-label="Result">
      {isRunning && <progress max={Math.max(1, total)} value={done} aria-label="Lines" />}
      <p className="form-fault" role="alert">{fault}</p>
      <p role="status"><b>{isDry ? "Dry run" : "Import"}{isRunning ? ` …, ${shownOf(done)} of ${shownOf(total)}` : ""}:</b> {parts.length === 0 ? (isRunning ? "" : "there was nothing to import") : parts.join(", ")}.{isDry && !isRunning && " Nothing was stored."}</p>
      {others.length > 0 && <label className="tick-line"><input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />Show the lines that are right, too</label>}
      {shown.length > 0 && (
        <table className="list import-lines">
          <thead><tr><th>Line</th><th>Result</th><th>Why</th><th><span className="hidden">Task</span></th></tr></thead>
          <tbody>
            {shown.slice(0, 500).map(({ line, outcome, message, task_id: task, unique_id: unique }) => (
              <tr key={line} className={outcome}>
                <td>{line}</td><td>{WORDS[outcome]}</td><td>{message}{unique !== undefined && <span className="faint"> {unique}</span>}</td>
                <td className="row-actions">{task !== undefined && <a href={linkTo("task", task)}>Open</a>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
