import { useCallback, useEffect, useMemo, useState, type FormEvent, type ReactElement } from "react";
import { batchesOf, KINDS, type Batch, type BatchChange, type BatchKind } from "../../../api/batches.js";
import { LEADS } from "../../manage/roles.js";
import { momentOf, words } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import type { TabProps } from "../tabs.js";
import { CalibrationPart } from "./CalibrationPart.js";
import { LaunchDialog } from "./LaunchDialog.js";
import { PrioritySelect } from "./PrioritySelect.js";
import { Progress } from "./Progress.js";
import { lookAgain } from "./useBatches.js";
import { KIND_WORDS, standing } from "./words.js";

/** One batch: how far it is, what can be done with it, and its settings. */
export function BatchPage({ api, user, project, name, onChanged }: TabProps & { name: string }): ReactElement {
  const calls = useMemo(() => batchesOf(api), [api]);
  const [batch, setBatch] = useState<Batch | null>(null);
  const [fault, setFault] = useState("");
  const [launching, setLaunching] = useState(false);
  const load = useCallback(() => calls.one(name).then((found) => { setBatch(found); setFault(""); }, (error: unknown) => setFault(words(error))), [calls, name]);
  useEffect(() => void load(), [load]);
  const isBusy = batch?.status === "in_progress";
  useEffect(() => (isBusy ? lookAgain(() => void load()) : undefined), [isBusy, load]);
  const change = async (what: BatchChange) => {
    setFault("");
    try {
      setBatch(await calls.change(name, what));
      onChanged();
      return true;
    } catch (error) {
      setFault(words(error));
      return false;
    }
  };
  if (batch === null) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <p className="form-fault" role="alert">{fault}</p>;
  const tasks = `${linkTo("projects", project.name, "tasks")}?batch=${encodeURIComponent(name)}`;
  return (
    <>
      <div className="section-head">
        <h2><a href={linkTo("projects", project.name, "batches")}>Batches</a> <span aria-hidden="true">›</span> {batch.name}</h2>
        <div className="actions">
          {batch.takes_tasks && <a className="button" href={`${linkTo("projects", project.name, "new-tasks")}?batch=${encodeURIComponent(name)}`}>Add tasks</a>}
          <a className="button" href={tasks}>Show tasks</a>
          {batch.status === "staging" && <button className="primary" onClick={() => setLaunching(true)}>Launch</button>}
          {batch.status === "in_progress" && <button onClick={() => void change({ paused: !batch.paused })}>{batch.paused ? "Resume" : "Pause"}</button>}
          <button onClick={() => void change({ archived: !batch.archived })}>{batch.archived ? "Take back" : "Put away"}</button>
        </div>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      <section className="card setup-part batch-facts">
        <p><b>{standing(batch)}</b>{batch.archived && ", put away"}. {KIND_WORDS[batch.kind].name}: {batch.meaning}{batch.paused && " Nobody is given new work of it; what somebody has begun can be finished."}</p>
        <Progress counts={batch.counts} />
        <p className="faint">Made {momentOf(batch.created_at)}{batch.completed_at !== undefined && `, completed ${momentOf(batch.completed_at)}`}.</p>
      </section>
      {batch.kind === "calibration" && <CalibrationPart api={api} project={project.name} name={name} mayChange={LEADS.includes(user.role)} />}
      <Settings key={batch.id} batch={batch} onSave={change} />
      {launching && <LaunchDialog batch={batch} launch={(confirmed) => calls.launch(name, confirmed)} onClose={() => setLaunching(false)} onLaunched={() => { setLaunching(false); void load(); onChanged(); }} />}
    </>
  );
}

function Settings({ batch, onSave }: { batch: Batch; onSave: (change: BatchChange) => Promise<boolean> }): ReactElement {
  const [priority, setPriority] = useState<number | null>(batch.priority ?? null);
  const [callback, setCallback] = useState(batch.callback ?? "");
  const [kind, setKind] = useState<BatchKind>(batch.kind);
  const [saved, setSaved] = useState(false);
  const change: BatchChange = {
    ...(priority !== null && priority !== batch.priority ? { priority } : {}),
    ...(callback.trim() !== (batch.callback ?? "") ? { callback: callback.trim() } : {}),
    ...(kind !== batch.kind ? { kind } : {}),
  };
  const isChanged = Object.keys(change).length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave(change).then(setSaved);
  };
  return (
    <section className="card setup-part" aria-label="Settings of the batch">
      <h2>Settings</h2>
      <form className="line-form" onSubmit={submit} onChange={() => setSaved(false)}>
        <label>Priority<PrioritySelect value={priority} onChange={setPriority} /></label>
        <label>Tell its end to<input value={callback} placeholder="URL or e-mail address" onChange={(event) => setCallback(event.target.value)} /></label>
        {batch.status === "staging" && (
          <label>Kind
            <select value={kind} onChange={(event) => setKind(event.target.value as BatchKind)}>
              {KINDS.map((word) => <option key={word} value={word}>{KIND_WORDS[word].name}</option>)}
            </select>
          </label>
        )}
        <button disabled={!isChanged}>Save</button>
        <span role="status" className="faint">{saved && !isChanged ? "Saved." : ""}</span>
      </form>
    </section>
  );
}
