import type { JsonObject } from "./json.js";
import { RULES } from "./rules/book.js";
import { visibleBy, type Scope } from "./rules/visibility.js";
import type { Attribute } from "./taxonomy.js";

export { answerMatches, attributesOf, declaredAt, type Scope } from "./rules/visibility.js";

/** See `visibleBy`, by the rules that the server keeps too. */
export function visibleAttributes(attributes: readonly Attribute[], scope: Scope, label: string | null, answers: JsonObject): Attribute[] {
  return visibleBy(attributes, scope, label, answers, RULES);
}

/** The answers without those of hidden attributes, as they will be submitted. */
export function visibleAnswers(attributes: readonly Attribute[], scope: Scope, label: string | null, answers: JsonObject): JsonObject {
  const visible = visibleAttributes(attributes, scope, label, answers);
  return Object.fromEntries(visible.flatMap(({ key }) => (answers[key] === undefined ? [] : [[key, answers[key]]])));
}
