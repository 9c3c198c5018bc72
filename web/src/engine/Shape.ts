import type { ImageBounds, ImagePoint, ScreenPoint } from "../math/space.js";
import { toScreen, type View } from "../math/view.js";
import type { JsonObject } from "../model/json.js";
import type { GeometryRule } from "../model/taxonomy.js";

/** A place on a selected shape that can be taken hold of. */
export interface Handle {
  readonly id: string;
  readonly at: ImagePoint;
  readonly kind: "corner" | "side" | "vertex" | "insert" | "rotate";
  readonly cursor: string;
  /** How far from `at` it is shown and taken hold of, in CSS pixels; for handles that stand off the shape. */
  readonly offset?: ScreenPoint;
  /** The length of the edge that it stands on, in picture pixels; where that is short on screen, the handle would only be in the way. */
  readonly room?: number;
}

/** Where a point lies relative to a shape; `distance` to its outline in picture pixels. */
export interface Nearness {
  readonly inside: boolean;
  readonly distance: number;
}

/** The keys held down while something else happens. Ctrl stands for the command key where that one is usual. */
export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

export const NO_MODIFIERS: Modifiers = { shift: false, alt: false, ctrl: false };

/** The line that stands for a shape: what others snap to. Curves are given by points along them. */
export interface Outline {
  readonly points: readonly ImagePoint[];
  readonly closed: boolean;
}

/** A number of a shape that can be typed in. */
export interface NumberField {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: "px" | "°";
  readonly min?: number;
  readonly max?: number;
  readonly step: number;
}

/** A line that helps to see something; no part of any shape. */
export interface Guide {
  readonly points: readonly ImagePoint[];
  readonly dashed: boolean;
}

/** What is shown with a shape that is selected or in hand: lines over the picture and a note in words. */
export interface Aids {
  readonly guides: readonly Guide[];
  readonly note: string | null;
}

/** A change that a button stands for; the result is null where it is not possible now. */
export interface Action<G = unknown> {
  readonly id: string;
  readonly name: string;
  readonly result: G | null;
}

/** What a change of geometry has to respect. */
export interface ShapeLimits {
  readonly bounds: ImageBounds;
  readonly rule: GeometryRule | null;
}

/**
 * One geometry: how it is read from a draft and written back, where it is, and how its handles change it.
 * All functions are pure; `G` is the geometry's own value.
 */
export interface Shape<G = unknown> {
  readonly type: string;
  /** The word for one of these in the interface. */
  readonly noun: string;
  /** The geometry of a draft object, or null when its members make none. */
  read(object: JsonObject): G | null;
  /** The object with its geometry replaced and everything else kept. */
  write(geometry: G, object: JsonObject): JsonObject;
  bounds(geometry: G): ImageBounds;
  area(geometry: G): number;
  /** How many points are drawn, which tells how long painting takes. */
  points(geometry: G): number;
  nearness(geometry: G, point: ImagePoint): Nearness;
  outline(geometry: G): Outline;
  /** Without limits, the handles that every task allows. */
  handles(geometry: G, limits?: ShapeLimits): readonly Handle[];
  /** The geometry after a handle was pulled to a point. */
  pull(geometry: G, handle: string, to: ImagePoint, limits: ShapeLimits, modifiers: Modifiers): G;
  /** The handle that holds the same place after a pull; differs where pulling inserts a vertex. */
  pulled(handle: string): string;
  /** The geometry without the vertex of this handle; null when the shape cannot do without it. */
  cut(geometry: G, handle: string, limits: ShapeLimits): G | null;
  move(geometry: G, dx: number, dy: number, limits: ShapeLimits): G;
  /** Why the task does not accept this geometry (too small, too many vertices), in words; null when it does. */
  fault?(geometry: G, limits: ShapeLimits): string | null;
  aids?(geometry: G, limits: ShapeLimits): Aids;
  actions?(geometry: G, limits: ShapeLimits): readonly Action<G>[];
  /** The numbers that describe the geometry, in the order they are shown, and the geometry with one of them changed. */
  numbers?(geometry: G, limits: ShapeLimits): readonly NumberField[];
  withNumber?(geometry: G, id: string, value: number, limits: ShapeLimits): G;
  /** Fills and strokes with the style that the context has, in CSS pixels of the canvas. */
  fill(context: CanvasRenderingContext2D, geometry: G, view: View): void;
  stroke(context: CanvasRenderingContext2D, geometry: G, view: View): void;
}

/** Edges shorter than this have no handle between their ends, in CSS pixels. */
const LEAST_ROOM = 28;

/** Whether a handle is shown and taken hold of at this zoom. */
export function hasRoom({ scale }: View, { room = Infinity }: Handle): boolean {
  return room * scale >= LEAST_ROOM;
}

/** Where on the canvas a handle is. */
export function handlePlace(view: View, { at, offset = { x: 0, y: 0 } }: Handle): ScreenPoint {
  const { x, y } = toScreen(view, at);
  return { x: x + offset.x, y: y + offset.y };
}

export type ShapeSet = readonly Shape[];

export function shapeFor(shapes: ShapeSet, type: string): Shape | null {
  return shapes.find((shape) => shape.type === type) ?? null;
}
