import type { ReactElement } from "react";
import type { Api } from "../../../api/client.js";
import type { Problem, Trial } from "../../../api/versions.js";
import type { JsonObject } from "../../../model/json.js";
import { linkTo } from "../../route.js";
import { useTrial } from "./useTrial.js";
import "./versions.css";

/** Tries parameters on the tasks and answers that a project has, and tells what they would break. */
export function DryRun({ api, project, params }: { api: Api; project: string; params: JsonObject }): ReactElement {
  const { trial, isDone, isStopped, fault, stop } = useTrial(api, project, params);
  if (fault !== "") return <p className="form-fault" role="alert">{fault}</p>;
  if (trial === null) return <p role="status" className="faint">Trying …</p>;
  if (trial.issues.length > 0) {
    return (
      <div className="dry-run" role="alert">
        <p>These parameters cannot be used:</p>
        <ul className="faults">{trial.issues.map((issue, i) => <li key={i}>{issue.message}</li>)}</ul>
      </div>
    );
  }
  const isOver = isDone || isStopped;
  return (
    <div className="dry-run">
      <p role="status">{verdict(trial, isOver)} {isStopped && <span className="faint">Stopped after {trial.tried} of {trial.total}.</span>}</p>
      {!isOver && (
        <div className="dry-run-progress">
          <progress max={Math.max(1, trial.total)} value={trial.tried} aria-label="Tasks tried" /><span className="faint">{trial.tried} of {trial.total}</span><button type="button" onClick={stop}>Stop</button>
        </div>
      )}
      {trial.problems.length > 0 && (
        <table className="list trial-problems">
          <thead><tr><th>How many</th><th>What would be wrong</th><th>For example</th></tr></thead>
          <tbody>{trial.problems.map((problem) => <Row key={`${problem.on} ${problem.path} ${problem.message}`} problem={problem} />)}</tbody>
        </table>
      )}
      {trial.left_to_tasks.length > 0 && <p className="faint">Each task has to bring: {trial.left_to_tasks.join(", ")}.</p>}
    </div>
  );
}

function verdict({ total, tried, would_break: { tasks, answers } }: Trial, isOver: boolean): string {
  if (total === 0) return "There are no tasks yet that a change could break.";
  if (tasks + answers === 0) return isOver ? `Nothing breaks: all ${tried} tasks tried, with their answers, would be accepted as they are.` : "Nothing breaks so far.";
  const parts = [
    answers > 0 ? `${answers} ${answers === 1 ? "answer" : "answers"} would not be accepted any more` : "",
    tasks > 0 ? `${tasks} ${tasks === 1 ? "task" : "tasks"} could not be made any more` : "",
  ].filter((part) => part !== "");
  return `${parts.join(", and ")}. They stay as they are: each keeps the version it was made with.`;
}

function Row({ problem: { on, message, count, examples } }: { problem: Problem }): ReactElement {
  return (
    <tr>
      <td>{count} {on === "answer" ? (count === 1 ? "answer" : "answers") : count === 1 ? "task" : "tasks"}</td>
      <td>{message}</td>
      <td>{examples.slice(0, 3).map((id, i) => <a key={id} href={linkTo("task", id)}>{i === 0 ? "a task" : i === 1 ? "another" : "a third"}</a>)}</td>
    </tr>
  );
}
