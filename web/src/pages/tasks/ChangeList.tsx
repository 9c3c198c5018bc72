import { useEffect, useState, type ReactElement } from "react";
import { isActive, type BulkChange, type BulkResult, type Outcome, type TaskCalls } from "../../api/tasks.js";
import { Dialog } from "../../ui/Dialog.js";
import { Icon } from "../../ui/Icon.js";
import { words } from "../manage/useList.js";
import { progressWords } from "./actions.js";
import type { BulkChanges } from "./useBulkChanges.js";

/** The changes of many tasks that are under way or just over: progress, what came of them, and the way back. */
export function ChangeList({ calls, changes }: { calls: TaskCalls; changes: BulkChanges }): ReactElement {
  const [shown, setShown] = useState<BulkChange | null>(null);
  return (
    <>
      <p className="form-fault" role="alert">{changes.fault}</p>
      <ul className="changes" aria-live="polite" aria-label="Changes of many tasks">
        {changes.list.map((change) => (
          <li key={change.id} className="change">
            <Progress name={change.words} state={change.state} done={change.done} total={change.total} />
            <span className="change-words"><b>{change.words}</b>{change.error !== null && <span className="form-fault"> {change.error}</span>}</span>
            <span className="actions">
              {isActive(change) && <button onClick={() => changes.stop(change)}>Stop</button>}
              {!isActive(change) && change.undoable && change.undone_by === null && <button onClick={() => changes.undo(change)}>Undo</button>}
              {!isActive(change) && <button onClick={() => setShown(change)}>What happened</button>}
              {!isActive(change) && <button className="quiet square" aria-label="Put away" onClick={() => changes.dismiss(change)}><Icon name="close" size={16} /></button>}
            </span>
          </li>
        ))}
      </ul>
      {shown !== null && <Results calls={calls} change={shown} onClose={() => setShown(null)} />}
    </>
  );
}

export function Progress({ name, state, done, total }: { name: string; state: BulkChange["state"]; done: number; total: number }): ReactElement {
  const words = progressWords({ state, done, total });
  return (
    <span className="change-progress">
      <progress aria-label={name} max={Math.max(1, total)} {...(state === "waiting" ? {} : { value: state === "done" ? Math.max(1, total) : done })} />
      <span>{words}</span>
    </span>
  );
}

const OUTCOMES: readonly (readonly [Outcome, string])[] = [["refused", "Refused"], ["changed", "Changed"], ["unchanged", "Were so already"]];

/** What came of a change, task by task, in words. */
function Results({ calls, change, onClose }: { calls: TaskCalls; change: BulkChange; onClose: () => void }): ReactElement {
  const [outcome, setOutcome] = useState<Outcome>(change.refused > 0 ? "refused" : "changed");
  const [rows, setRows] = useState<readonly BulkResult[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const load = (cursor: string | null) => void calls.results(change.id, outcome, cursor).then((page) => {
    setRows((before) => (cursor === null ? page.results : [...before, ...page.results]));
    setNext(page.next);
  }, (error: unknown) => setFault(words(error)));
  useEffect(() => { setRows([]); load(null); }, [outcome]);
  return (
    <Dialog title="What happened" wide onClose={onClose}>
      <p>{change.words}</p>
      <div className="segments-open" role="group" aria-label="Outcome">
        {OUTCOMES.map(([id, name]) => <button key={id} className="filter-chip" aria-pressed={id === outcome} onClick={() => setOutcome(id)}>{name} {change[id].toLocaleString()}</button>)}
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <ul className="result-list" tabIndex={0} aria-label="Tasks">
        {rows.map(({ task_id: id, words: said }) => <li key={id}><a href={`#/task/${id}`} onClick={onClose}>{id}</a> {said}</li>)}
        {rows.length === 0 && <li className="faint">None.</li>}
        {next !== null && <li><button onClick={() => load(next)}>More</button></li>}
      </ul>
      <div className="actions"><button className="primary" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}
