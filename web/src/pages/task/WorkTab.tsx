import { useCallback, type ReactElement } from "react";
import { agreementOf } from "../../api/agreement.js";
import type { Api } from "../../api/client.js";
import type { TaskWork } from "../../api/tasks.js";
import { momentOf, useList } from "../manage/useList.js";
import { reviewWords } from "../tasks/status.js";
import { timeWords } from "./facts.js";
import type { TaskTabProps } from "./TaskPage.js";

const KINDS: { readonly [kind: string]: string } = { label: "Labelling", review: "Review", redo: "Doing it again", audit: "Audit", merge: "Merging answers" };
const STATES: { readonly [state: string]: string } = { waiting: "waiting", leased: "in somebody's hands", submitted: "handed in", closed: "closed" };

/** Who worked on the task, what audits found, and what labelers reported. */
export function WorkTab({ api, view: { task, work, audits, reports } }: TaskTabProps): ReactElement {
  return (
    <>
      <section className="part-section" aria-labelledby="work-title">
        <h2 id="work-title">Work</h2>
        {work.length === 0 ? <p className="faint">Nobody was asked to work on this task.</p> : (
          <Scroll name="Table of work">
            <table className="list">
              <thead><tr><th>Kind</th><th>State</th><th>Who</th><th>Steps</th><th>Active time</th><th>Since</th></tr></thead>
              <tbody>{work.map((item) => <WorkRow key={item.id} item={item} />)}</tbody>
            </table>
          </Scroll>
        )}
      </section>
      <Agreement api={api} task={task.task_id} />
      <section className="part-section" aria-labelledby="audits-title">
        <h2 id="audits-title">Audits</h2>
        {audits.length === 0 ? <p className="faint">This task was not audited.</p> : (
          <Scroll name="Table of audits">
            <table className="list">
              <thead><tr><th>Verdict</th><th>Comments</th><th>Who</th><th>Time taken</th><th>When</th></tr></thead>
              <tbody>{audits.map(({ id, result, comments, by, seconds, at }) => <tr key={id}><td>{reviewWords(result)}</td><td>{comments ?? ""}</td><td>{by?.name ?? ""}</td><td>{seconds === undefined ? "" : timeWords(seconds)}</td><td>{momentOf(at)}</td></tr>)}</tbody>
            </table>
          </Scroll>
        )}
      </section>
      <section className="part-section" aria-labelledby="reports-title">
        <h2 id="reports-title">Reports</h2>
        {reports.length === 0 ? <p className="faint">Nobody has reported anything wrong with the data.</p> : (
          <ul className="reports">{reports.map(({ id, kind, message, reported_by: by, created_at: at }) => <li key={id} className="card part"><p><b>{kind}</b> {message}</p><p className="faint">{by?.name ?? "somebody"}, {momentOf(at)}</p></li>)}</ul>
        )}
      </section>
    </>
  );
}

/** How far several people agreed, for tasks that several people answer. */
function Agreement({ api, task }: { api: Api; task: string }): ReactElement | null {
  const load = useCallback(() => agreementOf(api).rounds(task), [api, task]);
  const { rows, fault } = useList(load);
  if (fault === "" && (rows === null || rows.length === 0)) return null;
  return (
    <section className="part-section" aria-labelledby="agreement-title">
      <h2 id="agreement-title">Agreement</h2>
      {fault !== "" && <p className="form-fault" role="alert">{fault}</p>}
      <ul className="reports">
        {rows?.map(({ agreement, attempts, answers, differences, merged_by_itself: alone, at }) => (
          <li key={at} className="card part">
            <p><b>{Math.round(agreement * 100)} %</b> between {attempts} answers{differences === 0 ? ", no differences" : `, ${differences} ${differences === 1 ? "difference" : "differences"}`}; {alone ? "the answer followed by itself." : "somebody put them together."}</p>
            <p className="faint">{answers.map(({ name, by }) => (by?.name === undefined ? name : `${name}: ${by.name}`)).join(", ")}; {momentOf(at)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WorkRow({ item }: { item: TaskWork }): ReactElement {
  const who = item.submitted_by ?? item.holder ?? item.assignee, wanted = item.preferred;
  return (
    <tr>
      <td>{KINDS[item.kind] ?? item.kind}{item.level > 0 && ` ${item.level}`}{item.attempt > 1 && <span className="faint"> attempt {item.attempt}</span>}</td>
      <td>{STATES[item.state] ?? item.state}</td>
      <td>{who?.name ?? (wanted === undefined ? "" : <span className="faint">first offered to {wanted.name}</span>)}</td>
      <td>{item.revision.toLocaleString()}</td>
      <td>{item.seconds === undefined ? "" : timeWords(item.seconds)}</td>
      <td>{momentOf(item.submitted_at ?? item.created_at)}</td>
    </tr>
  );
}

/** A table that may be wider than the page. */
export function Scroll({ name, children }: { name: string; children: ReactElement }): ReactElement {
  return <div className="task-scroll" tabIndex={0} role="region" aria-label={name}>{children}</div>;
}
