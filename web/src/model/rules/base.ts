import { isObject, type Json, type JsonObject } from "../json.js";
import type { BaseAnnotations } from "../permissions.js";
import { below, fault, judged, type Context, type Fault, type Rule } from "./rule.js";
import { writtenAnnotation } from "./writing.js";

/** The annotations of a response beside those that were handed in with the task. */
export interface BaseSubject {
  readonly annotations: readonly Json[];
  readonly base: BaseAnnotations;
  readonly context: Context;
}

/** How far numbers may differ and still be the same. */
const TOLERANCE = 1e-6;

export const BASE: readonly Rule<BaseSubject>[] = [
  {
    name: "nothing is added to base annotations where nothing may be",
    judge: ({ annotations, base }) => (base.canAdd ? null : annotations.flatMap((annotation, i) => (
      isObject(annotation) && typeof annotation.uuid === "string" && !base.originals.has(annotation.uuid)
        ? [fault("This task takes no further objects. Delete it.", i)] : []
    ))),
  },
  {
    name: "base annotations stay where they may not be deleted",
    judge: ({ annotations, base }) => (base.canDelete ? null : [...base.originals.keys()]
      .filter((uuid) => placeOf(uuid, annotations) < 0)
      .map(() => fault("An object that came with the task is missing, and must not be deleted. Undo that."))),
  },
  {
    name: "locked base annotations stay as they were",
    judge: ({ base, ...subject }) => (base.canEdit ? null : compared({ base, ...subject }, (original, annotation, uuid) => (
      differences(writtenAnnotation({ key: uuid, object: original, ...subject.context }), original, annotation)
        .map((name) => fault("This object came with the task and is locked. Undo the change.", name))
    ))),
  },
  {
    name: "labels of base annotations stay where they are locked",
    judge: (subject) => (subject.base.canEditLabels || !subject.base.canEdit ? null : compared(subject, (original, annotation) => (
      isSame(original.label, annotation.label) ? [] : [fault("The label of this object came with the task and is locked. Undo the change.", "label")]
    ))),
  },
];

export function baseFaults(annotations: readonly Json[], context: Context): Fault[] {
  const { taxonomy: { base }, strictness, book } = context;
  return strictness === "draft" ? [] : judged(book.base, { annotations, base, context }, strictness);
}

function compared(
  { annotations, base }: BaseSubject, compare: (original: JsonObject, annotation: JsonObject, uuid: string) => readonly Fault[],
): Fault[] {
  return [...base.originals].flatMap(([uuid, original]) => {
    const place = placeOf(uuid, annotations);
    return place < 0 ? [] : below(compare(original, annotations[place] as JsonObject, uuid), place);
  });
}

function placeOf(uuid: string, annotations: readonly Json[]): number {
  return annotations.findIndex((annotation) => isObject(annotation) && annotation.uuid === uuid);
}

/** The members that differ, without those that follow from the rest. */
function differences(wanted: JsonObject, original: JsonObject, annotation: JsonObject): string[] {
  const derived = ["edges", "points_2d", "points_3d", ...(original.left === undefined ? [] : ["vertices"])];
  return Object.keys(wanted).filter((name) => !derived.includes(name) && !isSame(wanted[name], annotation[name]));
}

/** Whether two values are equal; numbers may differ a little, and null, nothing and `{}` are the same. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= TOLERANCE;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && (a as readonly Json[]).every((value, i) => isSame(value, (b as readonly Json[])[i]));
  if (isObject(a) && isObject(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => isSame(a[name], b[name]));
  return a === b;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);
}
