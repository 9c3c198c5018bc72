import { distanceToSegment, signedArea } from "./polygon.js";
import type { Point, Space } from "./space.js";

type Outline<S extends Space> = readonly Point<S>[];

/** A vertex this near to the straight way between its neighbours is none: as fine as positions are kept, in pixels. */
const STRAIGHT = 0.01;

/**
 * One outline around two that share a border, vertex for vertex, in one piece. Null when they share none, or more than one piece of it,
 * between which a hole would be left.
 */
export function mergePolygons<S extends Space>(one: Outline<S>, other: Outline<S>): Point<S>[] | null {
  const a = one, b = signedArea(one) * signedArea(other) < 0 ? [...other].reverse() : other;
  // Both turn the same way, so a shared border runs forward in one and backward in the other.
  const shared = a.map((vertex, i) => edgeIndex(b, a[(i + 1) % a.length], vertex));
  const begin = shared.findIndex((edge, i) => edge >= 0 && shared[(i + a.length - 1) % a.length] < 0);
  if (begin < 0) return null;
  let length = 0;
  while (length < a.length && shared[(begin + length) % a.length] >= 0) {
    const expected = (shared[begin] - length + b.length) % b.length;
    if (shared[(begin + length) % a.length] !== expected) return null;
    length++;
  }
  if (shared.filter((edge) => edge >= 0).length !== length || touchesElsewhere(a, b, begin, length)) return null;
  const last = (begin + length) % a.length;
  const aroundA = Array.from({ length: a.length - length + 1 }, (_, i) => a[(last + i) % a.length]);
  const from = (shared[begin] + 1) % b.length;
  const aroundB = Array.from({ length: b.length - length - 1 }, (_, i) => b[(from + 1 + i) % b.length]);
  // The two ends of the shared border: where the outline goes straight on, they are vertices no longer.
  const ends = [aroundA[0], aroundA[aroundA.length - 1]];
  const merged = [...aroundA, ...aroundB];
  const needed = merged.filter((vertex, i) => !ends.includes(vertex) || !straight(merged[(i + merged.length - 1) % merged.length], vertex, merged[(i + 1) % merged.length]));
  return needed.length >= 3 ? needed : null;
}

function straight<S extends Space>(a: Point<S>, vertex: Point<S>, b: Point<S>): boolean {
  return distanceToSegment(vertex, a, b) <= STRAIGHT;
}

function edgeIndex<S extends Space>(vertices: Outline<S>, from: Point<S>, to: Point<S>): number {
  return vertices.findIndex((vertex, i) => equal(vertex, from) && equal(vertices[(i + 1) % vertices.length], to));
}

/** Whether a vertex off the shared border is on both outlines, which would leave a hole or a pinched place. */
function touchesElsewhere<S extends Space>(a: Outline<S>, b: Outline<S>, begin: number, length: number): boolean {
  return a.some((vertex, i) => (i - begin + a.length) % a.length > length && b.some((own) => equal(own, vertex)));
}

function equal<S extends Space>(a: Point<S>, b: Point<S>): boolean {
  return a.x === b.x && a.y === b.y;
}
