import { fine, roundHalfUp } from "../../math/box.js";
import { clampPoint, distance, limitShift, type ImageBounds, type ImagePoint } from "../../math/space.js";
import type { JsonObject } from "../../model/json.js";
import type { NumberField, Shape, ShapeLimits } from "../../engine/Shape.js";
import { traceDot } from "../path/draw.js";

/** Size on screen, in CSS pixels: the outline is drawn this much thicker around a circle of this radius, which makes a full dot. */
const DOT = 2, THICKER = 3;

/** Single places. They have no handles: taking hold of one is moving it. */
export const PointGeometry: Shape<ImagePoint> = {
  type: "point",
  noun: "point",

  read: ({ x, y }: JsonObject): ImagePoint | null => (
    typeof x === "number" && typeof y === "number" && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null
  ),
  write: ({ x, y }: ImagePoint, object: JsonObject): JsonObject => ({ ...object, x, y }),

  bounds: ({ x, y }: ImagePoint): ImageBounds => ({ left: x, top: y, right: x, bottom: y }),
  area: () => 0,
  points: () => 1,
  nearness: (point: ImagePoint, other: ImagePoint) => ({ inside: false, distance: distance(point, other) }),
  outline: (point: ImagePoint) => ({ points: [point], closed: false }),

  handles: () => [],
  pull: (_: ImagePoint, _handle: string, to: ImagePoint, limits: ShapeLimits) => kept(clampPoint(to, limits.bounds), limits),
  pulled: (handle) => handle,
  cut: () => null,

  move(point: ImagePoint, dx: number, dy: number, limits: ShapeLimits): ImagePoint {
    const shift = limitShift(PointGeometry.bounds(point), limits.bounds, dx, dy);
    return kept({ x: fine(point.x + shift.dx), y: fine(point.y + shift.dy) }, limits);
  },

  numbers: ({ x, y }: ImagePoint, { bounds }: ShapeLimits): readonly NumberField[] => [
    { id: "x", name: "X", value: x, unit: "px", min: bounds.left, max: bounds.right, step: 1 },
    { id: "y", name: "Y", value: y, unit: "px", min: bounds.top, max: bounds.bottom, step: 1 },
  ],
  withNumber: (point: ImagePoint, id: string, value: number, limits: ShapeLimits): ImagePoint => (
    kept(clampPoint({ ...point, [id]: value }, limits.bounds), limits)
  ),

  // A faint area would not be seen at this size; the outline is the dot.
  fill: () => undefined,
  stroke(context: CanvasRenderingContext2D, point: ImagePoint, view): void {
    const { lineWidth } = context;
    context.lineWidth = lineWidth + THICKER;
    traceDot(context, point, view, DOT);
    context.stroke();
    context.lineWidth = lineWidth;
  },
};

function kept({ x, y }: ImagePoint, limits: ShapeLimits): ImagePoint {
  return limits.rule?.integerPixels === true ? { x: roundHalfUp(x), y: roundHalfUp(y) } : { x, y };
}
