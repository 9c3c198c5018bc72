import { isObject, type Json, type JsonObject } from "./json.js";

/** An annotation as the path of a small drawing, in pixels of the picture, and the box around it. */
export interface Outline {
  readonly path: string;
  readonly isOpen: boolean;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Pair = readonly [number, number];

const ELLIPSE_STEPS = 32;

/** What an annotation looks like; null for what has no shape. */
export function outlineOf(object: JsonObject): Outline | null {
  const lines = linesOf(object).filter((line) => line.length > 0);
  if (lines.length === 0) return null;
  const points = lines.flat(), xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  const isOpen = object.type === "line" || object.type === "point";
  return {
    // A line without a length has round ends, which are seen.
    path: lines.map((line) => (line.length === 1 ? `M${line[0].join(" ")}h0` : `M${line.map((pair) => pair.join(" ")).join("L")}${isOpen ? "" : "Z"}`)).join(""),
    isOpen, left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys),
  };
}

function linesOf(object: JsonObject): Pair[][] {
  switch (object.type) {
    case "box": return [boxCorners(object)];
    case "point": return [pairOf(object)];
    case "ellipse": return [ellipse(verticesOf(object))];
    case "cuboid": return cuboid(object);
    default: return [verticesOf(object)];
  }
}

function boxCorners({ left, top, width, height, rotation }: JsonObject): Pair[] {
  if (typeof left !== "number" || typeof top !== "number" || typeof width !== "number" || typeof height !== "number") return [];
  const x = left + width / 2, y = top + height / 2, turn = typeof rotation === "number" ? rotation : 0;
  const across = Math.cos(turn), down = Math.sin(turn);
  return ([[-1, -1], [1, -1], [1, 1], [-1, 1]] as const).map(([i, j]) => {
    const [dx, dy] = [i * width / 2, j * height / 2];
    return [round(x + dx * across - dy * down), round(y + dx * down + dy * across)];
  });
}

function verticesOf({ vertices }: JsonObject): Pair[] {
  return Array.isArray(vertices) ? (vertices as readonly Json[]).flatMap(pairOf) : [];
}

function pairOf(value: Json): Pair[] {
  return isObject(value) && typeof value.x === "number" && typeof value.y === "number" ? [[value.x, value.y]] : [];
}

/** An ellipse through the ends of its axes: top, right, bottom, left before turning. */
function ellipse([top, right, bottom, left]: readonly Pair[]): Pair[] {
  if (left === undefined) return [];
  const x = (left[0] + right[0]) / 2, y = (left[1] + right[1]) / 2;
  return Array.from({ length: ELLIPSE_STEPS }, (_, i) => {
    const turn = (2 * Math.PI * i) / ELLIPSE_STEPS, across = Math.cos(turn) / 2, down = Math.sin(turn) / 2;
    return [round(x + across * (right[0] - left[0]) + down * (bottom[0] - top[0])), round(y + across * (right[1] - left[1]) + down * (bottom[1] - top[1]))];
  });
}

/** The face, and the side beside it if it is seen. */
function cuboid({ vertices }: JsonObject): Pair[][] {
  const named = new Map<Json, Pair>();
  for (const vertex of Array.isArray(vertices) ? vertices as readonly Json[] : []) {
    const [pair] = pairOf(vertex);
    if (pair !== undefined && isObject(vertex)) named.set(vertex.description, pair);
  }
  const ring = (...names: readonly string[]): Pair[] => {
    const found = names.flatMap((name) => { const pair = named.get(name); return pair === undefined ? [] : [pair]; });
    return found.length === names.length ? found : [];
  };
  const face = ring("face-topleft", "face-topright", "face-bottomright", "face-bottomleft");
  const side = named.get("side-topcorner"), right = named.get("face-topright"), left = named.get("face-topleft");
  if (side === undefined || right === undefined || left === undefined) return [face];
  const edge = side[0] * 2 >= right[0] + left[0] ? "right" : "left";
  return [face, ring(`face-top${edge}`, "side-topcorner", "side-bottomcorner", `face-bottom${edge}`)];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
