import type { Editor } from "../engine/Editor.js";
import type { Issue } from "../model/checks.js";

/** Submits what passes the rules; says in words what came of it. */
export async function submitChecked(editor: Editor): Promise<{ readonly done: boolean; readonly message: string }> {
  await editor.quiet();
  const faults = errorsIn(editor.check());
  if (faults.length > 0) return { done: false, message: refusal(faults.length) };
  const result = await editor.submit();
  if (result.done) return { done: true, message: "" };
  return { done: false, message: result.issues.length > 0 ? refusal(result.issues.length) : result.message };
}

export function refusal(count: number): string {
  return count === 1 ? "Not submitted: one thing has to be fixed first." : `Not submitted: ${count} things have to be fixed first.`;
}

/** Those that stand in the way of a submission. */
export function errorsIn(issues: readonly Issue[]): readonly Issue[] {
  return issues.filter(({ level }) => level !== "warning");
}

/** Local issues, and those of the server that say something about another place. */
export function merged(local: readonly Issue[], server: readonly Issue[]): readonly Issue[] {
  const known = new Set(local.map(({ path }) => path));
  return [...local, ...server.filter(({ path }) => !known.has(path)).map((issue) => ({ ...issue, message: withoutPath(issue.message) }))];
}

/** The server's sentences begin with the path, which the list shows as the object's name already. */
function withoutPath(message: string): string {
  const rest = message.replace(/^`[^`]*` /, "");
  return `${rest[0]?.toLocaleUpperCase() ?? ""}${rest.slice(1)}`;
}
