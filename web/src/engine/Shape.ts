import type { ImageBounds, ImagePoint } from "../math/space.js";
import type { View } from "../math/view.js";
import type { JsonObject } from "../model/json.js";
import type { GeometryRule } from "../model/taxonomy.js";

/** A place on a selected shape that can be taken hold of. */
export interface Handle {
  readonly id: string;
  readonly at: ImagePoint;
  readonly kind: "corner" | "side" | "vertex" | "insert";
  readonly cursor: string;
}

/** Where a point lies relative to a shape; `distance` to its outline in picture pixels. */
export interface Nearness {
  readonly inside: boolean;
  readonly distance: number;
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
  handles(geometry: G): readonly Handle[];
  /** The geometry after a handle was pulled to a point. */
  pull(geometry: G, handle: string, to: ImagePoint, limits: ShapeLimits): G;
  /** The handle that holds the same place after a pull; differs where pulling inserts a vertex. */
  pulled(handle: string): string;
  /** The geometry without the vertex of this handle; null when the shape cannot do without it. */
  cut(geometry: G, handle: string, limits: ShapeLimits): G | null;
  move(geometry: G, dx: number, dy: number, limits: ShapeLimits): G;
  /** Fills and strokes with the style that the context has, in CSS pixels of the canvas. */
  fill(context: CanvasRenderingContext2D, geometry: G, view: View): void;
  stroke(context: CanvasRenderingContext2D, geometry: G, view: View): void;
}

export type ShapeSet = readonly Shape[];

export function shapeFor(shapes: ShapeSet, type: string): Shape | null {
  return shapes.find((shape) => shape.type === type) ?? null;
}
