import { useEffect, useId, useState, type FormEvent, type ReactElement } from "react";
import type { BulkChange, BulkOrder, TaskCalls, Target } from "../../api/tasks.js";
import { Dialog } from "../../ui/Dialog.js";
import { words } from "../manage/useList.js";
import { count, type ActionText } from "./actions.js";

interface Props {
  readonly calls: TaskCalls;
  readonly text: ActionText;
  readonly target: Target;
  /** How many tasks that is; null where it is not known. */
  readonly total: number | null;
  /** What the tasks are, where they are not chosen one by one. */
  readonly which: string;
  /** The project they are all of, where that is known. */
  readonly project: string | null;
  readonly onStarted: (change: BulkChange) => void;
  readonly onClose: () => void;
}

/** Says what is about to happen to many tasks, asks for what it needs, and begins it. */
export function BulkDialog({ calls, text, target, total, which, project, onStarted, onClose }: Props): ReactElement {
  const [order, setOrder] = useState<BulkOrder | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ready = order ?? startingOrder(text);
    if (ready === null) return;
    setBusy(true);
    calls.change(ready, target).then(onStarted, (error: unknown) => { setBusy(false); setFault(words(error)); });
  };
  const ready = order ?? startingOrder(text);
  return (
    <Dialog title={`${text.name}: ${total === null ? which : count(total)}`} onClose={onClose}>
      <form className="bulk-form" onSubmit={submit}>
        {"filter" in target && <p>This is for {which}. Tasks that are created after the start are left alone, and so are tasks that do not match any more when their turn comes.</p>}
        <p className="faint">{text.what}{text.lasting ? " This cannot be undone." : " It can be undone afterwards."}</p>
        <Fields calls={calls} text={text} project={project} onOrder={setOrder} />
        <p className="form-fault" role="alert">{fault}</p>
        <div className="actions">
          <button className="primary" disabled={busy || ready === null}>{text.name}</button>
          <button type="button" onClick={onClose}>Leave it</button>
        </div>
      </form>
    </Dialog>
  );
}

/** What can be sent without any further word. */
function startingOrder({ action }: ActionText): BulkOrder | null {
  return action === "cancel" || action === "redo" ? { action } : action === "priority" ? { action, priority: 30 } : null;
}

interface FieldProps {
  readonly calls: TaskCalls;
  readonly text: ActionText;
  readonly project: string | null;
  readonly onOrder: (order: BulkOrder | null) => void;
}

function Fields({ calls, text: { action }, project, onOrder }: FieldProps): ReactElement | null {
  switch (action) {
    case "priority": return (
      <label className="line">Priority
        <select data-first defaultValue="30" onChange={(event) => onOrder({ action, priority: event.target.value === "" ? null : Number(event.target.value) })}>
          <option value="30">30, before all others</option><option value="20">20</option><option value="10">10</option><option value="">none</option>
        </select>
      </label>
    );
    case "add_tags":
    case "remove_tags": return <Tags calls={calls} onTags={(tags) => onOrder(tags.length === 0 ? null : { action, tags })} />;
    case "move": return <Batches calls={calls} project={project} onBatch={(batch) => onOrder(batch === "" ? null : { action, batch })} />;
    case "redo": return <label className="line">What is to be done better<textarea data-first rows={3} placeholder="Shown to whoever does it again" onChange={(event) => onOrder({ action, ...(event.target.value.trim() === "" ? {} : { comment: event.target.value.trim() }) })} /></label>;
    case "cancel": return <label className="tick"><input data-first type="checkbox" onChange={(event) => onOrder({ action, clear_unique_id: event.target.checked })} />Their unique ids may be used again</label>;
  }
}

function Tags({ calls, onTags }: { calls: TaskCalls; onTags: (tags: readonly string[]) => void }): ReactElement {
  const [text, setText] = useState("");
  const [known, setKnown] = useState<readonly string[]>([]);
  const id = useId(), begins = text.lastIndexOf(",") + 1, head = text.slice(0, begins), last = text.slice(begins).trim();
  useEffect(() => {
    let current = true;
    calls.tags(last).then((tags) => { if (current) setKnown(tags); }, () => undefined);
    return () => { current = false; };
  }, [calls, last]);
  const change = (next: string) => {
    setText(next);
    onTags([...new Set(next.split(",").map((tag) => tag.trim()).filter((tag) => tag !== ""))]);
  };
  return (
    <>
      <label className="line">Tags, with commas between them<input data-first value={text} list={id} autoComplete="off" onChange={(event) => change(event.target.value)} /></label>
      <datalist id={id}>{known.map((tag) => <option key={tag} value={head === "" ? tag : `${head} ${tag}`} />)}</datalist>
    </>
  );
}

function Batches({ calls, project, onBatch }: { calls: TaskCalls; project: string | null; onBatch: (batch: string) => void }): ReactElement {
  const [names, setNames] = useState<readonly string[] | null>(null);
  useEffect(() => { if (project !== null) calls.batchNames(project, "staging").then(setNames, () => setNames([])); }, [calls, project]);
  if (project === null) return <p>Tasks move within one project: filter the list by a project first.</p>;
  if (names !== null && names.length === 0) return <p>The project {project} has no batch that is not launched yet.</p>;
  return (
    <label className="line">Batch
      <select data-first defaultValue="" onChange={(event) => onBatch(event.target.value)}>
        <option value="" disabled>{names === null ? "Loading…" : "Choose a batch"}</option>
        {names?.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}
