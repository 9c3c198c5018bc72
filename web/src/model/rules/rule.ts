import type { ImageBounds } from "../../math/space.js";
import type { Json } from "../json.js";
import type { Taxonomy } from "../taxonomy.js";
import type { RuleBook } from "./book.js";

/** How strictly a response is judged: a draft may lack things or have them too small, what is submitted may not. */
export type Strictness = "draft" | "submit";

/** Steps down from the subject of a rule: names of members and places in lists. */
export type Place = readonly (string | number)[];

/** What is wrong, where, in words for the person who labels. */
export interface Fault {
  readonly at: Place;
  readonly message: string;
}

/** A demand, with a name that the server's list of rules knows too. */
export interface Rule<Subject> {
  readonly name: string;
  /** Asked only of what is submitted. */
  readonly onSubmit?: true;
  /** The faults of a subject; null when it meets the demand, and when the demand says nothing about such a subject. */
  readonly judge: (subject: Subject) => Fault | readonly Fault[] | null;
}

/** What rules need to know beyond their subject. */
export interface Context {
  readonly taxonomy: Taxonomy;
  /** The picture with its padding; null while its size is unknown. */
  readonly limits: ImageBounds | null;
  readonly strictness: Strictness;
  readonly book: RuleBook;
  /** The labels of the annotations by uuid; null for one without a label. */
  readonly labels: ReadonlyMap<string, string | null>;
}

export function fault(message: string, ...at: Place): Fault {
  return { at, message };
}

/** The faults by all of the rules. */
export function judged<Subject>(rules: readonly Rule<Subject>[], subject: Subject, strictness: Strictness): Fault[] {
  return rules.flatMap((rule) => listOf(applies(rule, strictness) ? rule.judge(subject) : null));
}

/** The faults by the first rule that finds some, for rules that build on each other. */
export function judgedInTurn<Subject>(rules: readonly Rule<Subject>[], subject: Subject, strictness: Strictness): readonly Fault[] {
  for (const rule of rules) {
    const faults = listOf(applies(rule, strictness) ? rule.judge(subject) : null);
    if (faults.length > 0) return faults;
  }
  return [];
}

/** The same faults seen from further up. */
export function below(faults: readonly Fault[], ...at: Place): Fault[] {
  return faults.map((found) => ({ ...found, at: [...at, ...found.at] }));
}

export function isNothing(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

/** A number in words, without noise behind the second digit. */
export function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Names in a row: `car, bus or truck`. */
export function anyOf(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  const last = shown[shown.length - 1];
  if (names.length > shown.length) return `${shown.join(", ")} or another of ${names.length}`;
  return shown.length < 2 ? last ?? "" : `${shown.slice(0, -1).join(", ")} or ${last}`;
}

function applies<Subject>(rule: Rule<Subject>, strictness: Strictness): boolean {
  return strictness === "submit" || rule.onSubmit !== true;
}

function listOf(verdict: Fault | readonly Fault[] | null): readonly Fault[] {
  if (verdict === null) return [];
  return "message" in verdict ? [verdict] : verdict;
}
