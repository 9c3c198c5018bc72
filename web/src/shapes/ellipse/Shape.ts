import { fine, rotateAbout, stepAngle } from "../../math/box.js";
import { areAxisEnds, axisEnds, ellipseBounds, ellipseOf, ellipsePoints, LEAST_AXIS, type AxisEnds, type Ellipse } from "../../math/ellipse.js";
import { pullEnd, turnEllipse, type End } from "../../math/ellipseChange.js";
import { distanceToOutline } from "../../math/polygon.js";
import { boundsOf, clampPoint, limitShift, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { toScreen, type View } from "../../math/view.js";
import { readVertices } from "../../model/checks.js";
import type { JsonObject } from "../../model/json.js";
import type { Handle, Modifiers, Nearness, Shape, ShapeLimits } from "../../engine/Shape.js";
import { angleTo, rotateHandle, resizeCursor, TURN_STEP } from "../turning.js";
import { ellipseNumbers, withEllipseNumber } from "./numbers.js";

/** Handles at the ends of the axes, in the order of the vertices. */
const ENDS = ["top", "right", "bottom", "left"];
/** As many points as a curve needs to look round at any size of the screen, for snapping and distances. */
const SMOOTH = 72;

/** Ellipses, kept as the ends of their axes, so that moving one never changes it by rounding. */
export const EllipseGeometry: Shape<AxisEnds> = {
  type: "ellipse",
  noun: "ellipse",

  read({ vertices }: JsonObject): AxisEnds | null {
    const read = readVertices(vertices);
    return read !== null && areAxisEnds(read) ? read : null;
  },

  write: (ends: AxisEnds, object: JsonObject): JsonObject => ({ ...object, vertices: ends.map(({ x, y }) => ({ x, y })) }),

  bounds: (ends: AxisEnds): ImageBounds => ellipseBounds(ellipseOf(ends)),

  area(ends: AxisEnds): number {
    const { a, b } = ellipseOf(ends);
    return Math.PI * a * b;
  },

  points: () => 24,

  nearness(ends: AxisEnds, point: ImagePoint): Nearness {
    const ellipse = ellipseOf(ends);
    const local = rotateAbout(point, ellipse.centre, -ellipse.rotation);
    const inside = ((local.x - ellipse.centre.x) / ellipse.a) ** 2 + ((local.y - ellipse.centre.y) / ellipse.b) ** 2 <= 1;
    return { inside, distance: distanceToOutline(ellipsePoints(ellipse, SMOOTH), point, true) };
  },

  outline: (ends) => ({ points: ellipsePoints(ellipseOf(ends), SMOOTH), closed: true }),

  handles(ends: AxisEnds): readonly Handle[] {
    const { rotation } = ellipseOf(ends);
    const sides = ENDS.map((id, i): Handle => ({ id, at: ends[i], kind: "side", cursor: resizeCursor(2 * i, rotation) }));
    return [...sides, rotateHandle(ends[0], rotation)];
  },

  pull(ends: AxisEnds, handle: string, to: ImagePoint, { bounds }: ShapeLimits, { shift, alt }: Modifiers): AxisEnds {
    const ellipse = ellipseOf(ends), end = ENDS.indexOf(handle);
    if (end >= 0) return settled(pullEnd(ellipse, end as End, clampPoint(to, bounds), bounds, { proportions: shift, centre: alt }));
    if (handle !== "rotate") return ends;
    const angle = angleTo(ellipse.centre, to);
    return settled(turnEllipse(ellipse, shift ? stepAngle(angle, TURN_STEP) : angle, bounds));
  },

  pulled: (handle) => handle,
  cut: () => null,

  move(ends: AxisEnds, dx: number, dy: number, { bounds }: ShapeLimits): AxisEnds {
    const shift = limitShift(boundsOf(ends) as ImageBounds, bounds, dx, dy);
    return ends.map(({ x, y }) => ({ x: fine(x + shift.dx), y: fine(y + shift.dy) })) as unknown as AxisEnds;
  },

  fault(ends: AxisEnds): string | null {
    const { a, b } = ellipseOf(ends);
    // Hundredths of a pixel may be missing after rounding.
    return 2 * Math.min(a, b) >= LEAST_AXIS - 0.03 ? null : `This ellipse is ${fine(2 * a)} × ${fine(2 * b)} px; both axes must be at least ${LEAST_AXIS} px long.`;
  },

  numbers: (ends, { bounds }) => ellipseNumbers(ellipseOf(ends), bounds),
  withNumber: (ends, id, value, { bounds }) => settled(withEllipseNumber(ellipseOf(ends), id, value, bounds)),

  fill(context: CanvasRenderingContext2D, ends: AxisEnds, view: View): void {
    trace(context, ends, view);
    context.fill();
  },

  stroke(context: CanvasRenderingContext2D, ends: AxisEnds, view: View): void {
    trace(context, ends, view);
    context.stroke();
  },
};

/** The ends of the axes to a hundredth of a pixel, each by itself, which never carries one over the border. */
export function settled(ellipse: Ellipse): AxisEnds {
  return axisEnds(ellipse).map(({ x, y }) => ({ x: fine(x), y: fine(y) })) as unknown as AxisEnds;
}

function trace(context: CanvasRenderingContext2D, ends: AxisEnds, view: View): void {
  const { centre, a, b, rotation } = ellipseOf(ends);
  const { x, y } = toScreen(view, centre);
  context.beginPath();
  context.ellipse(x, y, a * view.scale, b * view.scale, rotation, 0, 2 * Math.PI);
}
