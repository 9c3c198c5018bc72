import type { ReactElement } from "react";
import type { Json } from "../../model/json.js";
import { JsonTree } from "../../ui/JsonTree.js";
import { sizeWords } from "../exports/formats.js";
import { momentOf } from "../manage/useList.js";
import { fileWords } from "./fileWords.js";
import type { TaskTabProps } from "./TaskPage.js";
import { Scroll } from "./WorkTab.js";

const STATES = { waiting: "being fetched", ready: "there", failed: "failed" };

/** What was sent: files, parameters, metadata, and the whole task as the API answers it. */
export function DetailsTab({ view: { task, attachments, params_text: params } }: TaskTabProps): ReactElement {
  const { response: _, ...others } = task;
  return (
    <>
      <section className="part-section" aria-labelledby="files-title">
        <h2 id="files-title">Attachments</h2>
        {attachments.length === 0 ? <p className="faint">This task has no files.</p> : (
          <Scroll name="Table of attachments">
            <table className="list">
              <thead><tr><th>Where</th><th>Sent as</th><th>State</th><th>Kind</th><th>Size</th></tr></thead>
              <tbody>
                {attachments.map((file) => (
                  <tr key={file.position}>
                    <td><code>{file.path}</code></td>
                    <td className="address">{file.source_url}{file.final_url !== undefined && <div className="faint">led to {file.final_url}</div>}{file.sha256 !== undefined && <div className="faint">SHA-256 <code>{file.sha256}</code></div>}</td>
                    <td>{STATES[file.state]}{(file.state === "failed" || file.error !== undefined) && <span className="form-fault"> {file.error ?? (file.status_code === undefined ? "" : `the address answered with status ${file.status_code}`)}</span>}{file.fetched_at !== undefined && <><br /><span className="faint">{momentOf(file.fetched_at)}</span></>}</td>
                    <td>{file.mime_type ?? ""}{typeof file.width === "number" && typeof file.height === "number" && <><br /><span className="faint">{file.width} × {file.height}</span></>}{fileWords(file).map((words) => <div key={words} className="faint">{words}</div>)}</td>
                    <td>{file.url === undefined ? "" : <a href={file.original_url ?? file.url} target="_blank" rel="noopener">{sizeWords(file.size ?? 0)}</a>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </section>
      <section className="part-section" aria-labelledby="params-title">
        <h2 id="params-title">Parameters</h2>
        <div className="card"><JsonTree name="Parameters" value={task.params as Json} text={params} file={`${task.task_id}.params.json`} /></div>
      </section>
      <section className="part-section" aria-labelledby="task-title">
        <h2 id="task-title">Task, without parameters and response</h2>
        <div className="card"><JsonTree name="Task" value={Object.fromEntries(Object.entries(others).filter(([name]) => name !== "params"))} file={`${task.task_id}.json`} /></div>
      </section>
    </>
  );
}
