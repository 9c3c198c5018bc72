import type { ReactElement } from "react";
import type { WorkAttachment } from "../../api/types.js";
import type { TaskAttachment, TaskView } from "../../api/tasks.js";
import type { DraftCollections } from "../../model/document.js";
import { isObject } from "../../model/json.js";
import { tools } from "../../shapes/index.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { Markdown } from "../../ui/Markdown.js";
import { LabelView } from "../view/LabelView.js";
import { textOf } from "./facts.js";
import type { TaskTabProps } from "./TaskPage.js";

const SOURCES = { response: "Shown is the answer as it was; the task is worked on again.", draft: "Shown is the unfinished work as it is now.", hypothesis: "Shown is what was sent along with the task; nobody has worked on it yet." };
const NO_LABELS: DraftCollections = {};

/** The data of a task with its labels, and the instruction that they follow. */
export function DataTab({ view, onReload }: TaskTabProps): ReactElement {
  const { document, task } = view, error = textOf(isObject(task.response) ? task.response.error : undefined);
  const instruction = textOf(task.instruction);
  return (
    <>
      {task.status === "error" && <p className="card notice" role="note">{error ?? "This task failed before anybody could work on it."} The attachments under Details tell more.</p>}
      {view.attachments.map(({ path, state, error: found }) => state === "ready" && found !== undefined && <p key={path} className="card notice" role="note">The file under “{path}” turned out to be damaged when work had begun: {found}</p>)}
      {document !== null && task.status === "pending" && Object.values(document.collections).some((objects) => Object.keys(objects).length > 0) && <p className="faint">{SOURCES[document.source]}</p>}
      <Shown view={view} collections={document?.collections ?? NO_LABELS} onReload={onReload} />
      {instruction !== null && <details className="card part-fold"><summary>Instruction</summary><div className="prose"><Markdown text={instruction} /></div></details>}
    </>
  );
}

/** Labels on the picture where there is one to draw on; otherwise the files as they are. */
export function Shown({ view, collections, onReload }: { view: TaskView; collections: DraftCollections; onReload: () => Promise<void> }): ReactElement {
  const pictures = view.attachments.flatMap(fetched), main = pictures.find(({ path }) => !path.startsWith("context_attachments["));
  const taxonomy = readTaxonomy(view.editor_params ?? view.params, { isLegacy: isObject(view.editor_params) });
  const drawable = view.editor === "image" && tools.some(({ draws }) => draws !== null && taxonomy.geometries[draws] !== undefined);
  if (main === undefined) return <p className="card idle">{view.attachments.some(({ state }) => state === "waiting") ? "The files of this task are being fetched." : "This task has no file that can be shown here."}</p>;
  if (!drawable) return <Files files={pictures} />;
  return (
    <LabelView
      task={view.task.task_id} params={view.params} editorParams={view.editor_params ?? null} attachment={main} collections={collections}
      context={pictures.filter(({ path }) => path.startsWith("context_attachments["))} project={textOf(view.task.project)} onRenew={onReload}
    />
  );
}

function Files({ files }: { files: readonly WorkAttachment[] }): ReactElement {
  return (
    <ul className="task-files">
      {files.map(({ path, url, thumbnail, mime_type: kind }) => (
        <li key={path} className="card">
          {kind.startsWith("image/") && <a href={url} target="_blank" rel="noopener"><img src={thumbnail ?? url} alt={`The file of ${path}`} loading="lazy" /></a>}
          <a href={url} target="_blank" rel="noopener">Open the file</a> <span className="faint">{path}, {kind}</span>
        </li>
      ))}
    </ul>
  );
}

function fetched({ url, path, mime_type: kind, thumbnail = null, width = null, height = null, size = 0, tiles = null }: TaskAttachment): WorkAttachment[] {
  return url === undefined || kind === undefined ? [] : [{ path, url, thumbnail, mime_type: kind, width, height, size, tiles }];
}
