import { compareOrder, orderBetween } from "../math/order.js";
import { collection, objectAt, type Document } from "./document.js";
import { isObject, sameJson, type Json, type JsonObject } from "./json.js";
import { ANNOTATIONS, LINKS, removeObjects, type Plan } from "./plans.js";

/** In what answers differ about a thing. */
export interface Aspect {
  readonly aspect: "presence" | "shape" | "label" | "attribute" | "answer";
  readonly name?: string;
  /** No choice has more voices than the others. */
  readonly tied?: boolean;
}

/** A thing that several answers to one task do not have alike. */
export interface Difference {
  readonly collection: string;
  readonly key: string;
  /** Whether the draft began with it. */
  readonly proposed: boolean;
  /** What the proposal says, or would say if it were taken in. */
  readonly object: JsonObject | null;
  readonly votes: number;
  readonly agreement: number;
  readonly about: readonly Aspect[];
  /** What each answer says. */
  readonly answers: readonly (JsonObject | null)[];
}

/** Several answers to one task, and what they differ in. */
export interface Differences {
  readonly agreement: number;
  readonly threshold: number;
  readonly attempts: number;
  readonly agreed: number;
  readonly answers: readonly { readonly name: string; readonly objects: number }[];
  readonly differences: readonly Difference[];
}

/** How many said the same, most first: "car 2, truck 1". */
export function voices(answers: readonly (JsonObject | null)[], of: (answer: JsonObject) => Json | undefined, words: (value: Json) => string): string {
  const counts: { value: Json; count: number }[] = [];
  for (const answer of answers) {
    if (answer === null) continue;
    const value = of(answer) ?? null, known = counts.find((one) => sameJson(one.value, value));
    if (known === undefined) counts.push({ value, count: 1 });
    else known.count += 1;
  }
  return counts.sort((a, b) => b.count - a.count).map(({ value, count }) => `${words(value)} ${count}`).join(", ");
}

/** An answer as people read it. */
export function answerWords(value: Json): string {
  if (value === null) return "no answer";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((each) => answerWords(each as Json)).join(" + ");
  return isObject(value) ? JSON.stringify(value) : String(value);
}

/** The answer that an object of a difference gives to the question that an aspect is about. */
export function answerAt(object: JsonObject, { aspect, name }: Aspect): Json | undefined {
  if (aspect === "label") return object.label;
  if (aspect === "answer") return object.value;
  return aspect === "attribute" && isObject(object.attributes) && name !== undefined ? object.attributes[name] : undefined;
}

const DRAWN = ["type", "label", "left", "top", "width", "height", "rotation", "x", "y", "vertices", "edges", "attributes"];

/**
 * Takes what one answer says in place of what the draft has. Answers that point to other objects stay as they are, since every answer
 * names its objects otherwise.
 */
export function takeAnswer({ collection: place, key }: Difference, answer: JsonObject, isPointing: (attribute: string) => boolean): Plan {
  return (document) => {
    const before = objectAt(document, place, key);
    const after = place === ANNOTATIONS ? drawn(document, before, answer, isPointing) : { value: answer.value };
    return sameJson(before, after) ? [] : [{ collection: place, key, before, after }];
  };
}

function drawn(document: Document, before: JsonObject | null, answer: JsonObject, isPointing: (attribute: string) => boolean): JsonObject {
  const members = Object.entries(answer).filter(([name]) => DRAWN.includes(name) && (name !== "vertices" || answer.type !== "box"));
  const said = isObject(answer.attributes) ? answer.attributes : {}, kept = isObject(before?.attributes) ? before?.attributes ?? {} : {};
  const attributes = Object.fromEntries([
    ...Object.entries(said).filter(([name]) => !isPointing(name)), ...Object.entries(kept).filter(([name]) => isPointing(name)),
  ]);
  return { ...Object.fromEntries(members), ...(Object.keys(attributes).length > 0 ? { attributes } : {}), order: before?.order ?? above(document, ANNOTATIONS) };
}

/** Takes in what the proposal left out, as it would be. */
export function takeIn({ collection: place, key, object }: Difference): Plan {
  return (document) => {
    if (object === null || objectAt(document, place, key) !== null) return [];
    if (place === LINKS && [object.from, object.to].some((end) => typeof end !== "string" || objectAt(document, ANNOTATIONS, end) === null)) return [];
    const order = typeof object.order === "string" ? { order: above(document, place) } : {};
    return [{ collection: place, key, before: null, after: { ...object, ...order } }];
  };
}

/** Leaves something out that the proposal has, with what points to it. */
export function leaveOut({ collection: place, key }: Difference): Plan {
  if (place === ANNOTATIONS) return removeObjects([key]);
  return (document) => {
    const before = objectAt(document, place, key);
    return before === null ? [] : [{ collection: place, key, before, after: null }];
  };
}

/** A place above all that is there. */
function above(document: Document, place: string): string {
  let last: string | null = null;
  for (const { order } of collection(document, place).values()) {
    if (typeof order === "string" && (last === null || compareOrder(order, last) > 0)) last = order;
  }
  return orderBetween(last, null);
}
