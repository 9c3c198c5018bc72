import { distanceToSegment } from "./polygon.js";
import type { Point, Space } from "./space.js";

/**
 * The line with fewer points, none of the old ones farther than `tolerance` from it (Ramer, Douglas and Peucker). Both ends stay, and all
 * points that stay are points of the old line.
 */
export function simplify<S extends Space>(points: readonly Point<S>[], tolerance: number): Point<S>[] {
  if (points.length <= 2) return [...points];
  const kept = new Set([0, points.length - 1]);
  // A stack instead of recursion: a line drawn by hand may have many thousand points.
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    let farthest = -1, most = tolerance;
    for (let i = first + 1; i < last; i++) {
      const apart = distanceToSegment(points[i], points[first], points[last]);
      if (apart > most) {
        farthest = i;
        most = apart;
      }
    }
    if (farthest < 0) continue;
    kept.add(farthest);
    open.push([first, farthest], [farthest, last]);
  }
  return points.filter((_, i) => kept.has(i));
}

/** Simplified with the smallest tolerance, from the given one upwards in steps, that leaves at most `most` points (at least 2). */
export function simplifyTo<S extends Space>(points: readonly Point<S>[], tolerance: number, most: number): Point<S>[] {
  let reached = simplify(points, tolerance);
  for (let wider = tolerance * 1.25; reached.length > Math.max(2, most); wider *= 1.25) reached = simplify(points, wider);
  return reached;
}
