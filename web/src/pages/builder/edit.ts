import type { Issue } from "../../model/checks.js";
import type { JsonObject } from "../../model/json.js";

/** Changes the parameters. Changes with the same name that follow at once become one step of undo. */
export type Edit = (change: (params: JsonObject) => JsonObject, name?: string) => void;

/** What every part of the builder gets. */
export interface PartProps {
  readonly params: JsonObject;
  readonly edit: Edit;
  readonly issues: readonly Issue[];
}

/** The issues about something and what stands below it, by the path that the server gives. */
export function issuesAt(issues: readonly Issue[], path: string): readonly Issue[] {
  return issues.filter((issue) => issue.path === path || (issue.path.startsWith(path) && /^[.[]/.test(issue.path.slice(path.length))));
}

/** A message without the path in front, where the place says it already. */
export function shortly({ message }: Issue): string {
  const rest = message.replace(/^`[^`]*` /, "");
  return `${rest[0]?.toLocaleUpperCase() ?? ""}${rest.slice(1)}`;
}
