import type { TaskRow } from "../../api/tasks.js";

interface Followed {
  readonly rows: readonly TaskRow[];
  /** Tasks have come, gone or changed places. */
  readonly moved: boolean;
}

/** The rows that are shown with what became of them since. They stay where they are: nothing moves under the reader's eyes. */
export function follow(shown: readonly TaskRow[], now: readonly TaskRow[]): Followed {
  const fresh = new Map(now.map((row) => [row.task_id, row]));
  const rows = shown.map((row) => updated(row, fresh.get(row.task_id)));
  return {
    rows: rows.some((row, i) => row !== shown[i]) ? rows : shown,
    moved: shown.length !== now.length || shown.some(({ task_id: id }, i) => id !== now[i].task_id),
  };
}

/** Each answer has new addresses of the same pictures; those that are shown stay, so that none flickers. */
function updated(row: TaskRow, fresh: TaskRow | undefined): TaskRow {
  if (fresh === undefined) return row;
  const next = { ...fresh, thumbnail: fresh.thumbnail === null ? null : row.thumbnail ?? fresh.thumbnail };
  return JSON.stringify(next) === JSON.stringify(row) ? row : next;
}
