import { normalAngle, stepAngle } from "./box.js";
import { shareInside } from "./inside.js";
import type { ImageBounds, ImagePoint } from "./space.js";

/** An ellipse by centre and half axes: `a` points right and `b` up before it is turned; `rotation` in radians, clockwise on screen. */
export interface Ellipse {
  readonly centre: ImagePoint;
  readonly a: number;
  readonly b: number;
  readonly rotation: number;
}

/** The ends of the axes: top, right, bottom and left before turning. */
export type AxisEnds = readonly [ImagePoint, ImagePoint, ImagePoint, ImagePoint];

/** Axes shorter than this are lost to rounding, in pixels from end to end. */
export const LEAST_AXIS = 2;

export function axisEnds({ centre, a, b, rotation }: Ellipse): AxisEnds {
  const cos = Math.cos(rotation), sin = Math.sin(rotation);
  const at = (right: number, down: number): ImagePoint => ({ x: centre.x + right * cos - down * sin, y: centre.y + right * sin + down * cos });
  return [at(0, -b), at(a, 0), at(0, b), at(-a, 0)];
}

export function ellipseOf([top, right, bottom, left]: AxisEnds): Ellipse {
  const across = { x: right.x - left.x, y: right.y - left.y }, down = { x: bottom.x - top.x, y: bottom.y - top.y };
  const a = Math.hypot(across.x, across.y) / 2, b = Math.hypot(down.x, down.y) / 2;
  return {
    centre: { x: (top.x + right.x + bottom.x + left.x) / 4, y: (top.y + right.y + bottom.y + left.y) / 4 }, a, b,
    // The longer axis tells the angle better: its ends are rounded no more than those of the short one.
    rotation: normalAngle(a >= b ? Math.atan2(across.y, across.x) : Math.atan2(-down.x, down.y)),
  };
}

/** Whether four points can be the ends of an ellipse's axes: the same middle to a pixel, right angles to one part in a hundred. */
export function areAxisEnds(points: readonly ImagePoint[]): points is AxisEnds {
  if (points.length !== 4) return false;
  const [top, right, bottom, left] = points;
  const [ux, uy, vx, vy] = [right.x - left.x, right.y - left.y, bottom.x - top.x, bottom.y - top.y];
  const product = Math.hypot(ux, uy) * Math.hypot(vx, vy);
  return product > 0 && Math.hypot(top.x + bottom.x - right.x - left.x, top.y + bottom.y - right.y - left.y) <= 1
    && Math.abs(ux * vx + uy * vy) <= 0.01 * product;
}

/** How far the curve itself reaches, which is further than the ends of the axes where it is turned. */
export function ellipseBounds({ centre, a, b, rotation }: Ellipse): ImageBounds {
  const cos = Math.cos(rotation), sin = Math.sin(rotation);
  const x = Math.hypot(a * cos, b * sin), y = Math.hypot(a * sin, b * cos);
  return { left: centre.x - x, top: centre.y - y, right: centre.x + x, bottom: centre.y + y };
}

export function ellipsePoints({ centre, a, b, rotation }: Ellipse, count: number): ImagePoint[] {
  const cos = Math.cos(rotation), sin = Math.sin(rotation);
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count, right = a * Math.cos(angle), down = b * Math.sin(angle);
    return { x: centre.x + right * cos - down * sin, y: centre.y + right * sin + down * cos };
  });
}

/** The ellipse whose axis runs from one point to another and whose other axis reaches as far as a third point. */
export function ellipseFrom(centre: ImagePoint, end: ImagePoint, width: ImagePoint, bounds: ImageBounds): Ellipse {
  const a = Math.hypot(end.x - centre.x, end.y - centre.y);
  const rotation = a === 0 ? 0 : normalAngle(Math.atan2(end.y - centre.y, end.x - centre.x));
  const flat: Ellipse = { centre, a, b: 0, rotation };
  const b = Math.abs((width.y - centre.y) * Math.cos(rotation) - (width.x - centre.x) * Math.sin(rotation));
  return fitted(flat, { ...flat, b }, bounds);
}

/**
 * The wished end of an axis, seen from its centre or from its other end: at steps of an angle if there are any, and so that it stays
 * within bounds, as does the opposite end of an axis about its centre.
 */
export function axisEnd(from: ImagePoint, to: ImagePoint, step: number | null, isCentre: boolean, bounds: ImageBounds): ImagePoint {
  const reach = Math.hypot(to.x - from.x, to.y - from.y), angle = Math.atan2(to.y - from.y, to.x - from.x);
  const wanted = step === null ? to : { x: from.x + reach * Math.cos(stepAngle(angle, step)), y: from.y + reach * Math.sin(stepAngle(angle, step)) };
  const opposite = isCentre ? { x: 2 * from.x - wanted.x, y: 2 * from.y - wanted.y } : from;
  const share = shareInside([from, from], [wanted, opposite], bounds);
  return share >= 1 ? wanted : { x: from.x + (wanted.x - from.x) * share, y: from.y + (wanted.y - from.y) * share };
}

/** The nearest to the wished ellipse, on the way from the one it was, whose axes end within bounds. */
export function fitted(from: Ellipse, to: Ellipse, bounds: ImageBounds): Ellipse {
  const share = shareInside(axisEnds(from), axisEnds(to), bounds);
  if (share >= 1) return to;
  const at = (a: number, b: number) => a + (b - a) * share;
  return { centre: { x: at(from.centre.x, to.centre.x), y: at(from.centre.y, to.centre.y) }, a: at(from.a, to.a), b: at(from.b, to.b), rotation: to.rotation };
}
