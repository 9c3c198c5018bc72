import { isAnswered, type Json, type JsonObject } from "../json.js";
import { scalarsOf, type Attribute } from "../taxonomy.js";
import type { RuleBook } from "./book.js";

/** What attributes are asked of: an annotation, a link, or the picture as a whole. */
export type Scope = "object" | "link" | "global";

/** An attribute whose turn it is, and what its conditions look at. */
export interface Asking {
  readonly attribute: Attribute;
  readonly scope: Scope;
  readonly label: string | null;
  /** The answer of another attribute, as far as it counts. */
  readonly answerOf: (key: string) => Json | undefined;
}

/** A condition, by name, that every attribute must meet to be asked. */
export interface Condition {
  readonly name: string;
  readonly holds: (asking: Asking) => boolean;
}

/** Something that must be true of an answer for it to count in conditions. */
export interface Counting {
  readonly name: string;
  readonly counts: (answer: Json | undefined, isVisible: () => boolean) => boolean;
}

export const CONDITIONS: readonly Condition[] = [
  {
    name: "a label condition wants one of its labels",
    holds: ({ attribute: { conditions: { labels } }, scope, label }) => scope === "global" || labels === null || (label !== null && labels.includes(label)),
  },
  {
    name: "attribute conditions want one alternative as a whole",
    holds: ({ attribute: { conditions: { anyOf } }, answerOf }) => anyOf === null || anyOf.some((all) => (
      Object.entries(all).every(([key, wanted]) => answerMatches(answerOf(key), wanted))
    )),
  },
];

export const COUNTING: readonly Counting[] = [
  { name: "an empty answer counts as missing", counts: (answer) => isAnswered(answer) },
  { name: "the answer to a hidden question counts as missing", counts: (_, isVisible) => isVisible() },
];

/** The attributes of one level: of the picture as a whole, or of the objects on it and the links between them. */
export function declaredAt(attributes: readonly Attribute[], scope: Scope): Attribute[] {
  return attributes.filter(({ isGlobal }) => isGlobal === (scope === "global"));
}

/** The attributes that can be asked at all: of a link only those whose label condition names the link's label. */
export function attributesOf(attributes: readonly Attribute[], scope: Scope, label: string | null): Attribute[] {
  const declared = declaredAt(attributes, scope);
  return scope === "link" ? declared.filter(({ conditions: { labels } }) => label !== null && labels !== null && labels.includes(label)) : declared;
}

/**
 * The attributes that are asked, in their own order: those whose conditions hold for this label and these answers. Global attributes are
 * judged among themselves, without a label.
 */
export function visibleBy(
  attributes: readonly Attribute[], scope: Scope, label: string | null, answers: JsonObject, { conditions, counting }: RuleBook,
): Attribute[] {
  const asked = attributesOf(attributes, scope, label);
  const byKey = new Map(asked.map((attribute) => [attribute.key, attribute]));
  const verdicts = new Map<string, boolean>();

  function isVisible(key: string): boolean {
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const attribute = byKey.get(key);
    if (attribute === undefined) return false;
    // Should the conditions form a circle, the attribute met again counts as hidden, so that this ends.
    verdicts.set(key, false);
    const verdict = conditions.every(({ holds }) => holds({ attribute, scope, label, answerOf }));
    verdicts.set(key, verdict);
    return verdict;
  }

  function answerOf(key: string): Json | undefined {
    const answer = byKey.has(key) ? answers[key] : undefined;
    return counting.every(({ counts }) => counts(answer, () => isVisible(key))) ? answer : undefined;
  }

  return asked.filter(({ key }) => isVisible(key));
}

/** Whether an answer is one of the wanted values; of several answers one is enough. Numbers match their decimal text. */
export function answerMatches(answer: Json | undefined, wanted: readonly (string | number | boolean)[]): boolean {
  if (answer === undefined || answer === null) return false;
  const texts = wanted.map(String);
  return scalarsOf(answer).some((value) => texts.includes(String(value)));
}
