import type { ReactElement } from "react";
import type { Counts } from "../../../api/projects.js";

/** How many tasks are done, as a bar and in words. */
export function Progress({ counts }: { counts: Counts }): ReactElement {
  const { total, completed, error, canceled } = counts;
  const share = (count: number) => (total === 0 ? 0 : (count / total) * 100);
  const rest = [error > 0 ? `${error} in error` : "", canceled > 0 ? `${canceled} canceled` : ""].filter((part) => part !== "").join(", ");
  return (
    <span className="batch-progress">
      <span className="batch-progress-bar" aria-hidden="true"><i style={{ width: `${share(completed)}%` }} /><i className="bad" style={{ width: `${share(error)}%` }} /></span>
      <span className="batch-progress-words">{total === 0 ? "no tasks" : `${completed} of ${total} done`}{rest !== "" && <span className="faint">, {rest}</span>}</span>
    </span>
  );
}
