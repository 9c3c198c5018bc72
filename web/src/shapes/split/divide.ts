import { lengthOf, placeOn } from "../../math/border.js";
import { selfCrossing } from "../../math/crossings.js";
import { compareOrder, orderBetween } from "../../math/order.js";
import { polygonContains } from "../../math/polygon.js";
import { boundsOf, intersects, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { firstCrossing, splitLine, splitPolygon } from "../../math/split.js";
import { collection, objectAt, type Document, type Operation } from "../../model/document.js";
import type { JsonObject } from "../../model/json.js";
import { ANNOTATIONS, type Plan } from "../../model/plans.js";
import type { Item } from "../../engine/items.js";
import { boundsAround, ON_EDGE, tidy } from "../../engine/snap.js";
import { limitsFor, type ToolContext } from "../../engine/Tool.js";
import type { Vertices } from "../path/Shape.js";

/** A shape with the parts that a cut makes of it, the largest first. */
export interface Division {
  readonly item: Item;
  readonly parts: readonly Vertices[];
}

/** What a cut does to the shapes around: divides some, or nothing, for a reason in words where there is more to say than that. */
export interface CutResult {
  readonly divisions: readonly Division[];
  readonly reason: string | null;
}

const HOLE = "A polygon cannot have a hole: its outline is all that the answer holds. Cut from border to border instead.";
const NOTHING: CutResult = { divisions: [], reason: null };

/** Divides what a cut runs through: the selected shapes if it runs through any of them, else the only one that it runs through. */
export function cutThrough(cut: Vertices, context: ToolContext): CutResult {
  if (cut.length < 2) return NOTHING;
  const touched = context.items.within(boundsOf(cut) as ImageBounds).filter((item) => divisible(item, context));
  const chosen = touched.filter(({ key }) => context.selection.includes(key)), others = touched.filter((item) => !chosen.includes(item));
  for (const items of [chosen, others]) {
    const divisions = items.map((item) => ({ item, parts: partsOf(item, cut, context) })).filter(({ parts }) => parts.length > 1);
    if (divisions.length === 0) continue;
    if (items === others && divisions.length > 1) return { divisions: [], reason: `The cut runs through ${divisions.length} shapes. Select the one to divide, or several.` };
    return checked(divisions, cut, context);
  }
  const around = touched.some((item) => item.type === "polygon" && cut.every((point) => polygonContains(verticesOf(item), point)));
  return { divisions: [], reason: around ? HOLE : null };
}

/** Divides the line under a place, a selected one first. */
export function cutAt(at: ImagePoint, context: ToolContext): CutResult {
  const lines = context.items.within(boundsAround(at, ON_EDGE)).filter((item) => item.type === "line" && divisible(item, context))
    .sort((a, b) => Number(context.selection.includes(b.key)) - Number(context.selection.includes(a.key)));
  for (const item of lines) {
    const place = placeOn(verticesOf(item), false, at, ON_EDGE);
    const parts = place === null ? null : splitLine(verticesOf(item), place, at);
    if (parts !== null) return checked([{ item, parts: byLength(parts) }], [], context);
  }
  return NOTHING;
}

/** One step that leaves the largest part in each object's place and adds the others right above it, with the same label and answers. */
export function divisionPlan(divisions: readonly Division[], keys: readonly (readonly string[])[]): Plan {
  return (document) => divisions.flatMap(({ item, parts }, i): Operation[] => {
    const before = objectAt(document, ANNOTATIONS, item.key);
    // Somebody else may have changed the object before this step's turn came.
    if (before === null || before.vertices !== item.object.vertices) return [];
    const above = ordersAbove(document, before, parts.length - 1);
    const added = parts.slice(1).map((part, k): Operation => (
      { collection: ANNOTATIONS, key: keys[i][k], before: null, after: { ...item.shape.write(part, before), order: above[k] } }));
    return [{ collection: ANNOTATIONS, key: item.key, before, after: item.shape.write(parts[0], before) }, ...added];
  });
}

function divisible({ key, type }: Item, context: ToolContext): boolean {
  return (type === "polygon" || type === "line") && !context.locked(key) && !context.hidden(key);
}

function partsOf(item: Item, cut: Vertices, context: ToolContext): readonly Vertices[] {
  const vertices = verticesOf(item), kept = (point: ImagePoint): ImagePoint => tidy(point, limitsFor(context, item.type).rule?.integerPixels === true);
  if (!intersects(item.bounds, boundsOf(cut) as ImageBounds)) return [vertices];
  if (item.type === "polygon") return splitPolygon(vertices, cut, kept);
  const crossing = firstCrossing(vertices, cut);
  const parts = crossing === null ? null : splitLine(vertices, crossing.place, kept(crossing.at));
  return parts === null ? [vertices] : byLength(parts);
}

/** The divisions, unless one of the parts would break a rule of the task. */
function checked(divisions: readonly Division[], cut: Vertices, context: ToolContext): CutResult {
  const refuse = (reason: string): CutResult => ({ divisions: [], reason: `Not divided: ${reason}` });
  if (selfCrossing(cut, false) !== null) return refuse("the cut crosses itself.");
  for (const { item, parts } of divisions) {
    if (item.type === "polygon" && selfCrossing(verticesOf(item), true) !== null) return refuse("this polygon crosses itself; pull its vertices apart first.");
    const fault = parts.map((part) => item.shape.fault?.(part, limitsFor(context, item.type)) ?? null).find((words) => words !== null);
    if (fault !== undefined && fault !== null) return refuse(`${fault[0].toLocaleLowerCase()}${fault.slice(1)}`);
  }
  return { divisions, reason: null };
}

function byLength(parts: readonly Vertices[]): readonly Vertices[] {
  return [...parts].sort((a, b) => lengthOf(b) - lengthOf(a));
}

function ordersAbove(document: Document, { order }: JsonObject, count: number): string[] {
  const own = typeof order === "string" ? order : "";
  const orders = [...collection(document, ANNOTATIONS).values()].flatMap((object) => (typeof object.order === "string" ? [object.order] : []));
  const next = orders.filter((other) => compareOrder(other, own) > 0).sort(compareOrder)[0] ?? null;
  const above: string[] = [];
  for (let i = 0; i < count; i++) above.push(orderBetween(above[i - 1] ?? own, next));
  return above;
}

function verticesOf(item: Item): Vertices {
  return item.geometry as Vertices;
}
