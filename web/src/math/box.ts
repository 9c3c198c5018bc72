import { boundsOf, type ImageBounds, type ImagePoint } from "./space.js";

/** A box in picture pixels; `rotation` in radians, clockwise on screen, about the box's centre. Left and top are those of the unrotated box. */
export interface BoxShape {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

const FULL_TURN = 2 * Math.PI;

export function boxCentre(box: BoxShape): ImagePoint {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

export function rotateAbout(point: ImagePoint, centre: ImagePoint, angle: number): ImagePoint {
  // Without the round trip over the centre, what is upright keeps its coordinates to the last bit.
  if (angle === 0) return point;
  const cos = Math.cos(angle), sin = Math.sin(angle);
  const dx = point.x - centre.x, dy = point.y - centre.y;
  return { x: centre.x + dx * cos - dy * sin, y: centre.y + dx * sin + dy * cos };
}

/** The corners that were top-left, top-right, bottom-right and bottom-left before the rotation, in this order. */
export function boxCorners(box: BoxShape): ImagePoint[] {
  const right = box.left + box.width, bottom = box.top + box.height;
  const corners = [
    { x: box.left, y: box.top }, { x: right, y: box.top }, { x: right, y: bottom }, { x: box.left, y: bottom },
  ];
  if (box.rotation === 0) return corners;
  const centre = boxCentre(box);
  return corners.map((corner) => rotateAbout(corner, centre, box.rotation));
}

export function boxBounds(box: BoxShape): ImageBounds {
  if (box.rotation === 0) return { left: box.left, top: box.top, right: box.left + box.width, bottom: box.top + box.height };
  return boundsOf(boxCorners(box)) as ImageBounds;
}

export function boxFromBounds(bounds: ImageBounds): BoxShape {
  return { left: bounds.left, top: bounds.top, width: bounds.right - bounds.left, height: bounds.bottom - bounds.top, rotation: 0 };
}

/**
 * A coordinate without the noise of going through the screen: hundredths of a pixel, far below what a hand or an eye can tell.
 */
export function fine(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The next hundredth of a pixel that is not below a value. */
export function fineAbove(value: number): number {
  return Math.ceil(value * 100 - 1e-6) / 100;
}

/** Nearest integer, halves up (towards plus infinity), also for negative numbers. */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

/**
 * Rounds the four edges rather than the sizes, so that neighbouring boxes stay adjacent; a side that would vanish is widened to 1.
 * Rotated boxes are returned as they are.
 */
export function roundBox(box: BoxShape): BoxShape {
  if (box.rotation !== 0) return box;
  const left = roundHalfUp(box.left), top = roundHalfUp(box.top);
  const width = Math.max(1, roundHalfUp(box.left + box.width) - left);
  const height = Math.max(1, roundHalfUp(box.top + box.height) - top);
  return { left, top, width, height, rotation: 0 };
}

/** An angle in radians brought into 0 ≤ angle < 2π. */
export function normalAngle(angle: number): number {
  const rest = angle % FULL_TURN;
  const turned = rest < 0 ? rest + FULL_TURN : rest;
  // A tiny negative angle plus a full turn rounds to the full turn; adding zero turns -0 into 0.
  return turned >= FULL_TURN ? 0 : turned + 0;
}

/** The nearest multiple of a step, for angles in radians. */
export function stepAngle(angle: number, step: number): number {
  return Math.round(angle / step) * step;
}
