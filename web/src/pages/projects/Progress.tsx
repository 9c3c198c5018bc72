import type { ReactElement } from "react";
import type { Counts } from "../../api/projects.js";

/** How many of a project's or batch's tasks are done, as a bar and in figures. */
export function Progress({ counts: { pending, completed, canceled, error } }: { counts: Counts }): ReactElement {
  const all = pending + completed + error;
  if (all === 0) return <p className="faint">{canceled > 0 ? `All ${canceled.toLocaleString()} tasks were called off` : "No tasks yet"}</p>;
  // Nearly done is not done: only all of them are 100 percent.
  const percent = completed === all ? 100 : Math.min(99, Math.round((completed / all) * 100));
  return (
    <div className="progress">
      <span className="progress-bar" aria-hidden="true"><i style={{ width: `${(completed / all) * 100}%` }} /><i className="bad" style={{ width: `${(error / all) * 100}%` }} /></span>
      <span><b>{percent} %</b> <span className="faint">{completed.toLocaleString()} of {all.toLocaleString()} done{error > 0 ? `, ${error.toLocaleString()} failed` : ""}</span></span>
    </div>
  );
}
