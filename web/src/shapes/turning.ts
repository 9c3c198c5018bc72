import type { ImagePoint } from "../math/space.js";
import type { Handle } from "../engine/Shape.js";

/** How far off the shape the handle for turning stands, in CSS pixels. */
const REACH = 26;
/** With Shift, angles go in steps of 15 degrees. */
export const TURN_STEP = Math.PI / 12;
const CURSORS = ["ns-resize", "nesw-resize", "ew-resize", "nwse-resize"];

/** The handle above the middle of the upper side, which turns with the shape. */
export function rotateHandle(at: ImagePoint, rotation: number): Handle {
  return { id: "rotate", kind: "rotate", at, cursor: "grab", offset: { x: REACH * Math.sin(rotation), y: -REACH * Math.cos(rotation) } };
}

/** The rotation at which the upper side of a shape looks from its centre to a point. */
export function angleTo(centre: ImagePoint, point: ImagePoint): number {
  return Math.atan2(point.y - centre.y, point.x - centre.x) + Math.PI / 2;
}

/** The arrows for pulling in a direction, in eighths of a turn clockwise from upwards, on a turned shape. */
export function resizeCursor(eighth: number, rotation: number): string {
  const turned = Math.round(eighth + rotation / (Math.PI / 4));
  return CURSORS[((turned % 4) + 4) % 4];
}

export function degrees(angle: number): number {
  // Hundredths of a degree are finer than a hand can turn, and 1e-9 of a turn must not show as 360.
  const rounded = Math.round((angle * 18000) / Math.PI) / 100;
  return rounded >= 360 ? rounded - 360 : rounded;
}

export function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}
