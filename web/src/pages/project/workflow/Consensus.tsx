import { useEffect, useMemo, useState, type ReactElement } from "react";
import { reviewsOf, type Workflow } from "../../../api/reviews.js";
import { LEADS } from "../../manage/roles.js";
import { words } from "../../manage/useList.js";
import type { TabProps } from "../tabs.js";

const MOST = 10;

/** Whether several people answer each task, and what becomes of their answers. */
export function Consensus({ api, user, project }: TabProps): ReactElement {
  const calls = useMemo(() => reviewsOf(api), [api]);
  const [saved, setSaved] = useState<Workflow | null>(null);
  const [attempts, setAttempts] = useState(1);
  const [auto, setAuto] = useState(false);
  const [percent, setPercent] = useState("90");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState({ text: "", bad: false });
  const take = (workflow: Workflow) => {
    setSaved(workflow);
    setAttempts(workflow.consensus_attempts);
    setAuto(workflow.consensus_auto);
    setPercent(String(Math.round(workflow.consensus_threshold * 100)));
  };
  const load = () => void calls.workflow(project.name).then((found) => { take(found); setSaid({ text: "", bad: false }); }, (error: unknown) => setSaid({ text: words(error), bad: true }));
  useEffect(load, [calls, project.name]);
  const threshold = Number(percent) / 100, isRight = percent.trim() !== "" && threshold >= 0 && threshold <= 1;
  const isSame = saved !== null && attempts === saved.consensus_attempts && auto === saved.consensus_auto && (attempts === 1 || !auto || Math.abs(threshold - saved.consensus_threshold) < 0.001);
  const save = () => {
    if (!isRight) return setSaid({ text: "The agreement lies between 0 and 100 %.", bad: true });
    setBusy(true);
    calls.setWorkflow(project.name, { consensus_attempts: attempts, consensus_auto: auto, consensus_threshold: threshold }).then(
      (workflow) => { take(workflow); setSaid({ text: "Saved. It holds for tasks that are launched from now on.", bad: false }); },
      (error: unknown) => setSaid({ text: words(error), bad: true }),
    ).finally(() => setBusy(false));
  };
  const mayWrite = LEADS.includes(user.role);
  return (
    <section aria-labelledby="consensus-title">
      <h2 id="consensus-title">Consensus</h2>
      <p className="faint">Several people answer each task unseen of each other; then their answers are put together and somebody else settles what they differ in. Costs as many times the work; tells how clear the instruction is. Batches that the team labels itself are answered once.</p>
      {saved === null ? said.text === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <fieldset className="level-choices" disabled={!mayWrite}>
          <legend className="hidden">How many people answer each task</legend>
          <label className="consensus-line">Answers to each task
            <select value={attempts} onChange={(event) => setAttempts(Number(event.target.value))}>
              {Array.from({ length: MOST }, (_, i) => <option key={i} value={i + 1}>{i === 0 ? "one (no consensus)" : i + 1}</option>)}
            </select>
          </label>
          {attempts > 1 && <>
            <label className="consensus-line"><input type="checkbox" checked={auto} onChange={(event) => setAuto(event.target.checked)} /> Answers that agree need no merge</label>
            {auto && <label className="consensus-line">from an agreement of <input type="number" min={0} max={100} value={percent} onChange={(event) => setPercent(event.target.value)} /> %</label>}
          </>}
        </fieldset>
      )}
      <div className="actions">
        {saved !== null && mayWrite && <button className="primary" disabled={busy || isSame} onClick={save}>{busy ? "Saving…" : "Save"}</button>}
        {saved === null && said.bad && <button onClick={load}>Try again</button>}
        <span className={said.bad ? "form-fault" : "faint"} role={said.bad ? "alert" : "status"}>{said.text}</span>
      </div>
    </section>
  );
}
