import { boxBounds, boxCentre, boxCorners, fine, fineAbove, normalAngle, rotateAbout, roundBox, roundHalfUp, type BoxShape } from "./box.js";
import { inside, shareInside, shiftInto } from "./inside.js";
import { clamp, type ImageBounds, type ImagePoint } from "./space.js";

/** Sides of a box before it is turned, in the box's own frame, whose axes meet the picture's at the centre of the box it was. */
interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Which sides a handle moves: -1 for left or top, 1 for right or bottom, 0 for none. */
export interface Hold {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** What has to be kept while a box changes; minima in pixels along the box's own sides. */
export interface BoxLimits {
  readonly bounds: ImageBounds;
  readonly minWidth: number;
  readonly minHeight: number;
  /** Upright boxes lie on whole pixels. */
  readonly whole: boolean;
}

/** The box after sides were pulled to a point: the opposite sides stay, or the centre does; its proportions are kept if wished. */
export function pullBox(box: BoxShape, hold: Hold, to: ImagePoint, limits: BoxLimits, keep: { readonly proportions: boolean; readonly centre: boolean }): BoxShape {
  const centre = boxCentre(box);
  const start: Extent = { left: box.left, top: box.top, right: box.left + box.width, bottom: box.top + box.height };
  const at = rotateAbout(to, centre, -box.rotation);
  const least = leastSizes(box, limits);
  const [left, right] = span([start.left, start.right], hold.x, at.x, least.width, keep.centre);
  const [top, bottom] = span([start.top, start.bottom], hold.y, at.y, least.height, keep.centre);
  const wanted = keep.proportions ? proportional(start, hold, { left, top, right, bottom }, keep.centre, least) : { left, top, right, bottom };
  const place = (extent: Extent) => corners(extent).map((corner) => rotateAbout(corner, centre, box.rotation));
  const towards = (from: Extent, end: Extent) => between(from, end, shareInside(place(from), place(end), limits.bounds));
  // One direction after the other, so that a corner slides along the border instead of sticking to it.
  const reached = keep.proportions ? towards(start, wanted) : towards(towards(start, { ...start, left: wanted.left, right: wanted.right }), wanted);
  return settleBox(fromExtent(reached, centre, box.rotation), limits);
}

/** The box turned to an angle about its centre; moved where it would leave the bounds, and turned only as far as it fits. */
export function turnBox(box: BoxShape, rotation: number, limits: BoxLimits): BoxShape {
  // The shorter way round.
  const way = Math.atan2(Math.sin(rotation - box.rotation), Math.cos(rotation - box.rotation));
  const turned = (share: number): BoxShape | null => {
    const free = { ...box, rotation: normalAngle(share === 1 ? rotation : box.rotation + way * share) };
    const shift = shiftInto(boxBounds(free), limits.bounds);
    return shift === null ? null : { ...free, left: free.left + shift.dx, top: free.top + shift.dy };
  };
  const whole = turned(1);
  if (whole !== null) return settleBox(whole, limits);
  let low = 0, high = 1, best: BoxShape = box;
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2, found = turned(middle);
    if (found === null) high = middle;
    else [low, best] = [middle, found];
  }
  return settleBox(best, limits);
}

/** The box between a first corner, or its centre, and a point; square if wished. Never leaves the bounds. */
export function spanBox(start: ImagePoint, at: ImagePoint, limits: BoxLimits, keep: { readonly square: boolean; readonly centre: boolean }): BoxShape {
  const { bounds, whole } = limits;
  const even = (value: number) => (whole ? roundHalfUp(value) : value);
  const [x, y] = [even(start.x), even(start.y)];
  const toRight = at.x >= start.x, toBottom = at.y >= start.y;
  const roomX = keep.centre ? Math.min(x - bounds.left, bounds.right - x) : toRight ? bounds.right - x : x - bounds.left;
  const roomY = keep.centre ? Math.min(y - bounds.top, bounds.bottom - y) : toBottom ? bounds.bottom - y : y - bounds.top;
  let dx = even(Math.abs(at.x - x)), dy = even(Math.abs(at.y - y));
  if (keep.square) dx = dy = Math.min(Math.max(dx, dy), roomX, roomY);
  dx = clamp(dx, 0, Math.max(0, roomX));
  dy = clamp(dy, 0, Math.max(0, roomY));
  const left = keep.centre || !toRight ? x - dx : x, top = keep.centre || !toBottom ? y - dy : y;
  return { left: fine(left), top: fine(top), width: fine(keep.centre ? 2 * dx : dx), height: fine(keep.centre ? 2 * dy : dy), rotation: 0 };
}

