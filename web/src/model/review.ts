import { collection, type Collection, type Document } from "./document.js";
import { sameJson, type JsonObject } from "./json.js";
import { ANNOTATIONS, type Plan } from "./plans.js";

/** Where reviewers note what they think of single objects, by the object's key; no part of any answer. */
export const VERDICTS = "verdicts";

export type Verdict = "accepted" | "rejected";

export interface Colleague {
  readonly id: string | null;
  readonly name: string;
  /** Whether it is whoever asks. */
  readonly own: boolean;
}

export interface Comment {
  readonly id: string;
  readonly by: Colleague | null;
  readonly at: string;
  readonly text: string;
}

/** Comments that belong together, about an object, a place of the picture, both, or the whole task. */
export interface Thread {
  readonly id: string;
  readonly object: string | null;
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly resolved: { readonly at: string; readonly by: Colleague | null } | null;
  readonly comments: readonly Comment[];
}

/** A piece of work that was handed in. */
export interface AnswerVersion {
  readonly version: number;
  readonly work: string;
  readonly kind: string;
  readonly level: number;
  readonly by: Colleague | null;
  readonly at: string;
  readonly objects: number;
  readonly seconds?: number;
  /** Whether its response became the task's. */
  readonly final: boolean;
}

export interface PastReview {
  readonly version?: number;
  readonly level: number;
  readonly verdict: "accepted" | "fixed" | "rejected";
  readonly by: Colleague | null;
  readonly labeler: Colleague | null;
  readonly at: string;
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
  readonly comments: number;
}

/** What happened to a task before the work that is open. */
export interface ReviewRecord {
  readonly kind: string;
  readonly level: number;
  readonly levels: number;
  readonly attempt: number;
  /** The version that is known; what changed since is what is new. 0 is what was handed in with the task. */
  readonly compare: number;
  /** Whether this level has seen the task before. */
  readonly again: boolean;
  /** The last verdicts on single objects. */
  readonly before: { readonly [key: string]: Verdict };
  readonly versions: readonly AnswerVersion[];
  readonly reviews: readonly PastReview[];
  readonly threads: readonly Thread[];
}

export function verdictAt(document: Document, key: string): Verdict | null {
  const verdict = collection(document, VERDICTS).get(key)?.verdict;
  return verdict === "accepted" || verdict === "rejected" ? verdict : null;
}

/** Notes a verdict on objects; null takes it back. */
export function setVerdicts(keys: readonly string[], verdict: Verdict | null): Plan {
  return (document) => keys.flatMap((key) => {
    const before = collection(document, VERDICTS).get(key) ?? null;
    const after = verdict === null ? null : { verdict };
    return sameJson(before, after) ? [] : [{ collection: VERDICTS, key, before, after }];
  });
}

export interface Change {
  readonly kind: "new" | "changed";
  /** What of it changed, in words; nothing for a new one. */
  readonly parts: readonly string[];
}

export interface Changes {
  readonly objects: ReadonlyMap<string, Change>;
  readonly removed: ReadonlyMap<string, JsonObject>;
  /** Answers about the whole picture and links that are not as they were. */
  readonly others: number;
}

export const NO_CHANGES: Changes = { objects: new Map(), removed: new Map(), others: 0 };

/** Compares documents; what was compared once is not compared again, since objects are never changed in place. */
export class Comparison {
  readonly #before: Document;
  readonly #known = new WeakMap<JsonObject, Change | "same">();

  constructor(before: Document) {
    this.#before = before;
  }

  with(after: Document): Changes {
    const was = collection(this.#before, ANNOTATIONS), is = collection(after, ANNOTATIONS);
    const objects = new Map<string, Change>();
    for (const [key, object] of is) {
      const change = this.#change(was.get(key), object);
      if (change !== "same") objects.set(key, change);
    }
    const removed = new Map([...was].filter(([key]) => !is.has(key)));
    const others = [...new Set([...this.#before.keys(), ...after.keys()])].filter((name) => name !== ANNOTATIONS && name !== VERDICTS)
      .reduce((sum, name) => sum + differences(collection(this.#before, name), collection(after, name)), 0);
    return { objects, removed, others };
  }

  #change(was: JsonObject | undefined, object: JsonObject): Change | "same" {
    const known = this.#known.get(object);
    if (known !== undefined) return known;
    const change: Change | "same" = was === undefined ? { kind: "new", parts: [] } : sameJson(was, object) ? "same" : { kind: "changed", parts: partsOf(was, object) };
    this.#known.set(object, change);
    return change;
  }
}

function differences(was: Collection, is: Collection): number {
  return [...new Set([...was.keys(), ...is.keys()])].filter((key) => !sameJson(was.get(key) ?? null, is.get(key) ?? null)).length;
}

const WORDS: { readonly [member: string]: string } = { label: "label", attributes: "answers", order: "place in the stack", type: "kind of shape" };

function partsOf(was: JsonObject, is: JsonObject): string[] {
  const members = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !sameJson(was[name], is[name]));
  return [...new Set(members.map((name) => WORDS[name] ?? "shape"))].sort();
}
