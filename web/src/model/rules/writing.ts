import { boxCorners, roundBox, type BoxShape } from "../../math/box.js";
import { correctCuboid } from "../../math/cuboid.js";
import { compareOrder } from "../../math/order.js";
import type { ImagePoint } from "../../math/space.js";
import { withinTurn } from "../../math/radians.js";
import { CUBOID_CORNERS, cuboidDrawing, cuboidEdges, type CuboidCorners } from "../cuboids.js";
import type { DraftCollections } from "../document.js";
import { isAnswered, isObject, type Json, type JsonObject } from "../json.js";
import { linkRule } from "../links.js";
import { isImageRotation, type Attribute, type GeometryRule, type Taxonomy } from "../taxonomy.js";
import type { RuleBook } from "./book.js";
import { readFigure, type Figure } from "./figures.js";
import { isNothing } from "./rule.js";
import { attributesOf, declaredAt, visibleBy, type Scope } from "./visibility.js";

/** What writing a response needs to know. */
export interface Writing {
  readonly taxonomy: Taxonomy;
  readonly book: RuleBook;
}

/** Which of two objects stands first; by name, so that each can be tried without. */
export interface Ordering {
  readonly name: string;
  readonly compare: (a: readonly [string, JsonObject], b: readonly [string, JsonObject]) => number;
}

/** A change to a box on its way into the response. */
export interface Finish {
  readonly name: string;
  readonly apply: (box: BoxShape, rule: GeometryRule | undefined) => BoxShape;
}

/** What becomes of an answer on its way into the response; nothing where it is left out. The attribute is null for an unknown key. */
export interface AnswerFinish {
  readonly name: string;
  readonly apply: (answer: Json, attribute: Attribute | null, isAsked: boolean) => Json | undefined;
}

/** Some members of what is written about a subject. */
export interface Part<Subject> {
  readonly name: string;
  readonly write: (subject: Subject) => JsonObject;
}

export interface BoxSubject {
  readonly box: BoxShape;
  readonly rule: GeometryRule | undefined;
}

export interface ObjectSubject extends Writing {
  readonly key: string;
  readonly object: JsonObject;
}

export interface LinkSubject extends ObjectSubject {
  readonly annotations: { readonly [key: string]: JsonObject };
}

export interface DraftSubject extends Writing {
  readonly draft: DraftCollections;
}

export const ORDERING: readonly Ordering[] = [
  { name: "objects stand in their order, then by key", compare: ([keyA, a], [keyB, b]) => compareOrder(textOf(a.order), textOf(b.order)) || compareOrder(keyA, keyB) },
];

export const BOX_FINISH: readonly Finish[] = [
  { name: "a rotation lies within one turn", apply: (box) => ({ ...box, rotation: withinTurn(box.rotation) }) },
  { name: "edges are rounded to whole pixels where they must be", apply: (box, rule) => (rule?.integerPixels === true ? roundBox(box) : box) },
];

export const BOX_PARTS: readonly Part<BoxSubject>[] = [
  { name: "a box has its four measures", write: ({ box: { left, top, width, height } }) => ({ left, top, width, height }) },
  // A turned box where none may be turned is left to the check.
  { name: "a box that may turn carries its rotation", write: ({ box, rule }): JsonObject => (rule?.canRotate === true || box.rotation !== 0 ? { rotation: box.rotation } : {}) },
  { name: "a box that may turn carries its corners", write: ({ box, rule }): JsonObject => (rule?.canRotate === true ? { vertices: written(boxCorners(box)) } : {}) },
];

export const CUBOID_PARTS: readonly Part<{ readonly corners: CuboidCorners; readonly rule: GeometryRule | undefined }>[] = [
  {
    name: "the corners of a cuboid are written in a fixed order",
    write: ({ corners }) => ({
      vertices: CUBOID_CORNERS.flatMap((description) => {
        const point = corners[description];
        return point === undefined ? [] : [{ x: point.x, y: point.y, type: "vertex", description }];
      }),
    }),
  },
  {
    name: "the edges of a cuboid follow from its corners",
    write: ({ corners }) => ({
      edges: cuboidEdges(corners).map(({ name, from, to }) => ({ x1: from.x, y1: from.y, x2: to.x, y2: to.y, type: "edge", description: name })),
    }),
  },
  { name: "a cuboid before a known camera carries its corrected corners", write: ({ corners, rule }) => correctedCorners(corners, rule) },
];

export const ANSWER_FINISH: readonly AnswerFinish[] = [
  { name: "answers to hidden questions are left out", apply: (answer, attribute, isAsked) => (attribute === null || isAsked ? answer : undefined) },
  { name: "empty answers are left out", apply: (answer) => (isAnswered(answer) ? answer : undefined) },
  { name: "a full turn is written as none", apply: (answer, attribute) => (attribute?.type === "angle" && answer === 360 ? 0 : answer) },
  {
    name: "the rotation of the picture lies within one turn",
    apply: (answer, attribute) => (attribute !== null && isImageRotation(attribute) && typeof answer === "number" ? ((answer % 360) + 360) % 360 : answer),
  },
];

export const ANNOTATION_PARTS: readonly Part<ObjectSubject>[] = [
  { name: "an annotation carries its key as uuid", write: ({ key }) => ({ uuid: key }) },
  { name: "an annotation carries its geometry's name", write: ({ object }) => copied(object, ["type"]) },
  { name: "an annotation carries its label where there are labels", write: ({ object, taxonomy }): JsonObject => (taxonomy.withLabels ? { label: object.label ?? null } : {}) },
  { name: "an annotation carries its shape", write: (subject) => writtenShape(subject) },
  {
    name: "an annotation carries attributes where the task declares some",
    write: ({ object, taxonomy, book }): JsonObject => (taxonomy.hasAttributes ? { attributes: writtenAnswers(object.attributes, "object", textOrNull(object.label), { taxonomy, book }) } : {}),
  },
];

