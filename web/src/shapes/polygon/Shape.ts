import { fine } from "../../math/box.js";
import { area, distanceToOutline, polygonContains } from "../../math/polygon.js";
import { boundsOf, clampPoint, limitShift, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { readVertices } from "../../model/checks.js";
import type { JsonObject } from "../../model/json.js";
import type { Handle, Nearness, Shape, ShapeLimits } from "../../engine/Shape.js";
import { fillPolygon, strokePolygon } from "./draw.js";

export type Vertices = readonly ImagePoint[];

const LEAST = 3;

/** Closed polygons. Handle `v<i>` is vertex i, `i<i>` the middle of the edge after vertex i, where pulling inserts one. */
export const PolygonGeometry: Shape<Vertices> = {
  type: "polygon",
  noun: "polygon",

  read({ vertices }: JsonObject): Vertices | null {
    const read = readVertices(vertices);
    return read === null || read.length < LEAST ? null : read;
  },

  write: (vertices: Vertices, object: JsonObject): JsonObject => ({ ...object, vertices: vertices.map(({ x, y }) => ({ x: fine(x), y: fine(y) })) }),

  bounds: (vertices: Vertices): ImageBounds => boundsOf(vertices) as ImageBounds,
  area,
  points: (vertices) => vertices.length,

  nearness: (vertices: Vertices, point: ImagePoint): Nearness => ({
    inside: polygonContains(vertices, point), distance: distanceToOutline(vertices, point, true),
  }),

  outline: (points) => ({ points, closed: true }),

  handles(vertices: Vertices): readonly Handle[] {
    const corners = vertices.map((at, i): Handle => ({ id: `v${i}`, at, kind: "vertex", cursor: "grab" }));
    const middles = vertices.map((a, i): Handle => {
      const b = vertices[(i + 1) % vertices.length];
      return { id: `i${i}`, at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, kind: "insert", cursor: "copy" };
    });
    return [...corners, ...middles];
  },

  pull(vertices: Vertices, handle: string, to: ImagePoint, limits: ShapeLimits): Vertices {
    const { inserts, index } = parse(handle);
    const { x, y } = clampPoint(to, limits.bounds);
    if (inserts) return [...vertices.slice(0, index + 1), { x, y }, ...vertices.slice(index + 1)];
    return vertices.map((vertex, i) => (i === index ? { x, y } : vertex));
  },

  pulled(handle: string): string {
    const { inserts, index } = parse(handle);
    return inserts ? `v${index + 1}` : handle;
  },

  cut(vertices: Vertices, handle: string, limits: ShapeLimits): Vertices | null {
    const { inserts, index } = parse(handle);
    if (inserts || vertices.length <= Math.max(LEAST, limits.rule?.minVertices ?? LEAST)) return null;
    return vertices.filter((_, i) => i !== index);
  },

  move(vertices: Vertices, dx: number, dy: number, limits: ShapeLimits): Vertices {
    const shift = limitShift(boundsOf(vertices) as ImageBounds, limits.bounds, dx, dy);
    return vertices.map(({ x, y }) => ({ x: x + shift.dx, y: y + shift.dy }));
  },

  fill: fillPolygon,
  stroke: strokePolygon,
};

function parse(handle: string): { inserts: boolean; index: number } {
  return { inserts: handle[0] === "i", index: Number(handle.slice(1)) };
}
