import { useEffect, useState, type ReactElement } from "react";
import type { HistoryEntry, OneTaskCalls, TaskState, TaskView } from "../../api/tasks.js";
import type { Json } from "../../model/json.js";
import { Dialog } from "../../ui/Dialog.js";
import { JsonTree } from "../../ui/JsonTree.js";
import { momentOf, words } from "../manage/useList.js";
import { StatusMark } from "../tasks/status.js";
import { Shown } from "./DataTab.js";
import { Playback } from "./Playback.js";
import type { TaskTabProps } from "./TaskPage.js";

/** Everything that happened to the task, the newest first, and how it stood at any of these moments. */
export function HistoryTab({ view, calls, onReload }: TaskTabProps): ReactElement {
  const [entries, setEntries] = useState<readonly HistoryEntry[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const [chosen, setChosen] = useState<HistoryEntry | null>(null);
  const load = (cursor: string | null) => void calls.history(cursor).then(({ docs, next: more }) => {
    setEntries((before) => (cursor === null ? docs : [...(before ?? []), ...docs]));
    setNext(more ?? null);
  }, (error: unknown) => setFault(words(error)));
  useEffect(() => load(null), [view]);
  return (
    <>
      <Playback view={view} calls={calls} onReload={onReload} />
      <p className="form-fault" role="alert">{fault}</p>
      {entries === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <section className="part-section" aria-labelledby="events-title">
          <h2 id="events-title">What happened</h2>
          <p><a href={`/api/tasks/${view.task.task_id}/proof`} download={`${view.task.task_id}.proof.json`}>Download the proof</a> <span className="faint">that the log and the task's answers, files and deliveries are as they were sealed; <code>vernier verify FILE</code> checks it.</span></p>
          <ol className="history">
            {entries.map((entry) => (
              <li key={entry.id}>
                <time dateTime={entry.at} className="faint">{momentOf(entry.at)}</time>
                <span className="history-words"><b>{entry.actor.name}</b> {entry.words}{entry.status !== undefined && <> <StatusMark status={entry.status} /></>}
                  {entry.detail.length > 0 && <ul className="faint small">{entry.detail.map((line, i) => <li key={i}>{line}</li>)}</ul>}
                </span>
                <button className="quiet" aria-label={`The task after: ${entry.words}, ${momentOf(entry.at)}`} onClick={() => setChosen(entry)}>State then</button>
              </li>
            ))}
          </ol>
          {next !== null && <span><button onClick={() => load(next)}>Show what happened before</button></span>}
        </section>
      )}
      {chosen !== null && <StateThen key={chosen.id} entry={chosen} view={view} calls={calls} onReload={onReload} onClose={() => setChosen(null)} />}
    </>
  );
}

interface ThenProps {
  readonly entry: HistoryEntry;
  readonly view: TaskView;
  readonly calls: OneTaskCalls;
  readonly onReload: () => Promise<void>;
  readonly onClose: () => void;
}

/** The task as it stood right after an event. */
function StateThen({ entry, view, calls, onReload, onClose }: ThenProps): ReactElement {
  const [state, setState] = useState<TaskState | null>(null);
  const [fault, setFault] = useState("");
  useEffect(() => void calls.stateAt(entry.id).then(setState, (error: unknown) => setFault(words(error))), [calls, entry]);
  return (
    <Dialog title={`The task at ${momentOf(entry.at)}`} look="state-then" onClose={onClose}>
      <p>After {entry.actor.name} {entry.words}.</p>
      <p className="form-fault" role="alert">{fault}</p>
      {state === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <>
          {state.collections === undefined ? <p className="faint">Nothing was drawn yet.</p> : <Shown view={view} collections={state.collections} onReload={onReload} />}
          {state.task !== undefined && <JsonTree name="The task then" value={state.task as Json} file={`${view.task.task_id}.then.json`} />}
        </>
      )}
      <div className="actions"><button className="primary" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}
