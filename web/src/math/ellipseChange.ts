import { normalAngle } from "./box.js";
import { axisEnds, fitted, LEAST_AXIS, type Ellipse } from "./ellipse.js";
import { shiftInto } from "./inside.js";
import { boundsOf, type ImageBounds, type ImagePoint } from "./space.js";

/** The four ends of the axes, in the order in which they are written. */
export type End = 0 | 1 | 2 | 3;

/** The ellipse after the end of an axis was pulled: the opposite end stays, or the centre does; the other axis follows if wished. */
export function pullEnd(ellipse: Ellipse, end: End, to: ImagePoint, bounds: ImageBounds, keep: { readonly proportions: boolean; readonly centre: boolean }): Ellipse {
  const { centre, a, b, rotation } = ellipse;
  const along = axisEnds({ ...ellipse, a: 1, b: 1 })[end];
  const [dx, dy] = [along.x - centre.x, along.y - centre.y];
  const isA = end % 2 === 1, half = isA ? a : b;
  const reach = (to.x - centre.x) * dx + (to.y - centre.y) * dy;
  const least = Math.min(half, LEAST_AXIS / 2);
  const grown = Math.max(keep.centre ? reach : (reach + half) / 2, least);
  const shift = keep.centre ? 0 : grown - half;
  const other = keep.proportions && half > 0 ? Math.max((isA ? b : a) * (grown / half), Math.min(isA ? b : a, LEAST_AXIS / 2)) : isA ? b : a;
  const wanted = { centre: { x: centre.x + dx * shift, y: centre.y + dy * shift }, a: isA ? grown : other, b: isA ? other : grown, rotation };
  return fitted(ellipse, wanted, bounds);
}

/** The ellipse turned about its centre; moved where its axes would end outside, and turned only as far as they fit. */
export function turnEllipse(ellipse: Ellipse, rotation: number, bounds: ImageBounds): Ellipse {
  const way = Math.atan2(Math.sin(rotation - ellipse.rotation), Math.cos(rotation - ellipse.rotation));
  const turned = (share: number): Ellipse | null => shiftedInto({ ...ellipse, rotation: normalAngle(share === 1 ? rotation : ellipse.rotation + way * share) }, bounds);
  const whole = turned(1);
  if (whole !== null) return whole;
  let low = 0, high = 1, best = ellipse;
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2, found = turned(middle);
    if (found === null) high = middle;
    else [low, best] = [middle, found];
  }
  return best;
}

/** Moved by the least that brings the ends of its axes inside; null where they do not fit. */
function shiftedInto(ellipse: Ellipse, bounds: ImageBounds): Ellipse | null {
  const extent = boundsOf(axisEnds(ellipse));
  const shift = extent === null ? null : shiftInto(extent, bounds);
  return shift === null ? null : { ...ellipse, centre: { x: ellipse.centre.x + shift.dx, y: ellipse.centre.y + shift.dy } };
}
