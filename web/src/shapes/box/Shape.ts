import { boxBounds, boxCentre, boxCorners, normalAngle, rotateAbout, stepAngle, type BoxShape } from "../../math/box.js";
import { pullBox, settleBox, turnBox, type BoxLimits, type Hold } from "../../math/boxChange.js";
import { distanceToOutline } from "../../math/polygon.js";
import { clampPoint, limitShift, type ImagePoint } from "../../math/space.js";
import type { JsonObject } from "../../model/json.js";
import type { Handle, Modifiers, Nearness, Shape, ShapeLimits } from "../../engine/Shape.js";
import { angleTo, rotateHandle, resizeCursor, TURN_STEP } from "../turning.js";
import { fillBox, strokeBox } from "./draw.js";
import { boxNumbers, withBoxNumber } from "./numbers.js";

/** Handles by compass direction before turning, with the direction each of them looks, in eighths of a turn clockwise from upwards. */
const HANDLES: readonly (Hold & { readonly id: string; readonly eighth: number })[] = [
  { id: "nw", x: -1, y: -1, eighth: 7 }, { id: "n", x: 0, y: -1, eighth: 0 }, { id: "ne", x: 1, y: -1, eighth: 1 }, { id: "e", x: 1, y: 0, eighth: 2 },
  { id: "se", x: 1, y: 1, eighth: 3 }, { id: "s", x: 0, y: 1, eighth: 4 }, { id: "sw", x: -1, y: 1, eighth: 5 }, { id: "w", x: -1, y: 0, eighth: 6 },
];

export const BoxGeometry: Shape<BoxShape> = {
  type: "box",
  noun: "box",

  read({ left, top, width, height, rotation }: JsonObject): BoxShape | null {
    const numbers = [left, top, width, height];
    if (!numbers.every((value) => typeof value === "number" && Number.isFinite(value))) return null;
    const angle = typeof rotation === "number" && Number.isFinite(rotation) ? rotation : 0;
    return { left: left as number, top: top as number, width: width as number, height: height as number, rotation: angle };
  },

  write({ left, top, width, height, rotation }: BoxShape, object: JsonObject): JsonObject {
    const placed = { ...object, left, top, width, height };
    return rotation === 0 && object.rotation === undefined ? placed : { ...placed, rotation };
  },

  bounds: boxBounds,
  area: ({ width, height }) => width * height,
  points: () => 4,

  nearness(box: BoxShape, point: ImagePoint): Nearness {
    const local = rotateAbout(point, boxCentre(box), -box.rotation);
    const inside = local.x >= box.left && local.x <= box.left + box.width && local.y >= box.top && local.y <= box.top + box.height;
    return { inside, distance: distanceToOutline(boxCorners(box), point, true) };
  },

  outline: (box) => ({ points: boxCorners(box), closed: true }),

  handles(box: BoxShape, limits?: ShapeLimits): readonly Handle[] {
    const centre = boxCentre(box);
    const place = (x: number, y: number) => rotateAbout({ x: centre.x + (x * box.width) / 2, y: centre.y + (y * box.height) / 2 }, centre, box.rotation);
    const sides = HANDLES.map(({ id, x, y, eighth }): Handle => ({
      id, cursor: resizeCursor(eighth, box.rotation), at: place(x, y),
      ...(x !== 0 && y !== 0 ? { kind: "corner" } : { kind: "side", room: x === 0 ? box.width : box.height }),
    }));
    return mayTurn(box, limits) ? [...sides, rotateHandle(place(0, -1), box.rotation)] : sides;
  },

  pull(box: BoxShape, handle: string, to: ImagePoint, limits: ShapeLimits, { shift, alt }: Modifiers): BoxShape {
    if (handle === "rotate") {
      const angle = angleTo(boxCentre(box), to);
      return turnBox(box, normalAngle(shift ? stepAngle(angle, TURN_STEP) : angle), boxLimits(limits));
    }
    const held = HANDLES.find(({ id }) => id === handle);
    return held === undefined ? box : pullBox(box, held, clampPoint(to, limits.bounds), boxLimits(limits), { proportions: shift, centre: alt });
  },

  pulled: (handle) => handle,
  cut: () => null,

  move(box: BoxShape, dx: number, dy: number, limits: ShapeLimits): BoxShape {
    const shift = limitShift(boxBounds(box), limits.bounds, dx, dy);
    return settleBox({ ...box, left: box.left + shift.dx, top: box.top + shift.dy }, boxLimits(limits));
  },

  fault({ width, height }: BoxShape, { rule }: ShapeLimits): string | null {
    const minWidth = rule?.minWidth ?? 0, minHeight = rule?.minHeight ?? 0;
    if (width > 0 && height > 0 && width >= minWidth && height >= minHeight) return null;
    return `This box is ${shown(width)} × ${shown(height)} px; ${leastWords(minWidth, minHeight)}.`;
  },

  numbers: (box, limits) => boxNumbers(box, limits.bounds, mayTurn(box, limits)),
  withNumber: (box, id, value, limits) => withBoxNumber(box, id, value, boxLimits(limits)),

  fill: fillBox,
  stroke: strokeBox,
};

export function boxLimits({ bounds, rule }: ShapeLimits): BoxLimits {
  return { bounds, minWidth: rule?.minWidth ?? 0, minHeight: rule?.minHeight ?? 0, whole: rule?.integerPixels === true };
}

/** A box that is turned already can be turned back, whatever the task says. */
function mayTurn({ rotation }: BoxShape, limits: ShapeLimits | undefined): boolean {
  return limits?.rule?.canRotate === true || rotation !== 0;
}

/** What a task asks of the size of a rectangle, in words. */
export function leastWords(minWidth: number, minHeight: number): string {
  if (minWidth > 0 && minHeight > 0) return `at least ${minWidth} × ${minHeight} px are needed`;
  if (minWidth > 0) return `it must be at least ${minWidth} px wide`;
  return minHeight > 0 ? `it must be at least ${minHeight} px high` : "both sides must be longer than 0";
}

export function shown(value: number): number {
  return Math.round(value * 100) / 100;
}
