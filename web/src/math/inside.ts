import type { ImageBounds, ImagePoint } from "./space.js";

/** Coordinates that should lie on the border may be off it by this much, which turning about a centre costs; in pixels. */
export const BORDER_TOLERANCE = 1e-7;

/**
 * How much of the way from one set of points to another, point by point, stays within bounds: 1 for all of it. A point that is outside
 * already may come back but not go further out.
 */
export function shareInside(from: readonly ImagePoint[], to: readonly ImagePoint[], bounds: ImageBounds): number {
  let share = 1;
  from.forEach((a, i) => {
    const b = to[i];
    share = Math.min(share, shareOf(a.x, b.x, bounds.left, bounds.right), shareOf(a.y, b.y, bounds.top, bounds.bottom));
  });
  return share;
}

function shareOf(from: number, to: number, low: number, high: number): number {
  if (to > high && to > from) return from >= high ? 0 : (high - from) / (to - from);
  if (to < low && to < from) return from <= low ? 0 : (from - low) / (from - to);
  return 1;
}

export function inside(points: readonly ImagePoint[], { left, top, right, bottom }: ImageBounds): boolean {
  const [low, high] = [-BORDER_TOLERANCE, BORDER_TOLERANCE];
  return points.every(({ x, y }) => x >= left + low && x <= right + high && y >= top + low && y <= bottom + high);
}

/** The shift that brings bounds inside others, the shortest one; null where they do not fit. */
export function shiftInto(inner: ImageBounds, outer: ImageBounds): { dx: number; dy: number } | null {
  const dx = shiftOf(inner.left, inner.right, outer.left, outer.right), dy = shiftOf(inner.top, inner.bottom, outer.top, outer.bottom);
  return dx === null || dy === null ? null : { dx, dy };
}

function shiftOf(low: number, high: number, from: number, to: number): number | null {
  if (high - low > to - from + BORDER_TOLERANCE) return null;
  return low < from ? from - low : high > to ? to - high : 0;
}
