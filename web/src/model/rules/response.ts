import { isObject, type Json } from "../json.js";
import { annotationFaults } from "./annotations.js";
import { sheetFaults } from "./answers.js";
import { baseFaults } from "./base.js";
import { linkFaults } from "./links.js";
import { below, fault, isNothing, judged, judgedInTurn, type Context, type Fault, type Rule } from "./rule.js";

export interface Counted {
  readonly count: number;
  readonly least: number;
  readonly most: number | null;
}

export const RESPONSE: readonly Rule<Json>[] = [
  { name: "a response is an object", judge: (response) => (isObject(response) ? null : fault("The answer cannot be read.")) },
  { name: "a response has annotations", judge: (response) => (isObject(response) && isNothing(response.annotations) ? fault("The answer has no objects.", "annotations") : null) },
  { name: "annotations are a list", judge: (response) => (isObject(response) && !isNothing(response.annotations) && !Array.isArray(response.annotations) ? fault("The objects cannot be read.", "annotations") : null) },
];

export const COUNT: readonly Rule<Counted>[] = [
  { name: "there are enough annotations", onSubmit: true, judge: ({ count, least }) => (count >= least ? null : fault(`The task asks for at least ${least} objects; there are ${count}.`)) },
  { name: "there are not too many annotations", onSubmit: true, judge: ({ count, most }) => (most === null || count <= most ? null : fault(`The task asks for at most ${most} objects; there are ${count}.`)) },
];

/** Everything that is wrong with a response; `context` without the labels, which the response itself states. */
export function responseFaults(response: Json, surroundings: Omit<Context, "labels">): Fault[] {
  const { taxonomy, book, strictness } = surroundings;
  const unreadable = judgedInTurn(book.response, response, strictness);
  if (!isObject(response) || !Array.isArray(response.annotations)) return [...unreadable];
  const annotations = response.annotations as readonly Json[];
  const context: Context = { ...surroundings, labels: labelsOf(annotations) };
  const seen = new Set<string>();
  const counted = { count: annotations.length, least: taxonomy.minAnnotations, most: taxonomy.maxAnnotations };
  return [
    ...below([
      ...annotations.flatMap((annotation, i) => below(isObject(annotation)
        ? [...judgedInTurn(book.identity, { object: annotation, seen }, strictness), ...annotationFaults(annotation, context)]
        : judged(book.annotation, annotation, strictness), i)),
      ...judged(book.count, counted, strictness),
      ...baseFaults(annotations, context),
    ], "annotations"),
    ...below(linkFaults(response.links, context), "links"),
    ...below(sheetFaults(response.global_attributes, "global", null, context), "global_attributes"),
  ];
}

function labelsOf(annotations: readonly Json[]): Map<string, string | null> {
  return new Map(annotations.filter(isObject).flatMap(({ uuid, label }) => (
    typeof uuid === "string" ? [[uuid, typeof label === "string" ? label : null]] : []
  )));
}
