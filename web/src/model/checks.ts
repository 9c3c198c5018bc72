import { boxCorners } from "../math/box.js";
import { compareOrder } from "../math/order.js";
import { contains, type ImageBounds, type ImagePoint } from "../math/space.js";
import { visibleAttributes } from "./conditions.js";
import type { DraftCollections } from "./document.js";
import { isObject, numberOf, objectsOf, type Json, type JsonObject } from "./json.js";
import { leavesOf, type Attribute, type GeometryRule, type Taxonomy } from "./taxonomy.js";

/** A broken rule: where, in words, and the key of the object or the global attribute it belongs to. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly key?: string;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Positions may exceed the border by this much, which rounding of rotated corners needs; in pixels. */
const TOLERANCE = 1e-6;
const NAMES: { readonly [type: string]: string } = {
  box: "boxes", polygon: "polygons", line: "lines", point: "points", ellipse: "ellipses", cuboid: "cuboids",
};

/** The attribute that a path of an issue is about; null for paths to something else. */
export function questionOf(path: string): string | null {
  return /(?:^|\.)(?:global_attributes|attributes)\.(.+?)(?:\[\d+\])?$/.exec(path)?.[1] ?? null;
}

export function paddedPicture(taxonomy: Taxonomy, picture: PictureSize): ImageBounds {
  return { left: -taxonomy.padX, top: -taxonomy.padY, right: picture.width + taxonomy.padX, bottom: picture.height + taxonomy.padY };
}

/** The objects of the draft in the order they stand on screen and in the response. */
export function orderedAnnotations(annotations: { readonly [key: string]: JsonObject }): [string, JsonObject][] {
  return Object.entries(annotations).sort(([keyA, a], [keyB, b]) => compareOrder(textOf(a.order), textOf(b.order)) || compareOrder(keyA, keyB));
}

/** Everything that stands between this draft and an accepted answer. */
export function checkDraft(taxonomy: Taxonomy, picture: PictureSize, draft: DraftCollections): Issue[] {
  const annotations = draft.annotations ?? {};
  const limits = paddedPicture(taxonomy, picture);
  const issues = orderedAnnotations(annotations).flatMap(([key, object], index) => {
    const path = `annotations[${index}]`;
    return [
      ...labelIssues(taxonomy, object, path),
      ...geometryIssues(taxonomy.geometries[textOf(object.type)], object, limits, path),
      ...answerIssues(taxonomy, "object", labelOf(object), isObject(object.attributes) ? object.attributes : {}, `${path}.attributes`, annotations),
    ].map((issue): Issue => ({ path: issue.path, message: issue.message, key }));
  });
  const globals = Object.fromEntries(Object.entries(draft.attributes ?? {}).map(([key, { value }]) => [key, value ?? null]));
  return [...issues, ...answerIssues(taxonomy, "global", null, globals, "global_attributes", annotations)];
}

function labelIssues(taxonomy: Taxonomy, object: JsonObject, path: string): Issue[] {
  const type = textOf(object.type), label = labelOf(object);
  const rule = taxonomy.geometries[type];
  if (rule === undefined) return [{ path: `${path}.type`, message: `This task does not ask for ${NAMES[type] ?? `"${type}"`}.` }];
  if (!taxonomy.withLabels) return [];
  if (label === null) return [{ path: `${path}.label`, message: "Choose a label." }];
  if (leavesOf(rule.labels).some((leaf) => leaf.choice === label)) return [];
  return [{ path: `${path}.label`, message: `"${label}" is not a label for ${NAMES[type] ?? type}.` }];
}

function geometryIssues(rule: GeometryRule | undefined, object: JsonObject, limits: ImageBounds, path: string): Issue[] {
  if (rule === undefined) return [];
  if (rule.type === "box") return boxIssues(rule, object, limits, path);
  if (rule.type === "polygon" || rule.type === "line") return vertexIssues(rule, object, limits, path);
  return [];
}

function boxIssues(rule: GeometryRule, object: JsonObject, limits: ImageBounds, path: string): Issue[] {
  const left = finite(object.left), top = finite(object.top), width = finite(object.width), height = finite(object.height);
  if (left === null || top === null || width === null || height === null) {
    const missing = ["left", "top", "width", "height"].filter((name) => finite(object[name]) === null);
    return missing.map((name) => ({ path: `${path}.${name}`, message: "The box has no complete position." }));
  }
  const issues: Issue[] = [];
  const rotation = finite(object.rotation) ?? 0;
  if (rotation !== 0 && !rule.canRotate) issues.push({ path: `${path}.rotation`, message: "Boxes of this task must not be rotated." });
  if (width <= 0 || width < rule.minWidth) issues.push({ path: `${path}.width`, message: sizeMessage("wide", width, rule.minWidth) });
  if (height <= 0 || height < rule.minHeight) issues.push({ path: `${path}.height`, message: sizeMessage("high", height, rule.minHeight) });
  const corners = boxCorners({ left, top, width, height, rotation });
  if (!corners.every((corner) => contains(limits, corner, TOLERANCE))) issues.push({ path, message: "The box reaches beyond the picture." });
  return issues;
}

