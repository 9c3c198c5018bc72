import type { Json, JsonObject } from "./json.js";
import { scalarsOf, type Attribute } from "./taxonomy.js";

/**
 * The attributes that are asked, in their own order: those whose conditions hold for this label and these answers. The answer of an
 * attribute that is itself hidden counts as missing. Global attributes are judged among themselves, without a label.
 */
export function visibleAttributes(attributes: readonly Attribute[], scope: "object" | "global", label: string | null, answers: JsonObject): Attribute[] {
  const inScope = attributes.filter((attribute) => attribute.isGlobal === (scope === "global"));
  const byKey = new Map(inScope.map((attribute) => [attribute.key, attribute]));
  const verdicts = new Map<string, boolean>();

  function isVisible(key: string): boolean {
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const attribute = byKey.get(key);
    if (attribute === undefined) return false;
    // Should the conditions form a circle, the attribute met again counts as hidden, so that this ends.
    verdicts.set(key, false);
    const { labels, anyOf } = attribute.conditions;
    const labelHolds = scope === "global" || labels === null || (label !== null && labels.includes(label));
    const verdict = labelHolds && (anyOf === null || anyOf.some((all) => (
      Object.entries(all).every(([other, wanted]) => isVisible(other) && answerMatches(answers[other], wanted))
    )));
    verdicts.set(key, verdict);
    return verdict;
  }

  return inScope.filter(({ key }) => isVisible(key));
}

/** Whether an answer is one of the wanted values; of several answers one is enough. Numbers match their decimal text. */
export function answerMatches(answer: Json | undefined, wanted: readonly (string | number | boolean)[]): boolean {
  if (answer === undefined || answer === null || answer === "") return false;
  const texts = wanted.map(String);
  return scalarsOf(answer).some((value) => texts.includes(String(value)));
}

/** The answers without those of hidden attributes, as they will be submitted. */
export function visibleAnswers(attributes: readonly Attribute[], scope: "object" | "global", label: string | null, answers: JsonObject): JsonObject {
  const visible = visibleAttributes(attributes, scope, label, answers);
  return Object.fromEntries(visible.flatMap(({ key }) => (answers[key] === undefined ? [] : [[key, answers[key]]])));
}
