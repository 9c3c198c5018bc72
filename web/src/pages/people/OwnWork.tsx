import { useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { duration, staffOf, type OwnHours, type OwnWork as Piece } from "../../api/staff.js";
import { typeWords } from "../../ui/words.js";
import { momentOf, words } from "../manage/useList.js";
import "./people.css";

const KINDS: { readonly [kind: string]: string } = { label: "labelled", redo: "done again", review: "reviewed", merge: "merged", audit: "audited" };
const STATUS: { readonly [status: string]: string } = { pending: "in progress", completed: "completed", canceled: "canceled", error: "could not be done" };
const VERDICTS = { accepted: "accepted", fixed: "accepted with changes", rejected: "sent back" } as const;

/** What a person has handed in, what became of it, and when they were at work. */
export function OwnWork({ api }: { api: Api }): ReactElement {
  const calls = useMemo(() => staffOf(api), [api]);
  const [rows, setRows] = useState<readonly Piece[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [hours, setHours] = useState<readonly OwnHours[]>([]);
  const [fault, setFault] = useState("");
  const fail = (error: unknown) => setFault(words(error));
  const more = useCallback((cursor?: string) => void calls.history(cursor).then((page) => {
    setRows((before) => [...(cursor === undefined ? [] : before ?? []), ...page.history]);
    setNext(page.next);
  }, fail), [calls]);
  useEffect(() => {
    more();
    calls.ownHours().then(setHours, fail);
  }, [calls, more]);
  return (
    <>
      <p className="form-fault" role="alert">{fault}</p>
      <HoursByDay hours={hours} />
      {rows === null ? <div className="table-skeleton" role="status" aria-label="Loading" /> : rows.length === 0 ? <div className="card idle"><p>You have not handed anything in yet.</p></div> : (
        <table className="list" tabIndex={0} aria-label="What you handed in">
          <thead><tr><th>When</th><th>What</th><th className="number">Time</th><th>What became of it</th></tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={row.work}>
              <td>{momentOf(row.submitted_at)}</td>
              <td><b>{typeWords(row.type)}</b> {KINDS[row.kind] ?? row.kind}<span className="under">{row.project ?? "without a project"}</span></td>
              <td className="number">{row.seconds === null ? "–" : duration(row.seconds)}</td>
              <td>{STATUS[row.status] ?? row.status}{row.verdict !== null && <span className="under">review: {VERDICTS[row.verdict]}</span>}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {next !== undefined && <span><button onClick={() => more(next)}>Show more</button></span>}
    </>
  );
}

/** The hours of the last 30 days, a line a day. */
function HoursByDay({ hours }: { hours: readonly OwnHours[] }): ReactElement | null {
  if (hours.length === 0) return null;
  const days = [...new Set(hours.map(({ day }) => day))];
  const total = hours.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <details className="card part">
      <summary><b>{duration(total)}</b> at work in the last 30 days</summary>
      <table className="list" tabIndex={0} aria-label="Your hours">
        <thead><tr><th>Day</th><th>Projects</th><th className="number">Items</th><th className="number">Time</th></tr></thead>
        <tbody>{days.map((day) => {
          const parts = hours.filter((entry) => entry.day === day);
          return (
            <tr key={day}>
              <td>{day}</td><td>{parts.map(({ project }) => project ?? "without a project").join(", ")}</td>
              <td className="number">{parts.reduce((sum, { items }) => sum + items, 0)}</td>
              <td className="number">{duration(parts.reduce((sum, { seconds }) => sum + seconds, 0))}</td>
            </tr>
          );
        })}</tbody>
      </table>
      <p className="faint">Days are those of UTC. Pauses of more than five minutes do not count.</p>
    </details>
  );
}
