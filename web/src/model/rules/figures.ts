import type { BoxShape } from "../../math/box.js";
import { distance, type ImagePoint } from "../../math/space.js";
import { cuboidFace, isCuboidCorner, type CuboidCorner, type CuboidCorners } from "../cuboids.js";
import { isObject, type Json, type JsonObject } from "../json.js";
import type { RuleBook } from "./book.js";
import { below, fault, isNothing, judged, judgedInTurn, type Fault, type Rule } from "./rule.js";

/** The shape of an annotation. The ends of an ellipse's axes are kept as they were drawn, which need not be exact. */
export type Figure =
  | { readonly type: "box"; readonly box: BoxShape }
  | { readonly type: "polygon" | "line" | "ellipse"; readonly vertices: readonly ImagePoint[] }
  | { readonly type: "point"; readonly point: ImagePoint }
  | { readonly type: "cuboid"; readonly corners: CuboidCorners };

/** A figure, or what keeps an object from being one. */
export interface Reading<Value = Figure> {
  readonly value: Value | null;
  readonly faults: readonly Fault[];
}

/** A member that must be a number. */
export interface Measure {
  readonly object: JsonObject;
  readonly name: string;
}

/** One corner of a cuboid, and those read before it. */
export interface NamedCorner {
  readonly name: Json | undefined;
  readonly corners: CuboidCorners;
}

const AGAIN = "Delete it and draw it again.";

export const MEASURE: readonly Rule<Measure>[] = [
  { name: "a position is given", judge: ({ object, name }) => (isNothing(object[name]) ? fault(`Its position is not complete. ${AGAIN}`, name) : null) },
  { name: "a position is a number", judge: ({ object, name }) => (isNothing(object[name]) || typeof object[name] === "number" ? null : fault(`Its position is not a number. ${AGAIN}`, name)) },
];

export const BOX_READING: readonly Rule<JsonObject>[] = [
  { name: "a rotation is a number", judge: ({ rotation }) => (isNothing(rotation) || typeof rotation === "number" ? null : fault(`Its rotation is not a number. ${AGAIN}`, "rotation")) },
  {
    name: "no side is negative",
    judge: (object) => ["width", "height"].flatMap((name) => ((object[name] as number) < 0 ? [fault(`A side is less than nothing. ${AGAIN}`, name)] : [])),
  },
];

export const VERTEX_LIST: readonly Rule<JsonObject>[] = [
  { name: "vertices are given", judge: ({ vertices }) => (isNothing(vertices) ? fault(`It has no vertices. ${AGAIN}`, "vertices") : null) },
  { name: "vertices are a list", judge: ({ vertices }) => (isNothing(vertices) || Array.isArray(vertices) ? null : fault(`Its vertices cannot be read. ${AGAIN}`, "vertices")) },
  { name: "there are vertices", judge: ({ vertices }) => (Array.isArray(vertices) && vertices.length === 0 ? fault(`It has no vertices. ${AGAIN}`, "vertices") : null) },
];

export const VERTEX: readonly Rule<Json>[] = [
  { name: "a vertex is an object", judge: (vertex) => (isObject(vertex) ? null : fault(`One of its vertices cannot be read. ${AGAIN}`)) },
];

export const ELLIPSE_READING: readonly Rule<readonly ImagePoint[]>[] = [
  { name: "an ellipse has four ends", judge: (ends) => (ends.length === 4 ? null : fault(`An ellipse has four ends of its axes, not ${ends.length}. ${AGAIN}`, "vertices")) },
  {
    name: "an ellipse is not flat",
    judge: (ends) => (ends.length !== 4 || (distance(ends[0], ends[2]) > 0 && distance(ends[1], ends[3]) > 0) ? null : fault("The ellipse is flat. Widen it or delete it.", "vertices")),
  },
  {
    name: "the axes of an ellipse share their middle",
    judge: (ends) => (ends.length !== 4 || Math.hypot(ends[0].x + ends[2].x - ends[1].x - ends[3].x, ends[0].y + ends[2].y - ends[1].y - ends[3].y) <= 1
      ? null : fault(`The axes of the ellipse have different middles. ${AGAIN}`, "vertices")),
  },
  {
    name: "the axes of an ellipse stand at right angles",
    judge: (ends) => {
      if (ends.length !== 4) return null;
      const [a, b, c, d] = ends;
      const scalar = (a.x - c.x) * (b.x - d.x) + (a.y - c.y) * (b.y - d.y);
      return Math.abs(scalar) <= 0.01 * distance(a, c) * distance(b, d) ? null : fault(`The axes of the ellipse do not stand at right angles. ${AGAIN}`, "vertices");
    },
  },
];

