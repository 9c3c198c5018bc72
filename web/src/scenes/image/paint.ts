import { toScreen, type View } from "../../math/view.js";
import type { ScreenPoint } from "../../math/space.js";
import type { Item } from "../../engine/items.js";
import { handlePlace, hasRoom, type Guide, type Handle, type Shape, type ShapeLimits } from "../../engine/Shape.js";
import type { Preview } from "../../engine/Tool.js";
import type { Ink, Palette } from "./palette.js";

export const OUTLINE = 1.5;
const CASING = "rgba(6, 10, 16, 0.6)";
const CASING_WIDTH = 3.5;
/** How strongly shapes are drawn. */
export interface Strength {
  readonly fill: number;
  readonly casing: number;
  readonly outline: number;
}

export const AT_REST: Strength = { fill: 0.08, casing: CASING_WIDTH, outline: OUTLINE };
export const ACTIVE: Strength = { fill: 0.24, casing: CASING_WIDTH + 1, outline: OUTLINE + 0.5 };
/** So many items are drawn one by one, each over the ones behind it; more are sorted by colour, which is faster. */
const ONE_BY_ONE = 400;
const HANDLE = 4;
/** What is painted between two looks at the clock: 150 boxes, or 35 polygons of 50 points. */
const PORTION = 2100;
/** Beginning and ending an outline costs as much as this many points. */
const BEGINNING = 10;

/**
 * Paints items from back to front. Many are painted in three passes, fills, casings, outlines, each sorted by colour, because switching
 * colours costs more than drawing. Pauses after every portion, so that the caller can spread many items over several frames.
 */
export function* paintItems(context: CanvasRenderingContext2D, items: readonly Item[], view: View, palette: Palette, strength: Strength): Generator<void> {
  context.lineJoin = "round";
  if (items.length > ONE_BY_ONE) {
    yield* paintSorted(context, items, view, palette, strength);
    return;
  }
  const full = portions(3);
  for (const item of items) {
    paintShape(context, item.shape, item.geometry, view, palette.of(item.label), strength);
    if (full(item)) yield;
  }
}

/** Tells after each item whether a portion of work is done; `passes` is how often each is drawn. */
function portions(passes: number): (item: Item) => boolean {
  let painted = 0;
  return ({ points }) => {
    painted += passes * (BEGINNING + points);
    if (painted < PORTION) return false;
    painted = 0;
    return true;
  };
}

function paintShape(context: CanvasRenderingContext2D, shape: Shape, geometry: unknown, view: View, ink: Ink, { fill, casing, outline }: Strength): void {
  context.globalAlpha = fill;
  context.fillStyle = ink.colour;
  shape.fill(context, geometry, view);
  context.globalAlpha = 1;
  context.strokeStyle = CASING;
  context.lineWidth = casing;
  context.setLineDash([]);
  shape.stroke(context, geometry, view);
  context.strokeStyle = ink.colour;
  context.lineWidth = outline;
  context.setLineDash(ink.dash as number[]);
  shape.stroke(context, geometry, view);
  context.setLineDash([]);
}

