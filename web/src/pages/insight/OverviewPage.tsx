import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { insightOf, type Overview, type ProjectProgress } from "../../api/insight.js";
import { linkTo } from "../route.js";
import { Bars } from "./Bars.js";
import { Chart } from "./Chart.js";
import { Columns } from "./Columns.js";
import { ago, dayName, duration, plural, share } from "./figures.js";
import { Line } from "./Line.js";
import { Progress } from "./Progress.js";
import { useLive } from "./useLive.js";
import { useLoaded } from "./useLoaded.js";
import "./insight.css";

/** How soon to look again while figures are being counted, in milliseconds. */
const LOOK_AGAIN = 2_500;
const SPANS = [7, 30, 90, 365] as const;

/** How the account, or one project of it, does; follows what happens. */
export function OverviewPage({ api, project }: { api: Api; project: string | null }): ReactElement {
  const calls = useMemo(() => insightOf(api), [api]);
  const [days, setDays] = useState<number>(30);
  const { value, fault, reload } = useLoaded(useCallback(() => calls.overview(project, days), [calls, project, days]));
  useEffect(() => {
    if (value === null || value.complete) return undefined;
    const timer = setTimeout(reload, LOOK_AGAIN);
    return () => clearTimeout(timer);
  }, [value, reload]);
  useLive(reload, ({ object_kind: kind }) => kind === "task" || kind === "project");
  return (
    <div className="overview">
      <div className="section-head">
        <p className="faint" role="status">{value === null ? "" : value.complete ? "Up to date; follows what happens." : "The figures by day are still being counted; they follow in a moment."}</p>
        <label className="span-choice">Days <select value={days} onChange={(event) => setDays(Number(event.target.value))}>{SPANS.map((span) => <option key={span} value={span}>{span === 365 ? "a year" : `${span} days`}</option>)}</select></label>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {value === null ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : <Charts overview={value} />}
    </div>
  );
}

