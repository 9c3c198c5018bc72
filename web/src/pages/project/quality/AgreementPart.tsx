import { useCallback, useState, type ReactElement } from "react";
import { agreementOf } from "../../../api/agreement.js";
import type { Api } from "../../../api/client.js";
import { Bars } from "../../insight/Bars.js";
import { momentOf, useList } from "../../manage/useList.js";
import { linkTo } from "../../route.js";
import "../../insight/insight.css";

const SPANS = [7, 30, 90, 366];

/** How far people agree who answer the project's tasks unseen of each other, and the tasks in which they agree least. */
export function AgreementPart({ api, project }: { api: Api; project: string }): ReactElement | null {
  const [days, setDays] = useState(30);
  const { rows, fault } = useList(useCallback(async () => [await agreementOf(api).ofProject(project, days)], [api, project, days]));
  const found = rows?.[0];
  return (
    <section aria-labelledby="agreement-title">
      <div className="section-head">
        <h2 id="agreement-title">Agreement</h2>
        <label className="span-choice">Days
          <select value={days} onChange={(event) => setDays(Number(event.target.value))}>{SPANS.map((span) => <option key={span} value={span}>{span} days</option>)}</select>
        </label>
      </div>
      <p className="form-fault" role="alert">{fault}</p>
      {found === undefined ? fault === "" && <div className="table-skeleton" role="status" aria-label="Loading" /> : found.mean === null ? <p className="faint">No task was answered by several people in this time.</p> : (
        <>
          <p><b>{percent(found.mean)}</b> on average, over {found.tasks.toLocaleString()} {found.tasks === 1 ? "task" : "tasks"}. {found.merged_by_itself.toLocaleString()} of them needed no merge.</p>
          <Bars none="" bars={found.bands.map(({ from, to, tasks }) => ({ name: `${percent(from)} to ${percent(to)}`, n: tasks }))} />
          <h3>Where people agreed least</h3>
          <table className="list">
            <thead><tr><th>Task</th><th>Agreement</th><th>Differences</th><th>When</th></tr></thead>
            <tbody>{found.least.map(({ task, unique_id: own, agreement, differences, at }) => (
              <tr key={`${task} ${at}`}><td><a href={linkTo("task", task, "work")}>{own ?? task}</a></td><td>{percent(agreement)}</td><td>{differences.toLocaleString()}</td><td>{momentOf(at)}</td></tr>
            ))}</tbody>
          </table>
        </>
      )}
    </section>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
