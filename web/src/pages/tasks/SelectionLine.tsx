import type { ReactElement } from "react";
import type { TaskRow } from "../../api/tasks.js";
import { ACTIONS, count, type ActionText } from "./actions.js";
import { countOf, coverage, isNone, type Selection } from "./selection.js";

interface Props {
  readonly rows: readonly TaskRow[];
  readonly total: number | null;
  /** How many there are at least, where there were too many to count them all at once. */
  readonly least: number | null;
  readonly selection: Selection;
  readonly isFiltered: boolean;
  /** Why there may be more tasks than are counted; empty where all are. */
  readonly only: string;
  readonly onAll: () => void;
  readonly onNone: () => void;
  readonly onCount: () => void;
  readonly onAction: (action: ActionText) => void;
}

/** How many tasks there are, or how many are chosen and what can be done with them. */
export function SelectionLine({ rows, total, least, selection, isFiltered, only, onAll, onNone, onCount, onAction }: Props): ReactElement {
  if (isNone(selection)) {
    if (least !== null) return <p className="list-count" role="status">At least {count(least)} {isFiltered ? "match" : ""}{only} <button className="link" onClick={onCount}>Count all</button></p>;
    return <p className="list-count" role="status">{total === null ? "" : `${count(total)}${isFiltered ? (total === 1 ? " matches" : " match") : ""}${only}`}</p>;
  }
  const chosen = countOf(selection, total), wholePage = coverage(selection, rows.map(({ task_id: id }) => id)) === "all";
  return (
    <div className="selection-line" role="group" aria-label="The chosen tasks">
      <span role="status"><b>{selection.kind === "all" ? (total === null ? "All" : `All ${total.toLocaleString()}`) : (chosen ?? 0).toLocaleString()}</b> chosen</span>
      {selection.kind === "some" && wholePage && (total ?? least ?? 0) > selection.ids.size && <button className="link" onClick={onAll}>Choose all {total === null ? "" : `${total.toLocaleString()} `}{isFiltered ? "that match" : "tasks"}</button>}
      {ACTIONS.map((action) => <button key={action.action} onClick={() => onAction(action)}>{action.name}</button>)}
      <button className="quiet" onClick={onNone}>Choose none</button>
    </div>
  );
}
