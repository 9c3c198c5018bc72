import { meeting } from "./crossings.js";
import { area, polygonContains } from "./polygon.js";
import type { Point, Space } from "./space.js";
import { splitPolygon } from "./split.js";

type Outline<S extends Space> = readonly Point<S>[];

/**
 * What is left of an outline without another one, the largest part first: nothing where it is covered, several parts where it is cut
 * through. Null where a hole would be left. The new borders are those of the other outline, vertex for vertex; `tidy` is applied to
 * the places where the two cross.
 */
export function subtractPolygon<S extends Space>(from: Outline<S>, other: Outline<S>, tidy: (point: Point<S>) => Point<S> = (point) => point): Point<S>[][] | null {
  const start = outsideIndex(other, from);
  if (start === null) return isInside(other, from) ? null : [[...from]];
  const around = [...other.slice(start.index + 1), ...other.slice(0, start.index + 1)];
  const pieces = splitPolygon(from, [start.at, ...around, start.at], tidy);
  return pieces.filter((piece) => !polygonContains(other, interiorPoint(piece)));
}

/** A place on the outline that lies outside the other one, with the vertex before it; null where there is none. */
function outsideIndex<S extends Space>(outline: Outline<S>, other: Outline<S>): { index: number; at: Point<S> } | null {
  for (let index = 0; index < outline.length; index++) {
    const a = outline[index], b = outline[(index + 1) % outline.length];
    // Between two crossings an edge is on one side throughout, so the middles of these parts tell all there is to tell.
    const parts = [0, ...other.flatMap((c, i) => meeting(a, b, c, other[(i + 1) % other.length])?.along ?? []), 1].sort((one, two) => one - two);
    for (let i = 1; i < parts.length; i++) {
      const middle = (parts[i - 1] + parts[i]) / 2, at = { x: a.x + (b.x - a.x) * middle, y: a.y + (b.y - a.y) * middle };
      if (parts[i] - parts[i - 1] > 1e-9 && !polygonContains(other, at)) return { index, at };
    }
  }
  return null;
}

function isInside<S extends Space>(inner: Outline<S>, outer: Outline<S>): boolean {
  return polygonContains(outer, interiorPoint(inner)) && area(inner) < area(outer);
}

/** A point well inside an outline: the middle of its widest part at about half its height. */
export function interiorPoint<S extends Space>(outline: Outline<S>): Point<S> {
  const heights = [...new Set(outline.map(({ y }) => y))].sort((a, b) => a - b);
  const gaps = heights.slice(1).map((y, i) => ({ from: heights[i], to: y })), middle = (heights[0] + heights[heights.length - 1]) / 2;
  const near = gaps.reduce((best, gap) => (score(gap, middle) > score(best, middle) ? gap : best), gaps[0]);
  const y = (near.from + near.to) / 2, crossings: number[] = [];
  outline.forEach((a, i) => {
    const b = outline[(i + 1) % outline.length];
    if ((a.y > y) !== (b.y > y)) crossings.push(a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y));
  });
  crossings.sort((a, b) => a - b);
  let best = { width: -1, x: crossings[0] };
  for (let i = 1; i < crossings.length; i += 2) {
    const width = crossings[i] - crossings[i - 1];
    if (width > best.width) best = { width, x: (crossings[i] + crossings[i - 1]) / 2 };
  }
  return { x: best.x, y };
}

/** Tall gaps between vertices are good to look through, those near the middle a little better. */
function score({ from, to }: { readonly from: number; readonly to: number }, middle: number): number {
  return to - from - Math.abs((from + to) / 2 - middle) * 0.01;
}
