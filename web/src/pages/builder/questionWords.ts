import type { Question } from "../../model/building/attributes.js";
import { stringsOf } from "../../model/json.js";

export const TYPE_WORDS: { readonly [type: string]: string } = {
  category: "a choice from a list or tree",
  number: "a number",
  text: "a text",
  angle: "an angle, turned with a dial",
  linked: "another object, pointed at",
  x_line: "a line across the object, from the left",
  y_line: "a line across the object, from the top",
};

/** When a question is asked and how it is answered, in one line. */
export function questionSummary({ type, labels, alternatives, isRequired, level }: Question): string {
  const who = level === "picture" || labels === null ? "" : `for ${labels.length === 0 ? "nothing" : shortList(labels)}, `;
  const when = alternatives.map((wants) => Object.entries(wants).map(([key, values]) => `${key} is ${shortList(stringsOf(values))}`).join(" and ")).join(", or ");
  return `${who}${when === "" ? "" : `when ${when}, `}${TYPE_WORDS[type] ?? type}${isRequired ? "" : ", may be left open"}`;
}

function shortList(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} or ${names.length - 2} more` : names.join(" or ");
}
