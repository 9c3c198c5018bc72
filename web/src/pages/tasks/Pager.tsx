import type { ReactElement } from "react";
import type { TaskListState } from "./useTaskList.js";

interface Props {
  readonly list: TaskListState;
  readonly size: number;
  readonly sizes: readonly number[];
  readonly onSize: (size: number) => void;
}

/** Which part of the list this is, and the way to the others. */
export function Pager({ list, size, sizes, onSize }: Props): ReactElement | null {
  const { rows, total, least, cursors, next } = list;
  if (rows === null || rows.length === 0) return null;
  const first = (cursors.length - 1) * size + 1, last = first + rows.length - 1;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <span className="faint">{first.toLocaleString()} to {last.toLocaleString()}{total !== null ? ` of ${total.toLocaleString()}` : least !== null ? ` of ${least.toLocaleString()} or more` : ""}</span>
      <button disabled={cursors.length < 2 || list.loading} onClick={list.goBack}>Previous</button>
      <button disabled={next === null || list.loading} onClick={list.goNext}>Next</button>
      <span className="spring" />
      <span className="list-keys faint" aria-hidden="true"><kbd>↑</kbd> <kbd>↓</kbd> rows <kbd>Space</kbd> choose <kbd>Enter</kbd> open <kbd>/</kbd> search</span>
      <label>Rows <select value={size} onChange={(event) => onSize(Number(event.target.value))}>{sizes.map((choice) => <option key={choice} value={choice}>{choice}</option>)}</select></label>
      <button className="quiet" onClick={list.reload}>Reload</button>
    </nav>
  );
}
