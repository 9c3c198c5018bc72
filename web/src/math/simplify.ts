import { distanceToSegment } from "./polygon.js";
import type { Point, Space } from "./space.js";

/** A part of the line between two points that stay, with the point that is farthest from the straight way between them. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly farthest: number;
  readonly apart: number;
}

/**
 * The line with fewer points, none of the old ones farther than `tolerance` from it (Ramer, Douglas and Peucker), except where more than
 * `most` points (at least 2) would be needed: then these many that show it best. Both ends stay, and all points are points of the old line.
 */
export function simplify<S extends Space>(points: readonly Point<S>[], tolerance: number, most = Infinity): Point<S>[] {
  if (points.length <= 2) return [...points];
  const kept = new Set([0, points.length - 1]);
  const spans = [spanOf(points, 0, points.length - 1)];
  while (kept.size < most) {
    const worst = spans.reduce((best, { apart }, i) => (apart > spans[best].apart ? i : best), 0);
    const { first, last, farthest, apart } = spans[worst];
    if (apart <= tolerance) break;
    kept.add(farthest);
    spans.splice(worst, 1, spanOf(points, first, farthest), spanOf(points, farthest, last));
  }
  return points.filter((_, i) => kept.has(i));
}

function spanOf<S extends Space>(points: readonly Point<S>[], first: number, last: number): Span {
  let farthest = first, apart = 0;
  for (let i = first + 1; i < last; i++) {
    const here = distanceToSegment(points[i], points[first], points[last]);
    if (here > apart) {
      farthest = i;
      apart = here;
    }
  }
  return { first, last, farthest, apart };
}
