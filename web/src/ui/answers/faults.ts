import { questionOf, type Issue } from "../../model/checks.js";
import type { Attribute } from "../../model/taxonomy.js";

/** What is wrong with an answer, without the question, which stands above it. */
export function faultOf(issues: readonly Issue[], { key, description }: Attribute): string | null {
  const message = issues.find(({ path }) => questionOf(path) === key)?.message;
  if (message === undefined) return null;
  const rest = message.startsWith(`"${description}" `) ? message.slice(description.length + 3) : message;
  return `${rest[0]?.toLocaleUpperCase() ?? ""}${rest.slice(1)}`;
}
