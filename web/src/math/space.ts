/**
 * Points and boxes that know their space, so that a screen position is never taken for a position in the picture.
 *
 * "image": pixels from the left and top border of the picture, x right, y down (the corner is 0,0, not the first pixel's centre).
 * "screen": CSS pixels from the left and top border of the canvas.
 */
declare const spaceTag: unique symbol;

export type Space = "image" | "screen";

export interface Point<S extends Space> {
  readonly x: number;
  readonly y: number;
  readonly [spaceTag]?: S;
}

/** A box by its edges; `right >= left` and `bottom >= top`. */
export interface Bounds<S extends Space> {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly [spaceTag]?: S;
}

export type ImagePoint = Point<"image">;
export type ScreenPoint = Point<"screen">;
export type ImageBounds = Bounds<"image">;
export type ScreenBounds = Bounds<"screen">;

export function distance<S extends Space>(a: Point<S>, b: Point<S>): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

export function clampPoint<S extends Space>(point: Point<S>, limits: Bounds<S>): Point<S> {
  return { x: clamp(point.x, limits.left, limits.right), y: clamp(point.y, limits.top, limits.bottom) };
}

/** The smallest bounds that hold all points; null for no points. */
export function boundsOf<S extends Space>(points: readonly Point<S>[]): Bounds<S> | null {
  if (points.length === 0) return null;
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (const { x, y } of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { left, top, right, bottom };
}

/** The bounds spanned by two opposite corners given in any order. */
export function boundsBetween<S extends Space>(a: Point<S>, b: Point<S>): Bounds<S> {
  return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), right: Math.max(a.x, b.x), bottom: Math.max(a.y, b.y) };
}

export function intersects<S extends Space>(a: Bounds<S>, b: Bounds<S>): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

export function contains<S extends Space>(bounds: Bounds<S>, point: Point<S>, margin = 0): boolean {
  return point.x >= bounds.left - margin && point.x <= bounds.right + margin
    && point.y >= bounds.top - margin && point.y <= bounds.bottom + margin;
}

export function holds<S extends Space>(outer: Bounds<S>, inner: Bounds<S>): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

export function grow<S extends Space>(bounds: Bounds<S>, by: number): Bounds<S> {
  return { left: bounds.left - by, top: bounds.top - by, right: bounds.right + by, bottom: bounds.bottom + by };
}

export function union<S extends Space>(a: Bounds<S>, b: Bounds<S>): Bounds<S> {
  return {
    left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The part of a wished shift that keeps `inner` inside `outer`; an inner side already outside may move back but not further out. */
export function limitShift(inner: ImageBounds, outer: ImageBounds, dx: number, dy: number): { dx: number; dy: number } {
  return {
    dx: clamp(dx, Math.min(0, outer.left - inner.left), Math.max(0, outer.right - inner.right)),
    dy: clamp(dy, Math.min(0, outer.top - inner.top), Math.max(0, outer.bottom - inner.bottom)),
  };
}
