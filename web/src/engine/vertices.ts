import { boundsOf, contains, limitShift, type ImageBounds } from "../math/space.js";
import type { Item } from "./items.js";
import { NO_MODIFIERS, type Handle, type Shape, type ShapeLimits } from "./Shape.js";

/** The vertices of a shape, as handles. */
export function verticesOf(shape: Shape, geometry: unknown): readonly Handle[] {
  return shape.handles(geometry).filter(({ kind }) => kind === "vertex");
}

/** Those of the chosen vertices that the shape still has. */
export function chosenOf(item: Item | null, chosen: readonly string[]): readonly Handle[] {
  return item === null || chosen.length === 0 ? [] : verticesOf(item.shape, item.geometry).filter(({ id }) => chosen.includes(id));
}

export function verticesWithin({ shape, geometry }: Item, bounds: ImageBounds): string[] {
  return verticesOf(shape, geometry).filter(({ at }) => contains(bounds, at)).map(({ id }) => id);
}

/** The geometry with some vertices moved together, so far that none of them leaves the limits. */
export function shiftVertices(shape: Shape, geometry: unknown, chosen: readonly string[], dx: number, dy: number, limits: ShapeLimits): unknown {
  const held = verticesOf(shape, geometry).filter(({ id }) => chosen.includes(id)), bounds = boundsOf(held.map(({ at }) => at));
  if (bounds === null) return geometry;
  const shift = limitShift(bounds, limits.bounds, dx, dy);
  return held.reduce((changed, { id, at }) => shape.pull(changed, id, { x: at.x + shift.dx, y: at.y + shift.dy }, limits, NO_MODIFIERS), geometry);
}

/** The geometry without some vertices; null when the shape cannot do without them. */
export function cutVertices(shape: Shape, geometry: unknown, chosen: readonly string[], limits: ShapeLimits): unknown {
  const held = verticesOf(shape, geometry).filter(({ id }) => chosen.includes(id));
  // From the last to the first, because those after one that goes get other names.
  return [...held].reverse().reduce<unknown>((left, { id }) => (left === null ? null : shape.cut(left, id, limits)), geometry);
}