function vertexIssues(rule: GeometryRule, object: JsonObject, limits: ImageBounds, path: string): Issue[] {
  const vertices = readVertices(object.vertices);
  const noun = rule.type;
  if (vertices === null) return [{ path: `${path}.vertices`, message: `The ${noun} has a vertex without a position.` }];
  const issues: Issue[] = [];
  const count = vertices.length;
  if (count < rule.minVertices) issues.push({ path: `${path}.vertices`, message: `The ${noun} has ${count} vertices; at least ${rule.minVertices} are needed.` });
  if (rule.maxVertices !== null && count > rule.maxVertices) {
    issues.push({ path: `${path}.vertices`, message: `The ${noun} has ${count} vertices; at most ${rule.maxVertices} are allowed.` });
  }
  const outside = vertices.findIndex((vertex) => !contains(limits, vertex, TOLERANCE));
  if (outside >= 0) issues.push({ path: `${path}.vertices[${outside}]`, message: `The ${noun} reaches beyond the picture.` });
  return issues;
}

function answerIssues(
  taxonomy: Taxonomy, scope: "object" | "global", label: string | null, answers: JsonObject, path: string,
  annotations: { readonly [key: string]: JsonObject },
): Issue[] {
  const asked = taxonomy.attributes.filter(({ isGlobal }) => isGlobal === (scope === "global")).map(({ key }) => key);
  const strange = Object.keys(answers).filter((key) => !asked.includes(key))
    .map((key): Issue => ({ path: `${path}.${key}`, message: `"${key}" is not a question of this task.`, key }));
  return [...strange, ...visibleAttributes(taxonomy.attributes, scope, label, answers).flatMap((attribute): Issue[] => {
    const answer = answers[attribute.key];
    const message = answerFault(attribute, answer, annotations);
    if (message === null) return [];
    // Of a list of choices the place of the wrong one is told.
    const place = attribute.type === "category" && attribute.allowMultiple && Array.isArray(answer) ? faultyChoice(attribute, answer) : -1;
    return [{ path: `${path}.${attribute.key}${place < 0 ? "" : `[${place}]`}`, message, key: attribute.key }];
  })];
}

/** The place of the first choice in a list that does not exist or was given before; -1 when there is none. */
function faultyChoice(attribute: Attribute, answers: readonly Json[]): number {
  const choices: readonly Json[] = leavesOf(attribute.choices).map((leaf) => leaf.choice);
  return answers.findIndex((answer, i) => !choices.includes(answer) || answers.indexOf(answer) < i);
}

/** What is wrong with an answer, in words; null when nothing is. */
export function answerFault(attribute: Attribute, answer: Json | undefined, annotations: { readonly [key: string]: JsonObject } = {}): string | null {
  const name = `"${attribute.description}"`;
  if (!isAnswered(answer)) return attribute.required ? `${name} needs an answer.` : null;
  switch (attribute.type) {
    case "category": {
      if (Array.isArray(answer) !== attribute.allowMultiple) return attribute.allowMultiple ? `${name} takes a list of choices.` : `${name} takes one choice.`;
      const given: readonly Json[] = Array.isArray(answer) ? answer : [answer as Json];
      const wrong = faultyChoice(attribute, given);
      if (wrong < 0) return null;
      return given.indexOf(given[wrong]) < wrong ? `${name} has the choice "${String(given[wrong])}" twice.` : `${name} has no choice "${String(given[wrong])}".`;
    }
    case "number": return numberFault(attribute, answer, name);
    case "angle": return typeof answer === "number" && answer >= 0 && answer <= 360 ? null : `${name} must be between 0 and 360 degrees.`;
    case "x_line":
    case "y_line": return typeof answer === "number" && Number.isFinite(answer) ? null : `${name} must be a number.`;
    case "linked": {
      const target = typeof answer === "string" ? annotations[answer] : undefined;
      if (target === undefined) return `${name} points to an object that is not there.`;
      const label = labelOf(target);
      return label !== null && attribute.allowedLabels.includes(label) ? null : `${name} must point to ${attribute.allowedLabels.join(" or ")}.`;
    }
    default: return typeof answer === "string" ? null : `${name} must be a text.`;
  }
}

function numberFault(attribute: Attribute, answer: Json | undefined, name: string): string | null {
  if (typeof answer !== "number" || !Number.isFinite(answer)) return `${name} must be a number.`;
  const { min, max, step } = attribute;
  if (min !== null && answer < min) return `${name} must be at least ${min}.`;
  if (max !== null && answer > max) return `${name} must be at most ${max}.`;
  const steps = (answer - (min ?? 0)) / step;
  if (step > 0 && Math.abs(steps - Math.round(steps)) > 1e-9) return `${name} goes in steps of ${step}${min === null ? "" : ` from ${min}`}.`;
  return null;
}

export function isAnswered(answer: Json | undefined): boolean {
  if (answer === undefined || answer === null) return false;
  if (typeof answer === "string") return answer.trim() !== "";
  return !Array.isArray(answer) || answer.length > 0;
}

/** The vertices of an object, or null when one of them lacks a finite position. */
export function readVertices(value: Json | undefined): ImagePoint[] | null {
  const vertices = objectsOf(value).map(({ x, y }) => ({ x: finite(x), y: finite(y) }));
  return vertices.every((vertex): vertex is { x: number; y: number } => vertex.x !== null && vertex.y !== null) ? vertices : null;
}

export function labelOf(object: JsonObject): string | null {
  return typeof object.label === "string" ? object.label : null;
}

function sizeMessage(word: string, size: number, minimum: number): string {
  return minimum > 0 ? `The box is ${Math.round(size * 100) / 100} px ${word}; at least ${minimum} px are needed.` : `The box must be more than 0 px ${word}.`;
}

function finite(value: Json | undefined): number | null {
  return typeof value === "number" ? numberOf(value) : null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