export const LINK_PARTS: readonly Part<LinkSubject>[] = [
  { name: "a link carries its key as uuid", write: ({ key }) => ({ uuid: key }) },
  { name: "a link carries its label and ends", write: ({ object }) => copied(object, ["label", "from", "to"]) },
  {
    name: "a link says whether it goes both ways",
    write: ({ object: { label, from, to }, taxonomy, annotations }): JsonObject => {
      const first = typeof from === "string" ? textOrNull(annotations[from]?.label) : null;
      const second = typeof to === "string" ? textOrNull(annotations[to]?.label) : null;
      if (typeof label !== "string" || first === null || second === null) return {};
      return { is_bidirectional: linkRule(taxonomy.links, label, first, second)?.isBidirectional ?? false };
    },
  },
  {
    name: "a link carries attributes where some name its label",
    write: ({ object, taxonomy, book }): JsonObject => {
      const label = textOrNull(object.label);
      if (attributesOf(taxonomy.attributes, "link", label).length === 0) return {};
      return { attributes: writtenAnswers(object.attributes, "link", label, { taxonomy, book }) };
    },
  },
];

export const RESPONSE_PARTS: readonly Part<DraftSubject>[] = [
  {
    name: "a response carries the annotations",
    write: ({ draft, taxonomy, book }) => ({ annotations: ordered(draft.annotations ?? {}, book).map(([key, object]) => writtenAnnotation({ key, object, taxonomy, book })) }),
  },
  {
    name: "a response carries global attributes, of older types only where there are some",
    write: ({ draft, taxonomy, book }): JsonObject => {
      if (taxonomy.isLegacy && !taxonomy.attributes.some(({ isGlobal }) => isGlobal)) return {};
      const answers = Object.fromEntries(Object.entries(draft.attributes ?? {}).map(([key, { value }]) => [key, value ?? null]));
      return { global_attributes: writtenAnswers(answers, "global", null, { taxonomy, book }) };
    },
  },
  {
    name: "a response carries links, but not of older types",
    write: ({ draft, taxonomy, book }): JsonObject => (taxonomy.isLegacy ? {} : {
      links: ordered(draft.links ?? {}, book).map(([key, object]) => assembled(book.linkParts, { key, object, annotations: draft.annotations ?? {}, taxonomy, book })),
    }),
  },
];

/** The whole response. What cannot be read is written as it stands, for the check to name it. */
export function writtenResponse(subject: DraftSubject): JsonObject {
  return assembled(subject.book.responseParts, subject);
}

export function writtenAnnotation(subject: ObjectSubject): JsonObject {
  return assembled(subject.book.annotationParts, subject);
}

export function ordered(objects: { readonly [key: string]: JsonObject }, { ordering }: RuleBook): [string, JsonObject][] {
  return Object.entries(objects).sort((a, b) => ordering.reduce((sign, { compare }) => sign || compare(a, b), 0));
}

function assembled<Subject>(parts: readonly Part<Subject>[], subject: Subject): JsonObject {
  return Object.assign({}, ...parts.map(({ write }) => write(subject))) as JsonObject;
}

function writtenShape({ object, taxonomy, book }: ObjectSubject): JsonObject {
  const type = textOf(object.type);
  const { value } = readFigure(type, object, book);
  return value === null ? copied(object, ["left", "top", "width", "height", "rotation", "x", "y", "vertices"]) : writtenFigure(value, taxonomy.geometries[type], book);
}

function writtenFigure(figure: Figure, rule: GeometryRule | undefined, book: RuleBook): JsonObject {
  switch (figure.type) {
    case "box": return assembled(book.boxParts, { box: book.boxFinish.reduce((box, { apply }) => apply(box, rule), figure.box), rule });
    case "point": return { x: figure.point.x, y: figure.point.y };
    case "cuboid": return assembled(book.cuboidParts, { corners: figure.corners, rule });
    default: return { vertices: written(figure.vertices) };
  }
}

function writtenAnswers(answers: Json | undefined, scope: Scope, label: string | null, { taxonomy, book }: Writing): JsonObject {
  if (!isObject(answers)) return {};
  const known = new Map(declaredAt(taxonomy.attributes, scope).map((attribute) => [attribute.key, attribute]));
  const asked = new Set(visibleBy(taxonomy.attributes, scope, label, answers, book).map(({ key }) => key));
  return Object.fromEntries(Object.entries(answers).flatMap(([key, answer]) => {
    const attribute = known.get(key) ?? null;
    const finished = book.answerFinish.reduce<Json | undefined>((value, { apply }) => (value === undefined ? value : apply(value, attribute, asked.has(key))), answer);
    return finished === undefined ? [] : [[key, finished]];
  }));
}

/** The eight corners that the camera makes of a drawing, on the picture and in space; nothing where it makes none. */
function correctedCorners(corners: CuboidCorners, rule: GeometryRule | undefined): JsonObject {
  const drawing = cuboidDrawing(corners);
  const corrected = drawing === null ? "no-side" : correctCuboid(drawing, rule?.camera ?? null);
  if (typeof corrected === "string") return {};
  return { points_2d: written(corrected.points2d), points_3d: corrected.points3d.map(([x, y, z]) => ({ x, y, z })) };
}

function written(points: readonly ImagePoint[]): JsonObject[] {
  return points.map(({ x, y }) => ({ x, y }));
}

function copied(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (isNothing(object[name]) ? [] : [[name, object[name]]])));
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
