import { axisEnds, fitted, LEAST_AXIS, type Ellipse } from "../../math/ellipse.js";
import { turnEllipse } from "../../math/ellipseChange.js";
import { fine } from "../../math/box.js";
import { boundsOf, limitShift, type ImageBounds } from "../../math/space.js";
import type { NumberField } from "../../engine/Shape.js";
import { degrees, radians } from "../turning.js";

export function ellipseNumbers({ centre, a, b, rotation }: Ellipse, bounds: ImageBounds): readonly NumberField[] {
  const px = { unit: "px", step: 1 } as const;
  return [
    { id: "x", name: "Centre x", value: fine(centre.x), min: bounds.left, max: bounds.right, ...px },
    { id: "y", name: "Centre y", value: fine(centre.y), min: bounds.top, max: bounds.bottom, ...px },
    { id: "width", name: "Width", value: fine(2 * a), min: LEAST_AXIS, ...px },
    { id: "height", name: "Height", value: fine(2 * b), min: LEAST_AXIS, ...px },
    { id: "rotation", name: "Rotation", value: degrees(rotation), unit: "°", step: 1 },
  ];
}

export function withEllipseNumber(ellipse: Ellipse, id: string, value: number, bounds: ImageBounds): Ellipse {
  const { centre } = ellipse, half = Math.max(value, LEAST_AXIS) / 2;
  switch (id) {
    case "x": return moved(ellipse, value - centre.x, 0, bounds);
    case "y": return moved(ellipse, 0, value - centre.y, bounds);
    case "width": return fitted(ellipse, { ...ellipse, a: half }, bounds);
    case "height": return fitted(ellipse, { ...ellipse, b: half }, bounds);
    case "rotation": return turnEllipse(ellipse, radians(value), bounds);
    default: return ellipse;
  }
}

function moved(ellipse: Ellipse, dx: number, dy: number, bounds: ImageBounds): Ellipse {
  const shift = limitShift(boundsOf(axisEnds(ellipse)) as ImageBounds, bounds, dx, dy);
  return { ...ellipse, centre: { x: ellipse.centre.x + shift.dx, y: ellipse.centre.y + shift.dy } };
}
