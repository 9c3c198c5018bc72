import { boxCentre, fine, rotateAbout, type BoxShape } from "../../math/box.js";
import { distanceToSegment } from "../../math/polygon.js";
import { clamp, distance, type ImagePoint } from "../../math/space.js";
import { toScreen } from "../../math/view.js";
import { visibleAttributes } from "../../model/conditions.js";
import { isObject, type JsonObject } from "../../model/json.js";
import { setAttribute } from "../../model/plans.js";
import type { Attribute } from "../../model/taxonomy.js";
import type { Item } from "../items.js";
import { handlePlace } from "../Shape.js";
import { limitsFor, type Input } from "../Tool.js";
import { EMPTY_HAND, type HandContext, type HandResult } from "./context.js";

/** A line across an object that is in hand: `held` while the button is down, otherwise it follows the pointer until a click. */
export interface LineDrag {
  readonly key: string;
  readonly attribute: string;
  readonly axis: "x" | "y";
  readonly value: number | null;
  readonly held: boolean;
}

/** A line across an object, from one side to the other. */
export interface AnswerLine {
  readonly attribute: Attribute;
  readonly axis: "x" | "y";
  readonly value: number;
  readonly a: ImagePoint;
  readonly b: ImagePoint;
}

/** How near to a line the pointer must be, and to a handle for the handle to go first, in CSS pixels. */
const REACH = 5;
const HANDLE_REACH = 8;

/** The frame that offsets are counted in: the box before it was turned; for other shapes what surrounds them. */
export function frameOf(item: Item): BoxShape {
  if (item.type === "box" && item.shape.type === "box") return item.geometry as BoxShape;
  const { left, top, right, bottom } = item.bounds;
  return { left, top, width: right - left, height: bottom - top, rotation: 0 };
}

export function axisOf(attribute: Attribute): "x" | "y" | null {
  return attribute.type === "x_line" ? "x" : attribute.type === "y_line" ? "y" : null;
}

/** The ends of a line at this offset from the left or from the top side. */
export function lineEnds(frame: BoxShape, axis: "x" | "y", value: number): [ImagePoint, ImagePoint] {
  const { left, top, width, height } = frame;
  const ends: [ImagePoint, ImagePoint] = axis === "x"
    ? [{ x: left + value, y: top }, { x: left + value, y: top + height }]
    : [{ x: left, y: top + value }, { x: left + width, y: top + value }];
  return [rotateAbout(ends[0], boxCentre(frame), frame.rotation), rotateAbout(ends[1], boxCentre(frame), frame.rotation)];
}

/** The offset that a place stands for, within the object. */
export function offsetAt(frame: BoxShape, axis: "x" | "y", at: ImagePoint): number {
  const local = rotateAbout(at, boxCentre(frame), -frame.rotation);
  return fine(axis === "x" ? clamp(local.x - frame.left, 0, frame.width) : clamp(local.y - frame.top, 0, frame.height));
}

/** The lines that are answered on an object. */
export function linesOf(item: Item, attributes: readonly Attribute[]): AnswerLine[] {
  if (!attributes.some((attribute) => axisOf(attribute) !== null)) return [];
  const answers: JsonObject = isObject(item.object.attributes) ? item.object.attributes : {};
  const frame = frameOf(item);
  return visibleAttributes(attributes, "object", item.label, answers).flatMap((attribute): AnswerLine[] => {
    const axis = axisOf(attribute), value = answers[attribute.key];
    if (axis === null || typeof value !== "number") return [];
    const [a, b] = lineEnds(frame, axis, value);
    return [{ attribute, axis, value, a, b }];
  });
}

/** An input for the line in hand. */
export function inputToLine(line: LineDrag, input: Input, context: HandContext): HandResult {
  const item = context.items.get(line.key);
  if (item === null || input.kind === "cancel") return { hand: EMPTY_HAND, cursor: "default" };
  if (input.kind === "key" || input.kind === "double") return { hand: { ...EMPTY_HAND, line } };
  const value = offsetAt(frameOf(item), line.axis, input.at);
  if (input.kind !== "up") return { hand: { ...EMPTY_HAND, line: { ...line, value, held: line.held || input.kind === "down" } } };
  if (!line.held) return { hand: { ...EMPTY_HAND, line } };
  return { hand: EMPTY_HAND, plan: setAttribute(line.key, line.attribute, value), cursor: "default" };
}

/** Takes hold of a line of the selected object; null where there is none. */
export function holdLine(input: Input, context: HandContext): HandResult | null {
  if (input.kind !== "down" && input.kind !== "move") return null;
  const item = context.items.get(context.selection[context.selection.length - 1] ?? null);
  if (item === null || !context.selecting || context.locked(item.key)) return null;
  const line = linesOf(item, context.taxonomy.attributes).find(({ a, b }) => distanceToSegment(input.screen, toScreen(context.view, a), toScreen(context.view, b)) <= REACH);
  if (line === undefined) return null;
  const handles = item.shape.handles(item.geometry, limitsFor(context, item.type));
  if (handles.some((handle) => distance(handlePlace(context.view, handle), input.screen) <= HANDLE_REACH)) return null;
  const cursor = line.axis === "x" ? "col-resize" : "row-resize";
  if (input.kind === "move") return { hand: EMPTY_HAND, cursor };
  return { hand: { ...EMPTY_HAND, line: { key: item.key, attribute: line.attribute.key, axis: line.axis, value: line.value, held: true } }, cursor };
}
