import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import { batchesOf, type CalibrationReport } from "../../../api/batches.js";
import type { Api } from "../../../api/client.js";
import { projectsOf } from "../../../api/projects.js";
import { momentOf, words } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import { percent, resultWords, stateWords } from "./words.js";

/** Shares that a project can ask of a calibration. */
const GOALS: readonly number[] = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 1];

const REPORTS: { readonly [kind: string]: string } = {
  unreadable: "Cannot be seen", wrong_data: "Wrong data", instruction: "Instruction unclear", other: "Other",
  accepted: "Accepted", commented: "Accepted with a comment", fixed: "Fixed", rejected: "Rejected",
};

/** How a calibration went, and what auditors and labelers said about it. */
export function CalibrationPart({ api, project, name, mayChange }: { api: Api; project: string; name: string; mayChange: boolean }): ReactElement {
  const calls = useMemo(() => batchesOf(api), [api]);
  const [report, setReport] = useState<CalibrationReport | null>(null);
  const [fault, setFault] = useState("");
  const load = useCallback(() => calls.calibration(name).then(setReport, (error: unknown) => setFault(words(error))), [calls, name]);
  useEffect(() => void load(), [load]);
  const setGoal = (goal: number) => void projectsOf(api).change(project, { calibration_goal: goal }).then(load, (error: unknown) => setFault(words(error)));
  if (report === null) return fault === "" ? <div className="table-skeleton" role="status" aria-label="Loading" /> : <p className="form-fault" role="alert">{fault}</p>;
  return (
    <section className="card setup-part" aria-label="Calibration">
      <h2>Calibration</h2>
      <p>{stateWords(report.state)}. {resultWords(report)}</p>
      <dl className="calibration-scores">
        <div><dd>{report.score === undefined ? "–" : percent(report.score)}</dd><dt>right, {percent(report.goal)} needed</dt></div>
        <div><dd>{report.accepted + report.commented}</dd><dt>accepted{report.commented > 0 ? `, ${report.commented} with a comment` : ""}</dt></div>
        <div><dd>{report.fixed}</dd><dt>fixed</dt></div>
        <div><dd>{report.rejected}</dd><dt>rejected</dt></div>
      </dl>
      {mayChange && (
        <label className="goal">Production may begin from
          <select value={report.goal} onChange={(event) => setGoal(Number(event.target.value))}>
            {[...new Set([...GOALS, report.goal])].sort((a, b) => a - b).map((goal) => <option key={goal} value={goal}>{percent(goal)} right</option>)}
          </select>
        </label>
      )}
      <p className="form-fault" role="alert">{fault}</p>
      <h3>Feedback on the instruction</h3>
      {report.feedback.length === 0 ? <p className="faint">Nobody has said anything yet. Comments of auditors and problems that labelers report stand here.</p> : (
        <ul className="calibration-feedback">
          {report.feedback.map((line, i) => (
            <li key={i}>
              <p>{line.message === "" ? <span className="faint">without words</span> : line.message}</p>
              <p className="faint">{REPORTS[line.kind] ?? line.kind}, {line.by ?? "somebody"}, {momentOf(line.at)}, <a href={linkTo("task", line.task_id)}>the task</a></p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
