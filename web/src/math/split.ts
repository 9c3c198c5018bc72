import { meeting } from "./crossings.js";
import { area, nearestOnSegment, polygonContains } from "./polygon.js";
import type { Point, Space } from "./space.js";

/** A vertex of the polygon that is cut, or a place where the cut meets its outline. */
interface Node<S extends Space> {
  readonly at: Point<S>;
  /** How far along the cut the outline is met there; null for vertices that the cut does not touch. */
  readonly reached: number | null;
}

type Ring<S extends Space> = readonly Node<S>[];

/** Vertices nearer than this to a meeting are the meeting, so that no edge of no length comes about; in pixels, as fine as drawing is. */
const SAME = 0.01;
/** Smaller pieces come from a cut that runs along a border, and are none; in square pixels. */
const SLIVER = 0.01;
/** Meetings nearer to each other than this part of a segment of the cut are one. */
const ONE = 1e-9;

/**
 * Cuts a closed outline along a line. Every part of the line that runs through the inside from border to border divides a piece in two;
 * ends of the line that stop inside divide nothing. Returns the pieces, the largest first; one piece when nothing was divided. The new
 * borders are vertex for vertex the same on both of their sides. `tidy` is applied to the places where the outline is met.
 */
export function splitPolygon<S extends Space>(vertices: readonly Point<S>[], cut: readonly Point<S>[], tidy: (point: Point<S>) => Point<S> = (point) => point): Point<S>[][] {
  const ring = withMeetings(vertices, cut, tidy);
  const met = ring.flatMap(({ reached }) => (reached === null ? [] : [reached])).sort((a, b) => a - b);
  let pieces: Ring<S>[] = [ring];
  for (let i = 1; i < met.length; i++) {
    const middle = pointAlong(cut, (met[i - 1] + met[i]) / 2);
    if (met[i] - met[i - 1] < ONE || !polygonContains(vertices, middle)) continue;
    pieces = pieces.flatMap((piece) => divide(piece, cut, met[i - 1], met[i]) ?? [piece]);
  }
  return pieces.map((piece) => piece.map(({ at }) => at)).filter((piece) => piece.length >= 3 && area(piece) >= SLIVER)
    .sort((a, b) => area(b) - area(a));
}

/** The outline with a node at every place where the cut meets it. */
function withMeetings<S extends Space>(vertices: readonly Point<S>[], cut: readonly Point<S>[], tidy: (point: Point<S>) => Point<S>): Ring<S> {
  return vertices.flatMap((a, i): Node<S>[] => {
    const b = vertices[(i + 1) % vertices.length];
    const met = meetingsOf(a, b, cut).sort((one, other) => one.along - other.along);
    const own = touchOf(a, cut);
    const between = met.filter(({ at }) => !same(at, a) && !same(at, b)).map(({ at, reached }) => ({ at: tidy(at), reached }));
    return [{ at: a, reached: own }, ...between];
  });
}

function meetingsOf<S extends Space>(a: Point<S>, b: Point<S>, cut: readonly Point<S>[]): { along: number; at: Point<S>; reached: number }[] {
  const found: { along: number; at: Point<S>; reached: number }[] = [];
  for (let i = 0; i + 1 < cut.length; i++) {
    const met = meeting(a, b, cut[i], cut[i + 1]);
    // A corner of the cut that lies on the edge would be met by both of its segments.
    if (met !== null && !found.some(({ at }) => same(at, met.at))) found.push({ along: met.along, at: met.at, reached: i + met.across });
  }
  return found;
}

/** How far along the cut a vertex of the outline lies, when the cut goes through it. */
function touchOf<S extends Space>(vertex: Point<S>, cut: readonly Point<S>[]): number | null {
  for (let i = 0; i + 1 < cut.length; i++) {
    const on = nearestOnSegment(vertex, cut[i], cut[i + 1]);
    if (!same(on, vertex)) continue;
    const length = Math.hypot(cut[i + 1].x - cut[i].x, cut[i + 1].y - cut[i].y);
    return i + (length === 0 ? 0 : Math.hypot(on.x - cut[i].x, on.y - cut[i].y) / length);
  }
  return null;
}

/** Divides the piece that has both ends of this part of the cut; null for other pieces. */
function divide<S extends Space>(piece: Ring<S>, cut: readonly Point<S>[], from: number, to: number): Ring<S>[] | null {
  const start = piece.findIndex(({ reached }) => reached === from), end = piece.findIndex(({ reached }) => reached === to);
  if (start < 0 || end < 0) return null;
  const inner = cutBetween(cut, from, to).map((at): Node<S> => ({ at, reached: null }));
  const turned = start < end ? [...piece.slice(start), ...piece.slice(0, start)] : [...piece.slice(end), ...piece.slice(0, end)];
  const chord = start < end ? inner : [...inner].reverse();
  const other = Math.abs(end - start);
  return [
    [...turned.slice(0, other + 1), ...[...chord].reverse()],
    [turned[0], ...chord, ...turned.slice(other)],
  ];
}

/** The corners of the cut strictly between two places along it. */
function cutBetween<S extends Space>(cut: readonly Point<S>[], from: number, to: number): Point<S>[] {
  return cut.filter((_, i) => i > from + ONE && i < to - ONE);
}

function pointAlong<S extends Space>(cut: readonly Point<S>[], reached: number): Point<S> {
  const i = Math.min(Math.floor(reached), cut.length - 2);
  const part = reached - i, a = cut[i], b = cut[i + 1];
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

/** The two parts of an open line divided at a place on it, which both have as an end; null at the ends themselves. */
export function splitLine<S extends Space>(vertices: readonly Point<S>[], place: number, at: Point<S>): [Point<S>[], Point<S>[]] | null {
  const before = vertices.filter((vertex, i) => i < place && !same(vertex, at)), after = vertices.filter((vertex, i) => i > place && !same(vertex, at));
  return before.length === 0 || after.length === 0 ? null : [[...before, at], [at, ...after]];
}

/** Where a cut first crosses an open line, as a place on the line; null where it does not. */
export function firstCrossing<S extends Space>(vertices: readonly Point<S>[], cut: readonly Point<S>[]): { place: number; at: Point<S> } | null {
  let first: { place: number; at: Point<S>; reached: number } | null = null;
  for (let i = 0; i + 1 < vertices.length; i++) {
    for (const { along, at, reached } of meetingsOf(vertices[i], vertices[i + 1], cut)) {
      if (first === null || reached < first.reached) first = { place: i + along, at, reached };
    }
  }
  return first;
}

function same<S extends Space>(a: Point<S>, b: Point<S>): boolean {
  return Math.abs(a.x - b.x) <= SAME && Math.abs(a.y - b.y) <= SAME;
}
