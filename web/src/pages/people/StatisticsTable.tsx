import { useCallback, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { duration, lastDays, staffOf, type Statistics, type Verdicts } from "../../api/staff.js";
import { useList } from "../manage/useList.js";
import { RangeForm, type Range } from "./RangeForm.js";

/** Rates of fewer than so many say little. */
const FEW = 20;

/** What everybody did and how well, each figure with the number it rests on. */
export function StatisticsTable({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => staffOf(api), [api]);
  const [range, setRange] = useState<Range>({ days: lastDays(30), project: "" });
  const load = useCallback(async () => {
    const all: Statistics[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await calls.statistics(range.days, range.project, cursor);
      all.push(...page.people);
      cursor = page.next;
    }
    return all.sort((a, b) => b.done - a.done || a.person.name.localeCompare(b.person.name));
  }, [calls, range]);
  const { rows, fault } = useList(load);
  return (
    <>
      <RangeForm api={api} range={range} onChange={setRange} />
      <p className="form-fault" role="alert">{fault}</p>
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : (
        <table className="list" tabIndex={0} aria-label="Statistics of each person">
          <thead><tr><th>Person</th><th className="number">At work</th><th className="number">Handed in</th><th className="number">Time per item</th><th>Found by reviewers</th><th>Reviewed for others</th></tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={row.person.id}>
              <td><b>{row.person.name}</b><span className="under">{row.person.email}</span></td>
              <td className="number">{row.seconds === 0 ? "–" : duration(row.seconds)}</td>
              <td className="number">{row.done.toLocaleString()}</td>
              <td className="number">{row.time.median_seconds === null ? "–" : duration(row.time.median_seconds)}<span className="under">{row.time.sample === 0 ? "" : `median of ${row.time.sample.toLocaleString()}`}</span></td>
              <td><Share verdicts={row.reviews} /></td>
              <td><Share verdicts={row.given} /></td>
            </tr>
          ))}</tbody>
        </table>
      )}
      <p className="faint">Days are those of UTC. Time counts from input to input; pauses of more than five minutes do not. Rates of fewer than {FEW} reviews are marked, because they say little.</p>
    </>
  );
}

/** How reviews ended, as a bar with its figures beside it, so that nobody needs the colours. */
function Share({ verdicts }: { verdicts: Verdicts }): ReactElement {
  const { sample, accepted, fixed, rejected } = verdicts;
  if (sample === 0) return <span className="faint">–</span>;
  const percent = (count: number) => `${Math.round((count / sample) * 100)} %`;
  return (
    <>
      <span className="verdicts" aria-hidden="true">
        <i className="accepted" style={{ width: `${(accepted / sample) * 100}%` }} />
        <i className="fixed" style={{ width: `${(fixed / sample) * 100}%` }} />
        <i className="rejected" style={{ width: `${(rejected / sample) * 100}%` }} />
      </span>
      <span className="under">{percent(accepted)} accepted, {percent(fixed)} fixed, {percent(rejected)} rejected of {sample.toLocaleString()}{sample < FEW ? " (few)" : ""}</span>
    </>
  );
}