export const CORNER: readonly Rule<NamedCorner>[] = [
  { name: "a corner of a cuboid has a name of one", judge: ({ name }) => (isCuboidCorner(name) ? null : fault(`A corner of the cuboid has no name. ${AGAIN}`, "description")) },
  { name: "a corner of a cuboid stands once", judge: ({ name, corners }) => (isCuboidCorner(name) && corners[name] !== undefined ? fault(`A corner of the cuboid stands twice. ${AGAIN}`, "description") : null) },
];

export const CUBOID_READING: readonly Rule<CuboidCorners>[] = [
  {
    name: "a cuboid has its face and both corners of the side or none",
    judge: (corners) => (isWhole(corners) ? null : fault(`The cuboid lacks corners. ${AGAIN}`, "vertices")),
  },
];

/** Reads the shape of an annotation; the geometry is one of the six. */
export function readFigure(type: string, object: JsonObject, book: RuleBook): Reading {
  switch (type) {
    case "box": return mapped(readBox(object, book), (box) => ({ type, box }));
    case "polygon":
    case "line": return mapped(readVertices(object, book), (vertices) => ({ type, vertices }));
    case "ellipse": return mapped(readEllipse(object, book), (vertices) => ({ type, vertices }));
    case "point": return mapped(readPoint(object, book), (point) => ({ type, point }));
    case "cuboid": return mapped(readCuboid(object, book), (corners) => ({ type, corners }));
    default: return { value: null, faults: [] };
  }
}

export function readVertices(object: JsonObject, book: RuleBook): Reading<readonly ImagePoint[]> {
  const faults = judgedInTurn(book.vertexList, object, "submit");
  if (faults.length > 0 || !Array.isArray(object.vertices) || object.vertices.length === 0) return { value: null, faults };
  const readings = (object.vertices as readonly Json[]).map((vertex, i) => readVertex(vertex, i, book));
  const points = readings.map(({ value }) => value);
  return { value: points.every((point) => point !== null) ? points as ImagePoint[] : null, faults: readings.flatMap((reading) => reading.faults) };
}

function readVertex(vertex: Json, index: number, book: RuleBook): Reading<ImagePoint> {
  const faults = judgedInTurn(book.vertex, vertex, "submit");
  const { value, faults: further } = isObject(vertex) ? readPoint(vertex, book) : { value: null, faults: [] };
  return { value, faults: below([...faults, ...further], "vertices", index) };
}

function readPoint(object: JsonObject, book: RuleBook): Reading<ImagePoint> {
  const faults = measured(object, ["x", "y"], book);
  return { value: typeof object.x === "number" && typeof object.y === "number" ? { x: object.x, y: object.y } : null, faults };
}

function readBox(object: JsonObject, book: RuleBook): Reading<BoxShape> {
  const { left, top, width, height, rotation } = object;
  const faults = [...measured(object, ["left", "top", "width", "height"], book), ...judged(book.boxReading, object, "submit")];
  const whole = typeof left === "number" && typeof top === "number" && typeof width === "number" && typeof height === "number"
    && (isNothing(rotation) || typeof rotation === "number");
  if (!whole || width < 0 || height < 0) return { value: null, faults };
  return { value: { left, top, width, height, rotation: rotation ?? 0 }, faults };
}

function readEllipse(object: JsonObject, book: RuleBook): Reading<readonly ImagePoint[]> {
  const { value, faults } = readVertices(object, book);
  if (value === null) return { value, faults };
  const wrong = judgedInTurn(book.ellipseReading, value, "submit");
  return { value: wrong.length > 0 ? null : value, faults: [...faults, ...wrong] };
}

function readCuboid(object: JsonObject, book: RuleBook): Reading<CuboidCorners> {
  const faults = judgedInTurn(book.vertexList, object, "submit");
  if (faults.length > 0 || !Array.isArray(object.vertices) || object.vertices.length === 0) return { value: null, faults };
  const corners: { [corner in CuboidCorner]?: ImagePoint } = {};
  for (const [i, vertex] of (object.vertices as readonly Json[]).entries()) {
    const { value, faults: unreadable } = readVertex(vertex, i, book);
    if (value === null || !isObject(vertex)) return { value: null, faults: unreadable };
    const name = vertex.description;
    const wrong = judgedInTurn(book.corner, { name, corners }, "submit");
    if (wrong.length > 0 || !isCuboidCorner(name)) return { value: null, faults: below(wrong, "vertices", i) };
    corners[name] = value;
  }
  return { value: isWhole(corners) ? corners : null, faults: judgedInTurn(book.cuboidReading, corners, "submit") };
}

function isWhole(corners: CuboidCorners): boolean {
  return cuboidFace(corners) !== null && (corners["side-topcorner"] === undefined) === (corners["side-bottomcorner"] === undefined);
}

function measured(object: JsonObject, names: readonly string[], book: RuleBook): Fault[] {
  return names.flatMap((name) => judgedInTurn(book.measure, { object, name }, "submit"));
}

function mapped<From, To>({ value, faults }: Reading<From>, make: (value: From) => To): Reading<To> {
  return { value: value === null ? null : make(value), faults };
}
