import { groupShift, shiftInside, unionOf } from "../math/arrange.js";
import { compareOrder, orderBetween } from "../math/order.js";
import type { ImageBounds, ImagePoint } from "../math/space.js";
import { collection, type Document, type Operation } from "../model/document.js";
import { isObject, objectsOf, stringsOf, type Json, type JsonObject } from "../model/json.js";
import { ANNOTATIONS, LINKS, type Plan } from "../model/plans.js";
import { allowsLabel, leavesOf, type Attribute, type Taxonomy } from "../model/taxonomy.js";
import { shapeFor, type Shape, type ShapeLimits, type ShapeSet } from "./Shape.js";

/** Objects on their way to another place, as text: between tasks, tabs and programs. */
export interface Copied {
  /** The piece of work that they come from. */
  readonly work: string;
  readonly objects: readonly { readonly key: string; readonly object: JsonObject }[];
  readonly links: readonly JsonObject[];
}

/** Keeps what was copied. Reading gives everything that may hold objects, the newest first. */
export interface Clipboard {
  read(): Promise<readonly string[]>;
  write(text: string): void;
}

/** A clipboard that lasts as long as the page. */
export function pageClipboard(): Clipboard {
  let kept: readonly string[] = [];
  return { read: () => Promise.resolve(kept), write: (text) => { kept = [text]; } };
}

const FORMAT = "vernier-objects-1";
const MOST_STEPS = 40;

export function writeCopied({ work, objects, links }: Copied): string {
  return JSON.stringify({ format: FORMAT, work, objects, links });
}

/** The objects in a text; null when it is about something else. */
export function readCopied(text: string): Copied | null {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  if (!isObject(value) || value.format !== FORMAT || typeof value.work !== "string") return null;
  const objects = objectsOf(value.objects).flatMap(({ key, object }) => (typeof key === "string" && isObject(object) ? [{ key, object }] : []));
  return objects.length === 0 ? null : { work: value.work, objects, links: objectsOf(value.links) };
}

/** The objects of a draft with the links among them. */
export function copiedFrom(work: string, document: Document, keys: ReadonlySet<string>): Copied {
  const objects = [...collection(document, ANNOTATIONS)].filter(([key]) => keys.has(key)).sort(([, a], [, b]) => compareOrder(orderOf(a), orderOf(b)));
  const among = ({ from, to }: JsonObject) => typeof from === "string" && keys.has(from) && typeof to === "string" && keys.has(to);
  const links = [...collection(document, LINKS).values()].filter(among).sort((a, b) => compareOrder(orderOf(a), orderOf(b)));
  return { work, objects: objects.map(([key, object]) => ({ key, object })), links };
}

/** Where objects are pasted. */
export interface Target {
  readonly taxonomy: Taxonomy;
  readonly shapes: ShapeSet;
  readonly limits: ImageBounds;
  newKey(): string;
}

/** How far pasted objects are to be moved from where they were copied; `bounds` is around all of them. */
export type Placing = (bounds: ImageBounds) => { readonly dx: number; readonly dy: number };

export interface Pasted {
  readonly objects: ReadonlyMap<string, JsonObject>;
  readonly links: ReadonlyMap<string, JsonObject>;
  /** What could not come along, in sentences. */
  readonly losses: readonly string[];
}

interface Coming {
  readonly from: string;
  readonly key: string;
  readonly type: string;
  readonly shape: Shape;
  readonly geometry: unknown;
  readonly source: JsonObject;
  readonly label: string | null;
}

/** What of the copied objects the target can hold: new keys, its own labels and questions only, all of it inside the picture. */
export function fitIn({ objects, links }: Copied, target: Target, placing: Placing): Pasted {
  const { taxonomy } = target;
  const losses = new Losses();
  const coming = objects.flatMap(({ key, object }): Coming[] => {
    const type = typeof object.type === "string" ? object.type : "";
    const shape = shapeFor(target.shapes, type), geometry = shape?.read(object) ?? null;
    if (shape === null || geometry === null || taxonomy.geometries[type] === undefined) {
      losses.types.push(shape?.noun ?? "shape");
      return [];
    }
    if (isLarger(shape.bounds(geometry), target.limits)) {
      losses.large += 1;
      return [];
    }
    const label = typeof object.label === "string" ? object.label : null, fits = label !== null && taxonomy.withLabels && allowsLabel(taxonomy, type, label);
    if (label !== null && taxonomy.withLabels && !fits) losses.labels.push(label);
    return [{ from: key, key: target.newKey(), type, shape, geometry, source: object, label: fits ? label : null }];
  });
  const limitsOf = (type: string): ShapeLimits => ({ bounds: target.limits, rule: taxonomy.geometries[type] ?? null });
  const all = unionOf(coming.map(({ shape, geometry }) => shape.bounds(geometry)));
  const { dx, dy } = all === null ? { dx: 0, dy: 0 } : placing(all);
  const byOldKey = new Map(coming.map((one) => [one.from, one]));
  const placed = coming.map(({ shape, type, geometry, source, label, key }): [string, JsonObject] => {
    // A group that does not fit as a whole comes with each of its members as near as it gets.
    const inside = shiftInside(shifted(shape.bounds(geometry), dx, dy), target.limits);
    const attributes = answersFor(taxonomy, isObject(source.attributes) ? source.attributes : {}, byOldKey, losses);
    return [key, shape.write(shape.move(geometry, dx + inside.dx, dy + inside.dy, limitsOf(type)), { type, label, attributes })];
  });
  const linked = links.flatMap((link): [string, JsonObject][] => {
    const from = byOldKey.get(String(link.from)), to = byOldKey.get(String(link.to));
    if (from === undefined || to === undefined) return [];
    if (!taxonomy.links.some(({ label }) => label === link.label)) {
      losses.links += 1;
      return [];
    }
    return [[target.newKey(), { label: link.label, from: from.key, to: to.key, attributes: isObject(link.attributes) ? link.attributes : {} }]];
  });
  return { objects: new Map(placed), links: new Map(linked), losses: losses.sentences() };
}

