import { nearestOnSegment } from "./polygon.js";
import type { Point, Space } from "./space.js";

/**
 * A place on an outline: the number of a vertex, plus the part of the way to the next one. 2 is the third vertex, 2.5 the middle of the edge
 * after it.
 */
export type Place = number;

/** The place of a point that lies on an outline within `tolerance`; null where it does not. Vertices are preferred to edges. */
export function placeOn<S extends Space>(vertices: readonly Point<S>[], closed: boolean, point: Point<S>, tolerance: number): Place | null {
  const count = closed ? vertices.length : vertices.length - 1;
  let best: Place | null = null, nearest = tolerance;
  for (let i = 0; i < vertices.length; i++) {
    const apart = Math.hypot(vertices[i].x - point.x, vertices[i].y - point.y);
    if (apart <= nearest) {
      best = i;
      nearest = apart;
    }
  }
  if (best !== null) return best;
  for (let i = 0; i < count; i++) {
    const a = vertices[i], b = vertices[(i + 1) % vertices.length];
    const on = nearestOnSegment(point, a, b);
    const apart = Math.hypot(on.x - point.x, on.y - point.y);
    if (apart > nearest) continue;
    best = i + Math.hypot(on.x - a.x, on.y - a.y) / Math.hypot(b.x - a.x, b.y - a.y);
    nearest = apart;
  }
  return best;
}

/** The vertices strictly between two places, going from `from` in the order of the vertices, or against it. */
export function verticesBetween<S extends Space>(vertices: readonly Point<S>[], from: Place, to: Place, forward: boolean): Point<S>[] {
  if (!forward) return verticesBetween(vertices, to, from, true).reverse();
  const end = to < from ? to + vertices.length : to;
  const between: Point<S>[] = [];
  for (let i = Math.floor(from) + 1; i < end; i++) between.push(vertices[i % vertices.length]);
  return between;
}

/**
 * The ways along an outline from one point on it to another, as the vertices strictly between them, the shorter way first. A closed outline
 * has two, an open one has one.
 */
export function waysAlong<S extends Space>(vertices: readonly Point<S>[], closed: boolean, from: Place, to: Place, start: Point<S>, end: Point<S>): Point<S>[][] {
  if (!closed) return [verticesBetween(vertices, from, to, from <= to)];
  const ways = [verticesBetween(vertices, from, to, true), verticesBetween(vertices, from, to, false)];
  return ways.map((way) => ({ way, length: lengthOf([start, ...way, end]) })).sort((a, b) => a.length - b.length).map(({ way }) => way);
}

export function lengthOf<S extends Space>(points: readonly Point<S>[]): number {
  return points.slice(1).reduce((sum, point, i) => sum + Math.hypot(point.x - points[i].x, point.y - points[i].y), 0);
}