function* paintSorted(context: CanvasRenderingContext2D, items: readonly Item[], view: View, palette: Palette, { fill, casing, outline }: Strength): Generator<void> {
  const byInk = new Map<Ink, Item[]>();
  for (const item of items) {
    const ink = palette.of(item.label);
    const group = byInk.get(ink);
    if (group === undefined) byInk.set(ink, [item]);
    else group.push(item);
  }
  const full = portions(1);
  context.globalAlpha = fill;
  for (const [ink, group] of byInk) {
    context.fillStyle = ink.colour;
    for (const item of group) {
      item.shape.fill(context, item.geometry, view);
      if (full(item)) yield;
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = CASING;
  context.lineWidth = casing;
  context.setLineDash([]);
  for (const item of items) {
    item.shape.stroke(context, item.geometry, view);
    if (full(item)) yield;
  }
  context.lineWidth = outline;
  for (const [ink, group] of byInk) {
    context.strokeStyle = ink.colour;
    context.setLineDash(ink.dash as number[]);
    for (const item of group) {
      item.shape.stroke(context, item.geometry, view);
      if (full(item)) yield;
    }
  }
  context.setLineDash([]);
}

/** The selected shape, or the one in hand: stronger fill, its handles, and what helps to see more; that only where limits are given. */
export function paintActive(
  context: CanvasRenderingContext2D, { shape, geometry, handles, emphasis, marks, guides }: Omit<Preview, "label" | "replaces">, view: View, ink: Ink, limits?: ShapeLimits,
): void {
  context.lineJoin = "round";
  // Under the outline, which is what was drawn; they are seen where they differ.
  if (limits !== undefined) for (const guide of shape.aids?.(geometry, limits).guides ?? []) paintGuide(context, guide, view);
  paintShape(context, shape, geometry, view, ink, ACTIVE);
  for (const guide of guides ?? []) paintGuide(context, guide, view);
  if (handles) paintHandles(context, shape, geometry, view, ink, limits);
  for (const mark of [...(emphasis === null ? [] : [emphasis]), ...(marks ?? [])]) paintEmphasis(context, toScreen(view, mark), ink);
}

function paintHandles(context: CanvasRenderingContext2D, shape: Shape, geometry: unknown, view: View, ink: Ink, limits?: ShapeLimits): void {
  for (const handle of shape.handles(geometry, limits)) if (hasRoom(view, handle)) paintHandle(context, handle, view, ink);
  // What is a single place has no handle of its own; a ring tells that it is selected.
  const { points } = shape.outline(geometry);
  if (points.length === 1) paintEmphasis(context, toScreen(view, points[0]), ink);
}

/** White over a dark casing, so that it is seen on any picture and is not taken for an outline. */
function paintGuide(context: CanvasRenderingContext2D, { points, dashed }: Guide, view: View): void {
  context.beginPath();
  points.forEach((point, i) => {
    const { x, y } = toScreen(view, point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.setLineDash([]);
  context.strokeStyle = CASING;
  context.lineWidth = CASING_WIDTH;
  context.stroke();
  if (dashed) context.setLineDash([5, 4]);
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.5;
  context.stroke();
  context.setLineDash([]);
}

function paintHandle(context: CanvasRenderingContext2D, handle: Handle, view: View, ink: Ink): void {
  const { kind } = handle, { x, y } = handlePlace(view, handle);
  if (handle.offset !== undefined) {
    const foot = toScreen(view, handle.at);
    context.beginPath();
    context.moveTo(foot.x, foot.y);
    context.lineTo(x, y);
    context.strokeStyle = ink.colour;
    context.lineWidth = 1.5;
    context.stroke();
  }
  context.lineWidth = 1.5;
  context.strokeStyle = "#0b1017";
  context.beginPath();
  if (kind === "insert") {
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    context.fillStyle = ink.colour;
  } else if (kind === "vertex" || kind === "rotate") {
    context.arc(x, y, HANDLE, 0, 2 * Math.PI);
    context.fillStyle = "#ffffff";
  } else {
    const half = kind === "corner" ? HANDLE : HANDLE - 1;
    context.rect(x - half, y - half, 2 * half, 2 * half);
    context.fillStyle = "#ffffff";
  }
  context.fill();
  context.stroke();
}

function paintEmphasis(context: CanvasRenderingContext2D, { x, y }: ScreenPoint, ink: Ink): void {
  context.beginPath();
  context.arc(x, y, HANDLE + 3, 0, 2 * Math.PI);
  context.lineWidth = 4;
  context.strokeStyle = "#0b1017";
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = ink.colour;
  context.stroke();
}

/** The outline of the item that the pointer is on. */
export function paintHover(context: CanvasRenderingContext2D, item: Item, view: View, ink: Ink): void {
  context.lineJoin = "round";
  context.strokeStyle = ink.colour;
  context.lineWidth = OUTLINE + 1;
  context.setLineDash(ink.dash as number[]);
  item.shape.stroke(context, item.geometry, view);
  context.setLineDash([]);
}

/** Number and label of an item above its top left corner, or inside it where the canvas ends. */
export function paintTag(context: CanvasRenderingContext2D, text: string, corner: ScreenPoint, ink: Ink, font: string): void {
  context.font = font;
  const width = Math.ceil(context.measureText(text).width) + 12;
  const x = Math.max(2, Math.round(corner.x)), y = corner.y < 24 ? Math.max(2, Math.round(corner.y) + 3) : Math.round(corner.y) - 23;
  context.fillStyle = "rgba(10, 14, 20, 0.88)";
  context.fillRect(x, y, width, 19);
  context.fillStyle = ink.colour;
  context.fillRect(x, y, 3, 19);
  context.fillStyle = "#f4f7fb";
  context.textBaseline = "middle";
  context.fillText(text, x + 8, y + 10);
}
