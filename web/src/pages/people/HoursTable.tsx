import { useCallback, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { duration, lastDays, staffOf, type Hours } from "../../api/staff.js";
import { useList } from "../manage/useList.js";
import { csv } from "./hoursFile.js";
import { RangeForm, type Range } from "./RangeForm.js";

/** So many rows are loaded at most; a shorter time shows the rest. */
const MOST = 5000;

/** Who worked on what for how long, day by day, and as a file for whoever pays for it. */
export function HoursTable({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => staffOf(api), [api]);
  const [range, setRange] = useState<Range>({ days: lastDays(7), project: "" });
  const load = useCallback(async () => {
    const all: Hours[] = [];
    for (let cursor: string | undefined, first = true; (first || cursor !== undefined) && all.length < MOST; first = false) {
      const page = await calls.hours(range.days, range.project, cursor);
      all.push(...page.hours);
      cursor = page.next;
    }
    return all;
  }, [calls, range]);
  const { rows, fault } = useList(load);
  const total = rows?.reduce((sum, { seconds }) => sum + seconds, 0) ?? 0;
  return (
    <>
      <RangeForm api={api} range={range} onChange={setRange} />
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <div className="card idle"><p>Nobody was at work in these days.</p></div> : (
        <>
          <p><b>{duration(total)}</b> in all. <a className="button" download={`hours-${range.days.from}-${range.days.to}.csv`} href={`data:text/csv;charset=utf-8,${encodeURIComponent(csv(rows))}`}>Save as CSV</a></p>
          <table className="list" tabIndex={0} aria-label="Hours">
            <thead><tr><th>Day</th><th>Person</th><th>Project</th><th className="number">Items</th><th className="number">Time</th></tr></thead>
            <tbody>{rows.map((row) => (
              <tr key={`${row.day} ${row.person.id} ${row.project}`}>
                <td>{row.day}</td><td>{row.person.name}<span className="under">{row.person.email}</span></td><td>{row.project ?? "without a project"}</td>
                <td className="number">{row.items.toLocaleString()}</td><td className="number">{duration(row.seconds)}</td>
              </tr>
            ))}</tbody>
          </table>
          {rows.length >= MOST && <p className="faint">There is more; choose fewer days to see it.</p>}
        </>
      )}
      <p className="faint">Days are those of UTC. Time counts from input to input, over all windows of a person once; pauses of more than five minutes do not count.</p>
    </>
  );
}