function Charts({ overview }: { overview: Overview }): ReactElement {
  const { counts, days, queue, time_per_task: time, errors, audits, reviews, reports, projects } = overview;
  const names = days.map(({ day }) => day);
  const done = sum(days.map(({ completed }) => completed)), failed = sum(days.map(({ error }) => error));
  const busiest = days.reduce((a, b) => (b.completed > a.completed ? b : a));
  const ages = queue.ages.map(({ up_to_days: limit, n }, i) => ({ name: ageName(limit, i === 0 ? null : queue.ages[i - 1].up_to_days), n }));
  const verdicts = [
    ...(["accepted", "fixed", "commented", "rejected"] as const).map((name) => ({ name: `audit: ${name}`, n: audits[name] })),
    ...reviews.map(({ result, n }) => ({ name: `review: ${result}`, n })),
  ];
  const problems = [...errors.map(({ cause, n }) => ({ name: cause, n })), ...reports.map(({ kind, n }) => ({ name: `reported: ${kind.replaceAll("_", " ")}`, n }))];
  return (
    <>
      <section className="card chart wide" aria-labelledby="progress-title">
        <div className="chart-head"><h2 id="progress-title">Progress</h2><span className="faint">{plural(counts.total, "task")}, {share(counts.completed, counts.total - counts.canceled)} done</span></div>
        <Progress counts={counts} />
      </section>
      <div className="charts">
        <Chart
          title="Tasks per day" wide
          says={done + failed === 0 ? "Nothing was completed in this time." : `${done.toLocaleString()} completed and ${failed.toLocaleString()} failed in ${plural(days.length, "day")}; most on ${dayName(busiest.day, true)}, ${busiest.completed.toLocaleString()}.`}
          heads={["Day", "Created", "Completed", "Failed", "Canceled", "Sent back"]}
          rows={[...days].reverse().map((day) => [dayName(day.day, true), ...[day.created, day.completed, day.error, day.canceled, day.reopened].map((n) => n.toLocaleString())])}
        >
          {(width) => (
            <Columns width={width} days={names} series={[
              { name: "completed", fill: "solid", tone: "good", values: days.map(({ completed }) => completed) },
              { name: "failed", fill: "lines", tone: "bad", values: days.map(({ error }) => error) },
              { name: "canceled", fill: "dots", tone: "faint", values: days.map(({ canceled }) => canceled) },
            ]} />
          )}
        </Chart>
        <Chart
          title="Time per task"
          says={time.n === 0 ? "No times are known yet." : `Half of ${plural(time.n, "task")} took up to ${duration(time.median_seconds ?? 0)}, nine of ten up to ${duration(time.p90_seconds ?? 0)}.`}
          heads={["Day", "Median", "Tasks"]} rows={[...days].reverse().filter(({ n_seconds: n }) => n > 0).map(({ day, median_seconds: median, n_seconds: n }) => [dayName(day, true), duration(median ?? 0), n.toLocaleString()])}
        >
          {(width) => (time.n === 0 ? <p className="faint">Nobody has completed a task in this time.</p> : (
            <>
              <p className="chart-words"><b>{duration(time.median_seconds ?? 0)}</b> median, <b>{duration(time.p90_seconds ?? 0)}</b> for nine of ten, of {plural(time.n, "task")}. Pauses of over five minutes do not count.</p>
              <Line width={width} days={names} values={days.map(({ median_seconds: median }) => median ?? null)} />
            </>
          ))}
        </Chart>
        <Chart
          title="How long tasks have waited" says={queue.oldest_at === undefined ? "Nothing waits." : `The oldest of ${plural(queue.pending, "pending task")} was made ${ago(queue.oldest_at)} ago.`}
          heads={["Age", "Tasks"]} rows={ages.map(({ name, n }) => [name, n.toLocaleString()])}
        >
          {() => (
            <>
              {queue.oldest_at !== undefined && <p className="chart-words">The oldest pending task was made <b>{ago(queue.oldest_at)}</b> ago.</p>}
              <Bars bars={ages} none="Nothing waits." />
            </>
          )}
        </Chart>
        <Chart title="Why tasks failed" says={problems.length === 0 ? "Nothing failed." : problems.map(({ name, n }) => `${n}: ${name}`).join(" ")} heads={["Cause", "Tasks"]} rows={problems.map(({ name, n }) => [name, n.toLocaleString()])}>
          {() => <Bars bars={problems} none="Nothing failed and nothing was reported in this time." />}
        </Chart>
        <Chart title="Verdicts" says={verdicts.map(({ name, n }) => `${name} ${n}.`).join(" ")} heads={["Verdict", "Tasks"]} rows={verdicts.map(({ name, n }) => [name, n.toLocaleString()])}>
          {() => <Bars bars={verdicts.filter(({ n }) => n > 0)} none="Nothing was audited or reviewed in this time." />}
        </Chart>
      </div>
      {projects !== undefined && projects.length > 0 && <ProjectTable projects={projects} />}
    </>
  );
}

function ProjectTable({ projects }: { projects: readonly ProjectProgress[] }): ReactElement {
  return (
    <section aria-labelledby="by-project">
      <h2 id="by-project">Projects</h2>
      <table className="list">
        <thead><tr><th>Project</th><th>Progress</th><th>Pending</th><th>Completed</th><th>Failed</th><th>In the last 7 days</th></tr></thead>
        <tbody>
          {projects.map(({ id, name, counts, completed_7_days: lately }) => (
            <tr key={id}>
              <td><a href={linkTo("projects", name, "overview")}>{name}</a></td>
              <td className="how-far-cell"><Progress counts={counts} named={false} /></td>
              <td>{counts.pending.toLocaleString()}</td>
              <td>{counts.completed.toLocaleString()} <span className="faint">{share(counts.completed, counts.total - counts.canceled)}</span></td>
              <td>{counts.error.toLocaleString()}</td>
              <td>{lately.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ageName(limit: number | null, before: number | null): string {
  if (limit === null) return `more than ${before ?? 0} days`;
  return before === null ? "up to a day" : `up to ${limit} days`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
