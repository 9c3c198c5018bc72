import type { Point, Space } from "./space.js";

/** Area with sign (shoelace formula): positive when the vertices turn clockwise on screen, y pointing down. */
export function signedArea<S extends Space>(vertices: readonly Point<S>[]): number {
  let twice = 0;
  for (let i = 0; i < vertices.length; i++) {
    const a = vertices[i], b = vertices[(i + 1) % vertices.length];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

export function area<S extends Space>(vertices: readonly Point<S>[]): number {
  return Math.abs(signedArea(vertices));
}

/** Whether the point lies inside by the even-odd rule; points exactly on the border may fall on either side. */
export function polygonContains<S extends Space>(vertices: readonly Point<S>[], point: Point<S>): boolean {
  let inside = false;
  for (let i = 0, j = vertices.length - 1; i < vertices.length; j = i++) {
    const a = vertices[i], b = vertices[j];
    if ((a.y > point.y) !== (b.y > point.y) && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** The point of the segment a–b nearest to the point. */
export function nearestOnSegment<S extends Space>(point: Point<S>, a: Point<S>, b: Point<S>): Point<S> {
  const dx = b.x - a.x, dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length2));
  return { x: a.x + t * dx, y: a.y + t * dy };
}

export function distanceToSegment<S extends Space>(point: Point<S>, a: Point<S>, b: Point<S>): number {
  const near = nearestOnSegment(point, a, b);
  return Math.hypot(point.x - near.x, point.y - near.y);
}

/** Distance to the outline; `closed` joins the last vertex to the first. Infinity for no vertices. */
export function distanceToOutline<S extends Space>(vertices: readonly Point<S>[], point: Point<S>, closed: boolean): number {
  if (vertices.length === 0) return Infinity;
  if (vertices.length === 1) return Math.hypot(point.x - vertices[0].x, point.y - vertices[0].y);
  let best = Infinity;
  const segments = closed ? vertices.length : vertices.length - 1;
  for (let i = 0; i < segments; i++) {
    best = Math.min(best, distanceToSegment(point, vertices[i], vertices[(i + 1) % vertices.length]));
  }
  return best;
}
