import { boxBounds, boxCentre, normalAngle, type BoxShape } from "../../math/box.js";
import { pullBox, settleBox, turnBox, type BoxLimits } from "../../math/boxChange.js";
import { shiftInto } from "../../math/inside.js";
import { clamp, limitShift, type ImageBounds } from "../../math/space.js";
import type { NumberField } from "../../engine/Shape.js";
import { degrees, radians } from "../turning.js";

/** An upright box by its edges, a turned one by its centre, because its left and top are those it had before turning. */
export function boxNumbers(box: BoxShape, bounds: ImageBounds, turnable: boolean): readonly NumberField[] {
  const centre = boxCentre(box), px = { unit: "px", step: 1 } as const;
  const place: NumberField[] = box.rotation === 0
    ? [{ id: "left", name: "Left", value: box.left, min: bounds.left, max: bounds.right, ...px }, { id: "top", name: "Top", value: box.top, min: bounds.top, max: bounds.bottom, ...px }]
    : [{ id: "x", name: "Centre x", value: centre.x, min: bounds.left, max: bounds.right, ...px }, { id: "y", name: "Centre y", value: centre.y, min: bounds.top, max: bounds.bottom, ...px }];
  const size: NumberField[] = [{ id: "width", name: "Width", value: box.width, min: 0, ...px }, { id: "height", name: "Height", value: box.height, min: 0, ...px }];
  return [...place, ...size, ...(turnable ? [{ id: "rotation", name: "Rotation", value: degrees(box.rotation), unit: "°", step: 1 } as const] : [])];
}

/** Sizes grow to the right and down on an upright box, and about the centre on a turned one. */
export function withBoxNumber(box: BoxShape, id: string, value: number, limits: BoxLimits): BoxShape {
  const centre = boxCentre(box);
  switch (id) {
    case "left": return moved(box, value - box.left, 0, limits);
    case "top": return moved(box, 0, value - box.top, limits);
    case "x": return moved(box, value - centre.x, 0, limits);
    case "y": return moved(box, 0, value - centre.y, limits);
    case "width":
    case "height": return resized(box, id, value, limits);
    case "rotation": return turnBox(box, normalAngle(radians(value)), limits);
    default: return box;
  }
}

function moved(box: BoxShape, dx: number, dy: number, limits: BoxLimits): BoxShape {
  const shift = limitShift(boxBounds(box), limits.bounds, dx, dy);
  return settleBox({ ...box, left: box.left + shift.dx, top: box.top + shift.dy }, limits);
}

function resized(box: BoxShape, side: "width" | "height", value: number, limits: BoxLimits): BoxShape {
  const { bounds } = limits;
  if (box.rotation === 0) {
    const room = side === "width" ? bounds.right - box.left : bounds.bottom - box.top;
    const least = Math.max(1, side === "width" ? limits.minWidth : limits.minHeight);
    return settleBox({ ...box, [side]: clamp(value, Math.min(least, room), room) }, limits);
  }
  const centre = boxCentre(box), half = value / 2;
  const [cos, sin] = [Math.cos(box.rotation), Math.sin(box.rotation)];
  const to = side === "width" ? { x: centre.x + half * cos, y: centre.y + half * sin } : { x: centre.x - half * sin, y: centre.y + half * cos };
  const pulled = pullBox(box, side === "width" ? { x: 1, y: 0 } : { x: 0, y: 1 }, to, limits, { proportions: false, centre: true });
  return shiftInto(boxBounds(pulled), bounds) === null ? box : pulled;
}
