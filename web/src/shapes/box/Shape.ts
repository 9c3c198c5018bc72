import { boxBounds, boxCentre, boxCorners, fine, rotateAbout, roundBox, type BoxShape } from "../../math/box.js";
import { distanceToOutline } from "../../math/polygon.js";
import { clampPoint, limitShift, type ImagePoint } from "../../math/space.js";
import type { JsonObject } from "../../model/json.js";
import type { Handle, Nearness, Shape, ShapeLimits } from "../../engine/Shape.js";
import { fillBox, strokeBox } from "./draw.js";

/** Handles by compass direction: which sides move with each, as parts of width and height from the centre. */
const HANDLES: readonly { readonly id: string; readonly x: -1 | 0 | 1; readonly y: -1 | 0 | 1; readonly cursor: string }[] = [
  { id: "nw", x: -1, y: -1, cursor: "nwse-resize" }, { id: "n", x: 0, y: -1, cursor: "ns-resize" },
  { id: "ne", x: 1, y: -1, cursor: "nesw-resize" }, { id: "e", x: 1, y: 0, cursor: "ew-resize" },
  { id: "se", x: 1, y: 1, cursor: "nwse-resize" }, { id: "s", x: 0, y: 1, cursor: "ns-resize" },
  { id: "sw", x: -1, y: 1, cursor: "nesw-resize" }, { id: "w", x: -1, y: 0, cursor: "ew-resize" },
];
/** Boxes never get smaller than this while a handle is pulled, in pixels. */
const SMALLEST = 1;

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
    const placed = { ...object, left: fine(left), top: fine(top), width: fine(width), height: fine(height) };
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

  handles(box: BoxShape): readonly Handle[] {
    const centre = boxCentre(box);
    return HANDLES.map(({ id, x, y, cursor }) => ({
      id, cursor, kind: x !== 0 && y !== 0 ? "corner" : "side",
      at: rotateAbout({ x: centre.x + (x * box.width) / 2, y: centre.y + (y * box.height) / 2 }, centre, box.rotation),
    }));
  },

  pull(box: BoxShape, handle: string, to: ImagePoint, limits: ShapeLimits): BoxShape {
    const held = HANDLES.find(({ id }) => id === handle);
    if (held === undefined) return box;
    const centre = boxCentre(box);
    const local = rotateAbout(clampPoint(to, limits.bounds), centre, -box.rotation);
    let left = box.left, right = box.left + box.width, top = box.top, bottom = box.top + box.height;
    if (held.x < 0) left = Math.min(local.x, right - SMALLEST);
    if (held.x > 0) right = Math.max(local.x, left + SMALLEST);
    if (held.y < 0) top = Math.min(local.y, bottom - SMALLEST);
    if (held.y > 0) bottom = Math.max(local.y, top + SMALLEST);
    // The box turns about its centre, which has moved: place the new centre so that the opposite side stays where it was.
    const moved = rotateAbout({ x: (left + right) / 2, y: (top + bottom) / 2 }, centre, box.rotation);
    const pulled = { left: moved.x - (right - left) / 2, top: moved.y - (bottom - top) / 2, width: right - left, height: bottom - top, rotation: box.rotation };
    return whole(box.rotation === 0 ? { left, top, width: right - left, height: bottom - top, rotation: 0 } : pulled, limits);
  },

  pulled: (handle) => handle,
  cut: () => null,

  move(box: BoxShape, dx: number, dy: number, limits: ShapeLimits): BoxShape {
    const shift = limitShift(boxBounds(box), limits.bounds, dx, dy);
    return whole({ ...box, left: box.left + shift.dx, top: box.top + shift.dy }, limits);
  },

  fill: fillBox,
  stroke: strokeBox,
};

function whole(box: BoxShape, limits: ShapeLimits): BoxShape {
  return limits.rule?.integerPixels === true ? roundBox(box) : box;
}
