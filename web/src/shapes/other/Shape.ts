import { area, distanceToOutline, polygonContains } from "../../math/polygon.js";
import { boundsOf, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { toScreen, type View } from "../../math/view.js";
import { readVertices } from "../../model/checks.js";
import { objectsOf, type JsonObject } from "../../model/json.js";
import type { Nearness, Shape } from "../../engine/Shape.js";
import { traceVertices } from "../path/draw.js";

interface Path {
  readonly points: readonly ImagePoint[];
  readonly closed: boolean;
}

interface Sketch {
  readonly paths: readonly Path[];
  readonly all: readonly ImagePoint[];
}

/** Radius of a single point on screen, in CSS pixels. */
const DOT = 4;

/**
 * Shows what its own shape cannot read, such as a cuboid whose face leans: by its edges, its vertices or its position. Such an object can
 * be selected, labelled and removed, but not moved.
 */
export const Drawing: Shape<Sketch> = {
  type: "",
  noun: "shape",

  read(object: JsonObject): Sketch | null {
    const paths = pathsOf(object);
    const all = paths.flatMap(({ points }) => points);
    return all.length === 0 ? null : { paths, all };
  },

  write: (_: Sketch, object: JsonObject): JsonObject => object,
  bounds: ({ all }: Sketch): ImageBounds => boundsOf(all) as ImageBounds,
  area: ({ paths }: Sketch): number => paths.reduce((sum, { points, closed }) => sum + (closed ? area(points) : 0), 0),

  points: ({ all }: Sketch): number => all.length,

  nearness: ({ paths }: Sketch, point: ImagePoint): Nearness => ({
    inside: paths.some(({ points, closed }) => closed && polygonContains(points, point)),
    distance: Math.min(...paths.map(({ points, closed }) => distanceToOutline(points, point, closed))),
  }),

  outline: ({ paths }: Sketch) => paths[0],
  handles: () => [],
  pull: (sketch) => sketch,
  pulled: (handle) => handle,
  cut: () => null,
  move: (sketch) => sketch,

  fill(context: CanvasRenderingContext2D, { paths }: Sketch, view: View): void {
    for (const { points, closed } of paths) {
      if (!closed) continue;
      traceVertices(context, points, view, true);
      context.fill();
    }
  },

  stroke(context: CanvasRenderingContext2D, { paths }: Sketch, view: View): void {
    for (const { points, closed } of paths) {
      if (points.length === 1) {
        const { x, y } = toScreen(view, points[0]);
        context.beginPath();
        context.arc(x, y, DOT, 0, 2 * Math.PI);
      } else {
        traceVertices(context, points, view, closed);
      }
      context.stroke();
    }
  },
};

function pathsOf(object: JsonObject): Path[] {
  const edges = objectsOf(object.edges).flatMap(({ x1, y1, x2, y2 }): Path[] => {
    const points = readVertices([{ x: x1 ?? null, y: y1 ?? null }, { x: x2 ?? null, y: y2 ?? null }]);
    return points === null ? [] : [{ points, closed: false }];
  });
  if (edges.length > 0) return edges;
  const vertices = readVertices(object.vertices) ?? [];
  if (object.type === "ellipse" && vertices.length === 4) return [{ points: ellipsePoints(vertices), closed: true }];
  if (vertices.length > 0) return [{ points: vertices, closed: object.type === "polygon" && vertices.length > 2 }];
  const { x, y } = object;
  return typeof x === "number" && typeof y === "number" && Number.isFinite(x) && Number.isFinite(y) ? [{ points: [{ x, y }], closed: false }] : [];
}

/** Points along the ellipse whose extremal vertices, in circular order, are given. */
function ellipsePoints([a, b, c, d]: readonly ImagePoint[]): ImagePoint[] {
  const centre = { x: (a.x + c.x) / 2, y: (a.y + c.y) / 2 };
  const across = { x: (b.x - d.x) / 2, y: (b.y - d.y) / 2 }, down = { x: (c.x - a.x) / 2, y: (c.y - a.y) / 2 };
  return Array.from({ length: 48 }, (_, i) => {
    const cos = Math.cos((i * Math.PI) / 24), sin = Math.sin((i * Math.PI) / 24);
    return { x: centre.x + across.x * cos + down.x * sin, y: centre.y + across.y * cos + down.y * sin };
  });
}
