import { useEffect, useState, type ReactElement } from "react";
import type { OneTaskCalls, StepEntry, TaskView, TaskWork } from "../../api/tasks.js";
import type { DraftCollections } from "../../model/document.js";
import { momentOf, words } from "../manage/useList.js";
import { Shown } from "./DataTab.js";

/** So long the slider rests on a step before its state is fetched, in milliseconds. */
const REST = 120;
const EMPTY: DraftCollections = {};

interface Props {
  readonly view: TaskView;
  readonly calls: OneTaskCalls;
  readonly onReload: () => Promise<void>;
}

/** How the labels came about: any step of anybody's work on the task. */
export function Playback({ view, calls, onReload }: Props): ReactElement | null {
  const works = view.work.filter(({ revision }) => revision > 0);
  const [work, setWork] = useState<TaskWork | null>(null);
  if (works.length === 0) return null;
  const shown = works.find(({ id }) => id === work?.id) ?? null;
  return (
    <section className="part-section" aria-labelledby="steps-title">
      <h2 id="steps-title">Step by step</h2>
      <div className="actions" role="group" aria-label="Whose work">
        {works.map((item) => (
          <button key={item.id} className="filter-chip" aria-pressed={item.id === shown?.id} onClick={() => setWork(item.id === shown?.id ? null : item)}>
            {item.submitted_by?.name ?? item.holder?.name ?? "Somebody"}, {item.kind}{item.attempt > 1 ? ` ${item.attempt}` : ""}, {item.revision.toLocaleString()} {item.revision === 1 ? "step" : "steps"}
          </button>
        ))}
      </div>
      {shown !== null && <Slider key={shown.id} work={shown} view={view} calls={calls} onReload={onReload} />}
    </section>
  );
}

function Slider({ work, view, calls, onReload }: Props & { readonly work: TaskWork }): ReactElement {
  const [at, setAt] = useState(work.revision);
  const [steps, setSteps] = useState<readonly StepEntry[]>([]);
  const [collections, setCollections] = useState<DraftCollections | null>(null);
  const [fault, setFault] = useState("");
  useEffect(() => {
    let current = true;
    const load = async (cursor: string | null): Promise<void> => {
      const { docs, next } = await calls.steps(work.id, cursor);
      if (!current) return undefined;
      setSteps((before) => [...before, ...docs]);
      return next === undefined ? undefined : load(next);
    };
    // The words beside the slider are an aid; the states come without them.
    load(null).catch(() => undefined);
    return () => { current = false; };
  }, [calls, work.id]);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => void calls.revision(work.id, at).then((state) => {
      if (!current) return;
      setCollections(state.collections ?? EMPTY);
      setFault("");
    }, (error: unknown) => { if (current) setFault(words(error)); }), REST);
    return () => { current = false; clearTimeout(timer); };
  }, [calls, work.id, at]);
  const step = steps.find(({ revision }) => revision === at);
  const said = at === 0 ? "How it began" : step === undefined ? `Step ${at}` : `${momentOf(step.at)}: ${step.actor.name} ${step.mark === "edit" ? "" : step.mark === "undo" ? "took back: " : "did again: "}${step.words}`;
  return (
    <>
      <div className="playback">
        <button aria-label="One step back" disabled={at === 0} onClick={() => setAt(at - 1)}>‹</button>
        <input type="range" aria-label="Step" aria-valuetext={`${at} of ${work.revision}. ${said}`} min={0} max={work.revision} value={at} onChange={(event) => setAt(Number(event.target.value))} />
        <button aria-label="One step on" disabled={at === work.revision} onClick={() => setAt(at + 1)}>›</button>
        <span className="playback-count">{at.toLocaleString()} of {work.revision.toLocaleString()}</span>
      </div>
      <p className="faint" role="status">{said}</p>
      <p className="form-fault" role="alert">{fault}</p>
      {collections !== null && <Shown view={view} collections={collections} onReload={onReload} />}
    </>
  );
}
