import type { Aids, Shape } from "../../engine/Shape.js";
import { pathShape, type Vertices } from "../path/Shape.js";

/** The arrow's size as a part of the edge that it stands on. */
const ARROW = 0.12;

/** Open lines through their vertices. A selected one shows its direction. */
export const LineGeometry: Shape<Vertices> = {
  ...pathShape({ type: "line", noun: "line", closed: false, least: 2, readable: 1 }),

  aids(vertices: Vertices): Aids {
    const edges = vertices.slice(1).map((b, i) => ({ a: vertices[i], b, length: Math.hypot(b.x - vertices[i].x, b.y - vertices[i].y) }));
    const longest = edges.reduce<(typeof edges)[number] | null>((best, edge) => (best === null || edge.length > best.length ? edge : best), null);
    if (longest === null || longest.length === 0) return { guides: [], note: null };
    const { a, b } = longest, dx = (b.x - a.x) * ARROW, dy = (b.y - a.y) * ARROW;
    // A quarter of the way along, where neither a vertex nor the middle's handle is.
    const tip = { x: a.x + (b.x - a.x) * 0.3, y: a.y + (b.y - a.y) * 0.3 };
    const wings = [{ x: tip.x - dx + dy / 2, y: tip.y - dy - dx / 2 }, { x: tip.x - dx - dy / 2, y: tip.y - dy + dx / 2 }];
    return { guides: [{ points: [wings[0], tip, wings[1]], dashed: false }], note: null };
  },
};