/**
 * The box on whole pixels or on hundredths of them. Rounding must not carry a turned box over the border, so it is nudged back; where
 * even that leaves no room, the exact numbers stay.
 */
export function settleBox(box: BoxShape, { bounds, whole, minWidth, minHeight }: BoxLimits): BoxShape {
  if (box.rotation === 0) {
    if (whole) return roundBox(box);
    const [left, right] = fineSpan(box.left, box.left + box.width, minWidth, bounds.right);
    const [top, bottom] = fineSpan(box.top, box.top + box.height, minHeight, bounds.bottom);
    return { left, top, width: fine(right - left), height: fine(bottom - top), rotation: 0 };
  }
  const rounded = { left: fine(box.left), top: fine(box.top), width: fine(box.width), height: fine(box.height), rotation: box.rotation };
  const nudge = shiftInto(boxBounds(rounded), bounds);
  if (nudge === null) return box;
  const nudged = { ...rounded, left: fine(rounded.left + outward(nudge.dx)), top: fine(rounded.top + outward(nudge.dy)) };
  return inside(boxCorners(nudged), bounds) ? nudged : box;
}

/** Both ends to hundredths; where halves round so that a length just long enough becomes too short, one end gives way. */
function fineSpan(low: number, high: number, least: number, highest: number): [number, number] {
  const first = fine(low), last = fine(high);
  if (high - low < least || fine(last - first) >= least) return [first, last];
  return last < highest ? [first, fine(last + 0.01)] : [fine(first - 0.01), last];
}

/** Whole hundredths, away from zero. */
function outward(shift: number): number {
  return (Math.sign(shift) * Math.ceil(Math.abs(shift) * 100)) / 100;
}

/** A box that is too small already may stay so, but not shrink further. */
function leastSizes({ width, height, rotation }: BoxShape, { minWidth, minHeight, whole }: BoxLimits): { width: number; height: number } {
  const least = (minimum: number) => Math.max(1, whole && rotation === 0 ? Math.ceil(minimum) : fineAbove(minimum));
  return { width: Math.min(width, least(minWidth)), height: Math.min(height, least(minHeight)) };
}

function span([low, high]: readonly [number, number], hold: -1 | 0 | 1, to: number, least: number, centred: boolean): [number, number] {
  if (hold === 0) return [low, high];
  const middle = (low + high) / 2;
  if (centred) {
    const half = Math.max(hold * (to - middle), least / 2);
    return [middle - half, middle + half];
  }
  return hold < 0 ? [Math.min(to, high - least), high] : [low, Math.max(to, low + least)];
}

/** Both sides by the larger of the two factors, or by the one that is pulled. */
function proportional(start: Extent, hold: Hold, wanted: Extent, centred: boolean, least: { width: number; height: number }): Extent {
  const width = start.right - start.left, height = start.bottom - start.top;
  if (width <= 0 || height <= 0) return wanted;
  const byWidth = (wanted.right - wanted.left) / width, byHeight = (wanted.bottom - wanted.top) / height;
  const pulled = hold.x === 0 ? byHeight : hold.y === 0 ? byWidth : Math.max(byWidth, byHeight);
  const factor = Math.max(pulled, least.width / width, least.height / height);
  // A side that is not held grows evenly to both ends.
  const grown = (low: number, high: number, side: -1 | 0 | 1): [number, number] => {
    const size = (high - low) * factor, middle = (low + high) / 2;
    if (centred || side === 0) return [middle - size / 2, middle + size / 2];
    return side < 0 ? [high - size, high] : [low, low + size];
  };
  const [left, right] = grown(start.left, start.right, hold.x), [top, bottom] = grown(start.top, start.bottom, hold.y);
  return { left, top, right, bottom };
}

function corners({ left, top, right, bottom }: Extent): ImagePoint[] {
  return [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
}

function between(from: Extent, to: Extent, share: number): Extent {
  if (share >= 1) return to;
  const at = (a: number, b: number) => a + (b - a) * share;
  return { left: at(from.left, to.left), top: at(from.top, to.top), right: at(from.right, to.right), bottom: at(from.bottom, to.bottom) };
}

/** The box turns about its own centre, which is not that of the frame any more: it is placed so that nothing jumps. */
function fromExtent({ left, top, right, bottom }: Extent, centre: ImagePoint, rotation: number): BoxShape {
  const width = right - left, height = bottom - top;
  if (rotation === 0) return { left, top, width, height, rotation };
  const middle = rotateAbout({ x: (left + right) / 2, y: (top + bottom) / 2 }, centre, rotation);
  return { left: middle.x - width / 2, top: middle.y - height / 2, width, height, rotation };
}
