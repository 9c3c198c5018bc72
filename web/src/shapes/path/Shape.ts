import { fine, roundHalfUp } from "../../math/box.js";
import { area, distanceToOutline, polygonContains } from "../../math/polygon.js";
import { boundsOf, clampPoint, limitShift, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { readVertices } from "../../model/checks.js";
import type { JsonObject } from "../../model/json.js";
import type { Handle, Modifiers, Nearness, Shape, ShapeLimits } from "../../engine/Shape.js";
import { fillPath, strokePath } from "./draw.js";

export type Vertices = readonly ImagePoint[];

export interface PathKind {
  readonly type: string;
  readonly noun: string;
  readonly closed: boolean;
  /** Fewer vertices make no such shape, whatever the task says. */
  readonly least: number;
  /** Fewer vertices cannot be read. */
  readonly readable: number;
}

/**
 * A shape made of vertices, closed or open. Handle `v<i>` is vertex i, `i<i>` the middle of the edge after vertex i: pulling it inserts a
 * vertex there, and with Shift moves the whole edge.
 */
export function pathShape({ type, noun, closed, least, readable }: PathKind): Shape<Vertices> {
  const edges = (vertices: Vertices): number => (closed ? vertices.length : vertices.length - 1);
  return {
    type, noun,

    read({ vertices }: JsonObject): Vertices | null {
      const read = readVertices(vertices);
      return read === null || read.length < readable ? null : read;
    },

    // Positions are rounded where they come from a hand, not here: a vertex shared with a neighbour must stay exactly its neighbour's.
    write: (vertices: Vertices, object: JsonObject): JsonObject => ({ ...object, vertices: vertices.map(({ x, y }) => ({ x, y })) }),

    bounds: (vertices: Vertices): ImageBounds => boundsOf(vertices) as ImageBounds,
    area: (vertices) => (closed ? area(vertices) : 0),
    points: (vertices) => vertices.length,

    nearness: (vertices: Vertices, point: ImagePoint): Nearness => ({
      inside: closed && polygonContains(vertices, point), distance: distanceToOutline(vertices, point, closed),
    }),

    outline: (points) => ({ points, closed }),

    handles(vertices: Vertices): readonly Handle[] {
      const corners = vertices.map((at, i): Handle => ({ id: `v${i}`, at, kind: "vertex", cursor: "grab" }));
      const middles = Array.from({ length: edges(vertices) }, (_, i): Handle => {
        const a = vertices[i], b = vertices[(i + 1) % vertices.length];
        return { id: `i${i}`, at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, kind: "insert", cursor: "copy", room: Math.hypot(b.x - a.x, b.y - a.y) };
      });
      return [...corners, ...middles];
    },

    pull(vertices: Vertices, handle: string, to: ImagePoint, limits: ShapeLimits, { shift }: Modifiers): Vertices {
      const { inserts, index } = parse(handle);
      const at = placed(to, limits);
      if (!inserts) return vertices.map((vertex, i) => (i === index ? at : vertex));
      if (shift) return pullEdge(vertices, index, at, limits);
      return [...vertices.slice(0, index + 1), at, ...vertices.slice(index + 1)];
    },

    pulled(handle: string): string {
      const { inserts, index } = parse(handle);
      return inserts ? `v${index + 1}` : handle;
    },

    cut(vertices: Vertices, handle: string, limits: ShapeLimits): Vertices | null {
      const { inserts, index } = parse(handle);
      if (inserts || vertices.length <= Math.max(least, limits.rule?.minVertices ?? 0)) return null;
      return vertices.filter((_, i) => i !== index);
    },

    move(vertices: Vertices, dx: number, dy: number, limits: ShapeLimits): Vertices {
      const whole = limits.rule?.integerPixels === true ? roundHalfUp : fine;
      const shift = limitShift(boundsOf(vertices) as ImageBounds, limits.bounds, whole(dx), whole(dy));
      return vertices.map(({ x, y }) => ({ x: plain(x + shift.dx), y: plain(y + shift.dy) }));
    },

    fault(vertices: Vertices, { rule }: ShapeLimits): string | null {
      const count = vertices.length, fewest = Math.max(least, rule?.minVertices ?? 0), most = rule?.maxVertices ?? null;
      if (count < fewest) return `A ${noun} needs at least ${fewest} vertices here; this one has ${count}.`;
      if (most !== null && count > most) return `A ${noun} may have at most ${most} vertices here; this one has ${count}.`;
      if (closed && area(vertices) === 0) return `This ${noun} has no area.`;
      return !closed && vertices.every(({ x, y }) => x === vertices[0].x && y === vertices[0].y) ? `This ${noun} has no length.` : null;
    },

    fill: (context, vertices, view) => { if (closed) fillPath(context, vertices, view); },
    stroke: (context, vertices, view) => strokePath(context, vertices, view, closed),
  };
}

function parse(handle: string): { inserts: boolean; index: number } {
  return { inserts: handle[0] === "i", index: Number(handle.slice(1)) };
}

function placed(to: ImagePoint, limits: ShapeLimits): ImagePoint {
  const { x, y } = clampPoint(to, limits.bounds);
  return limits.rule?.integerPixels === true ? { x: roundHalfUp(x), y: roundHalfUp(y) } : { x, y };
}

/** Both ends of an edge move by what its middle is moved. */
function pullEdge(vertices: Vertices, index: number, to: ImagePoint, limits: ShapeLimits): Vertices {
  const next = (index + 1) % vertices.length, a = vertices[index], b = vertices[next];
  const { dx, dy } = limitShift(boundsOf([a, b]) as ImageBounds, limits.bounds, fine(to.x - (a.x + b.x) / 2), fine(to.y - (a.y + b.y) / 2));
  return vertices.map((vertex, i) => (i === index || i === next ? placed({ x: plain(vertex.x + dx), y: plain(vertex.y + dy) }, limits) : vertex));
}

/** Without the noise of adding fractions, which would show as long decimals in the answer. */
function plain(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
