import { correctCuboid } from "../math/cuboid.js";
import type { ImageBounds, ImagePoint } from "../math/space.js";
import { cuboidDrawing } from "./cuboids.js";
import type { DraftCollections } from "./document.js";
import { isObject, numberOf, objectsOf, type Json, type JsonObject } from "./json.js";
import { OBSTACLES } from "./obstacles.js";
import { buildResponse } from "./response.js";
import { questionFaults } from "./rules/answers.js";
import { RULES, type RuleBook } from "./rules/book.js";
import { readFigure } from "./rules/figures.js";
import { pathText } from "./rules/path.js";
import { responseFaults } from "./rules/response.js";
import type { Place, Strictness } from "./rules/rule.js";
import { ordered } from "./rules/writing.js";
import type { Attribute, Taxonomy } from "./taxonomy.js";

export { isAnswered } from "./json.js";
export { questionOf } from "./rules/path.js";
export type { Strictness } from "./rules/rule.js";

/** A broken rule: where, in words, and the key of the object or the global attribute it belongs to. A warning keeps nobody from submitting. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly key?: string;
  readonly level?: "warning";
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export function paddedPicture(taxonomy: Taxonomy, picture: PictureSize): ImageBounds {
  return { left: -taxonomy.padX, top: -taxonomy.padY, right: picture.width + taxonomy.padX, bottom: picture.height + taxonomy.padY };
}

/** The objects of the draft in the order they stand on screen and in the response. */
export function orderedAnnotations(annotations: { readonly [key: string]: JsonObject }): [string, JsonObject][] {
  return ordered(annotations, RULES);
}

/** Everything that stands between this draft and an accepted answer, and what is worth a look besides. */
export function checkDraft(taxonomy: Taxonomy, picture: PictureSize | null, draft: DraftCollections, book: RuleBook = RULES): Issue[] {
  const response = buildResponse(taxonomy, draft, book);
  return [...checkResponse(taxonomy, picture, response, "submit", book), ...warningsAbout(taxonomy, response, book)];
}

/** Everything that is wrong with a response; sizes are not judged while that of the picture is unknown. */
export function checkResponse(taxonomy: Taxonomy, picture: PictureSize | null, response: Json, strictness: Strictness, book: RuleBook = RULES): Issue[] {
  const limits = picture === null ? null : paddedPicture(taxonomy, picture);
  return responseFaults(response, { taxonomy, limits, strictness, book }).map(({ at, message }): Issue => {
    const key = keyAt(response, at);
    return { path: pathText(at), message, ...(key === null ? {} : { key }) };
  });
}

/** The cuboids that will lack their corrected corners although the task tells its camera. */
function warningsAbout(taxonomy: Taxonomy, { annotations }: JsonObject, book: RuleBook): Issue[] {
  const camera = taxonomy.geometries.cuboid?.camera ?? null;
  if (camera === null || !Array.isArray(annotations)) return [];
  return (annotations as readonly JsonObject[]).flatMap((annotation, i): Issue[] => {
    const figure = annotation.type === "cuboid" ? readFigure("cuboid", annotation, book).value : null;
    const drawing = figure?.type === "cuboid" ? cuboidDrawing(figure.corners) : null;
    const obstacle = drawing === null ? null : correctCuboid(drawing, camera);
    return typeof obstacle === "string" ? [{ path: pathText(["annotations", i]), message: OBSTACLES[obstacle], key: String(annotation.uuid), level: "warning" }] : [];
  });
}

/** What is wrong with an answer, in words; null when nothing is. */
export function answerFault(attribute: Attribute, answer: Json | undefined, annotations: { readonly [key: string]: JsonObject } = {}): string | null {
  const labels = new Map(Object.entries(annotations).map(([key, object]) => [key, labelOf(object)]));
  return questionFaults({ attribute, answer }, { book: RULES, strictness: "submit", labels })[0]?.message ?? null;
}

/** The vertices of an object, or null when one of them lacks a finite position. */
export function readVertices(value: Json | undefined): ImagePoint[] | null {
  const vertices = objectsOf(value).map(({ x, y }) => ({ x: finite(x), y: finite(y) }));
  return vertices.every((vertex): vertex is { x: number; y: number } => vertex.x !== null && vertex.y !== null) ? vertices : null;
}

export function labelOf(object: JsonObject): string | null {
  return typeof object.label === "string" ? object.label : null;
}

/** The object or the answer that a place lies in: what to go to. */
function keyAt(response: Json, at: Place): string | null {
  const [first, second] = at;
  if (typeof first !== "string") return null;
  if (typeof second === "string") return second;
  const list = isObject(response) ? response[first] : undefined;
  const element = typeof second === "number" && Array.isArray(list) ? (list as readonly Json[])[second] : undefined;
  return isObject(element) && typeof element.uuid === "string" ? element.uuid : first;
}

function finite(value: Json | undefined): number | null {
  return typeof value === "number" ? numberOf(value) : null;
}
