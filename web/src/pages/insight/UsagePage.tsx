import { useCallback, useMemo, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { address, insightOf, type UsageLine } from "../../api/insight.js";
import { projectsOf } from "../../api/projects.js";
import { typeWords } from "../../ui/words.js";
import { momentOf } from "../manage/useList.js";
import { linkTo, replaceQuery, useQuery } from "../route.js";
import { Chart } from "./Chart.js";
import { Columns } from "./Columns.js";
import { dayName } from "./figures.js";
import { useLoaded } from "./useLoaded.js";
import { usePages } from "./usePages.js";
import "./insight.css";

const WHAT: { readonly [what in UsageLine["what"]]: string } = {
  completed: "completed", completed_again: "completed again after a redo", error: "failed", canceled: "canceled",
};

/** Days as the server counts them: in UTC. */
function day(offset: number, from = new Date()): string {
  return new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate() + offset)).toISOString().slice(0, 10);
}

function months(): readonly { readonly name: string; readonly from: string; readonly to: string }[] {
  const now = new Date();
  const start = (back: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  return [
    { name: "Last 30 days", from: day(-29), to: day(0) },
    { name: "This month", from: day(0, start(0)), to: day(0) },
    { name: "Last month", from: day(0, start(1)), to: day(-1, start(0)) },
  ];
}

/** What was done, and what of it is billed: a task counts once, when it is completed. */
export function UsagePage({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => insightOf(api), [api]), projects = useMemo(() => projectsOf(api), [api]);
  const query = useQuery();
  const from = query.get("from") ?? day(-29), to = query.get("to") ?? day(0), project = query.get("project"), billable = query.get("billable");
  const { value, fault } = useLoaded(useCallback(() => calls.usage({ from, to, project }), [calls, from, to, project]));
  const lines = usePages(useCallback((cursor: string | null) => calls.usageLines({ from, to, project, billable, limit: 50, cursor }), [calls, from, to, project, billable]));
  const { value: names } = useLoaded(useCallback(() => projects.page({ limit: 100 }), [projects]));
  const set = (changes: { readonly [name: string]: string }) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) { if (value === "") next.delete(name); else next.set(name, value); }
    replaceQuery(next);
  };
  return (
    <>
      <p className="faint">A task is billed once, when it is completed. Tasks that failed or were canceled, work done again, and everything in the test world are never billed. Days are days of UTC.</p>
      <div className="filters" role="search" aria-label="Filter">
        <label>From<input type="date" value={from} max={to} onChange={(event) => set({ from: event.target.value })} /></label>
        <label>To<input type="date" value={to} min={from} onChange={(event) => set({ to: event.target.value })} /></label>
        <label>Project
          <select value={project ?? ""} onChange={(event) => set({ project: event.target.value })}>
            <option value="">all</option>
            {project !== null && names?.projects.every(({ name }) => name !== project) && <option value={project}>{project}</option>}
            {names?.projects.map(({ id, name }) => <option key={id} value={name}>{name}</option>)}
          </select>
        </label>
        <span className="actions">{months().map((span) => <button key={span.name} aria-pressed={span.from === from && span.to === to} onClick={() => set({ from: span.from, to: span.to })}>{span.name}</button>)}</span>
        <a className="button" href={address("/api/usage.csv", { from, to, project, billable })} download="usage.csv">Download as CSV</a>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {value === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <>
          <dl className="big-figures">
            <div><dd>{value.billable.toLocaleString()}</dd><dt>billed tasks</dt></div>
            <div><dd>{(value.lines - value.billable).toLocaleString()}</dd><dt>ended without being billed</dt></div>
          </dl>
          <Chart
            title="Day by day" wide says={`${value.billable.toLocaleString()} billed, ${(value.lines - value.billable).toLocaleString()} not billed.`} heads={["Day", "Billed", "Not billed"]}
            rows={[...value.by_day].reverse().map((entry) => [dayName(entry.day, true), entry.billable.toLocaleString(), entry.not_billable.toLocaleString()])}
          >
            {(width) => (
              <Columns width={width} days={value.by_day.map((entry) => entry.day)} series={[
                { name: "billed", fill: "solid", tone: "accent", values: value.by_day.map((entry) => entry.billable) },
                { name: "not billed", fill: "lines", tone: "faint", values: value.by_day.map((entry) => entry.not_billable) },
              ]} />
            )}
          </Chart>
          {value.by_project.length > 0 && (
            <table className="list with-numbers">
              <thead><tr><th>Project</th><th>Kind of task</th><th>Billed</th><th>Not billed</th></tr></thead>
              <tbody>{value.by_project.map((entry, i) => (
                <tr key={i}><td>{entry.project === null ? <span className="faint">without a project</span> : <a href={linkTo("projects", entry.project)}>{entry.project}</a>}</td><td>{typeWords(entry.type)}</td><td>{entry.billable.toLocaleString()}</td><td>{entry.not_billable.toLocaleString()}</td></tr>
              ))}</tbody>
            </table>
          )}
        </>
      )}
      <div className="section-head">
        <h2>Every line</h2>
        <label className="span-choice">Show <select value={billable ?? ""} onChange={(event) => set({ billable: event.target.value })}><option value="">all</option><option value="true">what is billed</option><option value="false">what is not</option></select></label>
      </div>
      <p className="form-fault" role="alert">{lines.fault}</p>
      {lines.rows === null ? lines.fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : lines.rows.length === 0 ? <p className="faint">Nothing ended in this time.</p> : (
        <table className="list">
          <thead><tr><th>When</th><th>Task</th><th>Project</th><th>What happened</th><th>Annotations</th><th>Billed</th></tr></thead>
          <tbody>{lines.rows.map((line) => (
            <tr key={line.id}>
              <td>{momentOf(line.at)}</td>
              <td><a href={linkTo("task", line.task_id)}>{line.unique_id ?? `…${line.task_id.slice(-6)}`}</a></td>
              <td>{line.project ?? ""}{line.batch !== undefined && <span className="faint"> · {line.batch}</span>}</td>
              <td>{WHAT[line.what]}</td>
              <td>{line.annotations.toLocaleString()}</td>
              <td>{line.billable ? "yes" : <span className="faint">no</span>}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {lines.more !== null && <span><button onClick={lines.more}>Show earlier lines</button></span>}
    </>
  );
}