function shifted({ left, top, right, bottom }: ImageBounds, dx: number, dy: number): ImageBounds {
  return { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
}

function isLarger(a: ImageBounds, b: ImageBounds): boolean {
  return a.right - a.left > b.right - b.left || a.bottom - a.top > b.bottom - b.top;
}

function answersFor(taxonomy: Taxonomy, answers: JsonObject, byOldKey: ReadonlyMap<string, Coming>, losses: Losses): JsonObject {
  return Object.fromEntries(Object.entries(answers).flatMap(([key, value]): [string, Json][] => {
    const attribute = taxonomy.attributes.find((one) => one.key === key && !one.isGlobal);
    const kept = attribute === undefined ? null : attribute.type === "linked" ? relinked(attribute, value, byOldKey) : answerFor(attribute, value);
    // That an answer points to an object that was not copied is no surprise.
    if (kept === null && value !== null && attribute?.type !== "linked") losses.answers.add(attribute?.description ?? key);
    return kept === null ? [] : [[key, kept]];
  }));
}

function relinked({ allowedLabels }: Attribute, value: Json, byOldKey: ReadonlyMap<string, Coming>): Json {
  const pointed = typeof value === "string" ? byOldKey.get(value) : undefined;
  return pointed !== undefined && pointed.label !== null && allowedLabels.includes(pointed.label) ? pointed.key : null;
}

/** An answer as far as a question admits it; null when nothing is left. */
function answerFor({ type, choices, allowMultiple }: Attribute, value: Json): Json {
  switch (type) {
    case "category": {
      const possible = new Set(leavesOf(choices).map(({ choice }) => choice));
      const kept = stringsOf(value).filter((choice) => possible.has(choice));
      if (kept.length === 0) return null;
      return allowMultiple ? kept : kept.length === 1 ? kept[0] : null;
    }
    case "number": case "angle": case "x_line": case "y_line": return typeof value === "number" ? value : null;
    default: return typeof value === "string" ? value : null;
  }
}

/** Collects what could not be pasted and says it. */
class Losses {
  readonly types: string[] = [];
  readonly labels: string[] = [];
  readonly answers = new Set<string>();
  links = 0;
  large = 0;

  sentences(): string[] {
    const { types, labels, answers, links, large } = this;
    return [
      ...(types.length > 0 ? [`${counted(types.length, "object")} left out: this task does not ask for ${[...new Set(types)].map(plural).join(" and ")}.`] : []),
      ...(large > 0 ? [`${counted(large, "object")} left out: larger than this picture.`] : []),
      ...(labels.length > 0 ? [`${counted(labels.length, "object")} pasted without a label: this task does not have ${quoted(labels)} for them.`] : []),
      ...(answers.size > 0 ? [`Answers left out, as this task does not take them: ${quoted([...answers])}.`] : []),
      ...(links > 0 ? [`${counted(links, "link")} left out: this task does not have them.`] : []),
    ];
  }
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function plural(noun: string): string {
  return noun.endsWith("x") ? `${noun}es` : `${noun}s`;
}

function quoted(words: readonly string[]): string {
  const different = [...new Set(words)].map((word) => `"${word}"`);
  return different.length > 3 ? `${different.slice(0, 3).join(", ")} and ${different.length - 3} more` : different.join(", ");
}

/** Adds what was pasted above everything else. */
export function addPasted({ objects, links }: Pasted): Plan {
  return (document) => [...above(document, ANNOTATIONS, objects), ...above(document, LINKS, links)];
}

function above(document: Document, name: string, objects: ReadonlyMap<string, JsonObject>): Operation[] {
  let last = [...collection(document, name).values()].map(orderOf).reduce<string | null>((most, order) => (order !== "" && (most === null || compareOrder(order, most) > 0) ? order : most), null);
  return [...objects].map(([key, object]) => {
    last = orderBetween(last, null);
    return { collection: name, key, before: null, after: { ...object, order: last } };
  });
}

function orderOf({ order }: JsonObject): string {
  return typeof order === "string" ? order : "";
}

/** Puts the middle of the objects at a point, as far as all of them stay inside. */
export function centredAt(point: ImagePoint, limits: ImageBounds): Placing {
  return (bounds) => groupShift([bounds], limits, point.x - (bounds.left + bounds.right) / 2, point.y - (bounds.top + bounds.bottom) / 2);
}

/**
 * Puts objects beside where they were, so far that they can be seen: by one step down and right, or by as many as it takes until
 * nothing lies there already; the other way where there is no room. From `first` 0 on, the old place itself is tried first.
 */
export function steppedAside(step: number, first: 0 | 1, limits: ImageBounds, isTaken: (bounds: ImageBounds) => boolean): Placing {
  return (bounds) => {
    for (const direction of [1, -1]) {
      for (let count = first; count < MOST_STEPS; count++) {
        const by = count * step * direction;
        const shift = groupShift([bounds], limits, by, by);
        if (count > 0 && shift.dx === 0 && shift.dy === 0) break;
        if (!isTaken(shifted(bounds, shift.dx, shift.dy))) return shift;
      }
    }
    return groupShift([bounds], limits, step, step);
  };
}
