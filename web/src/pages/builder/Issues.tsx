import type { ReactElement } from "react";
import type { Issue } from "../../model/checks.js";
import { shortly } from "./edit.js";

/** What the server finds wrong with something, below it. */
export function Issues({ issues }: { issues: readonly Issue[] }): ReactElement | null {
  if (issues.length === 0) return null;
  return <ul className="issues">{issues.map((issue, i) => <li key={i} title={issue.path}>{shortly(issue)}</li>)}</ul>;
}
