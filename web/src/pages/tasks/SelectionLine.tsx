import type { ReactElement } from "react";
import type { TaskRow } from "../../api/tasks.js";
import { ACTIONS, count, type ActionText } from "./actions.js";
import { countOf, coverage, isNone, type Selection } from "./selection.js";

interface Props {
  readonly rows: readonly TaskRow[];
  readonly total: number | null;
  readonly selection: Selection;
  readonly isFiltered: boolean;
  /** Why there may be more tasks than are counted; empty where all are. */
  readonly only: string;
  readonly onAll: () => void;
  readonly onNone: () => void;
  readonly onAction: (action: ActionText) => void;
}

/** How many tasks there are, or how many are chosen and what can be done with them. */
export function SelectionLine({ rows, total, selection, isFiltered, only, onAll, onNone, onAction }: Props): ReactElement {
  if (isNone(selection)) {
    return <p className="list-count" role="status">{total === null ? "" : `${count(total)}${isFiltered ? (total === 1 ? " matches" : " match") : ""}${only}`}</p>;
  }
  const chosen = countOf(selection, total), wholePage = coverage(selection, rows.map(({ task_id: id }) => id)) === "all";
  return (
    <div className="selection-line" role="group" aria-label="The chosen tasks">
      <span role="status"><b>{selection.kind === "all" ? (total === null ? "All" : `All ${total.toLocaleString()}`) : (chosen ?? 0).toLocaleString()}</b> chosen</span>
      {selection.kind === "some" && wholePage && total !== null && total > selection.ids.size && <button className="link" onClick={onAll}>Choose all {total.toLocaleString()} {isFiltered ? "that match" : "tasks"}</button>}
      {ACTIONS.map((action) => <button key={action.action} onClick={() => onAction(action)}>{action.name}</button>)}
      <button className="quiet" onClick={onNone}>Choose none</button>
    </div>
  );
}
