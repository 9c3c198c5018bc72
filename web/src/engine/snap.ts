import { fine, roundHalfUp } from "../math/box.js";
import { nearestOnSegment } from "../math/polygon.js";
import { clampPoint, contains, distance, grow, type ImageBounds, type ImagePoint } from "../math/space.js";
import type { Guide, Outline } from "./Shape.js";
import type { SnapOptions, ToolContext } from "./Tool.js";

/** How near vertices and edges must be, in CSS pixels. */
export const SNAP_REACH = 8;
/** What lies nearer to an edge than this is on it: as fine as positions are kept. In picture pixels. */
export const ON_EDGE = 0.01;
/** Half the size of the mark around a vertex, in CSS pixels. */
const MARK = 9;

/** What a snap has to know about its surroundings. */
export type SnapField = Pick<ToolContext, "items" | "view" | "limits" | "taxonomy" | "integers" | "hidden">;

/** What a point was drawn to: a vertex, or an edge by its ends. */
export interface Catch {
  readonly at: ImagePoint;
  readonly edge: readonly [ImagePoint, ImagePoint] | null;
}

/**
 * The place that is meant by a place: the nearest vertex within reach, else the nearest place on an edge, of the shapes around and of the
 * picture's border. A free place is rounded to hundredths of a pixel, and to whole pixels where the task asks for them; a vertex is
 * met exactly, whatever its decimals.
 */
export function snapPoint(field: SnapField, point: ImagePoint, active: boolean, options: SnapOptions = {}): ImagePoint {
  const inside = clampPoint(point, field.limits);
  const caught = active ? catchAt(field, inside, SNAP_REACH / field.view.scale, options) : null;
  return caught === null || field.integers ? tidy(caught?.at ?? inside, field.integers) : caught.at;
}

/** Snapping holds unless Ctrl is held, and where the person has switched it off, only while Ctrl is held. */
export function snapActive(preferred: boolean, options: SnapOptions | undefined): boolean {
  return preferred !== (options?.modifiers?.ctrl ?? false);
}

/** A free place as it is kept. */
export function tidy({ x, y }: ImagePoint, integers: boolean): ImagePoint {
  return integers ? { x: roundHalfUp(x), y: roundHalfUp(y) } : { x: fine(x), y: fine(y) };
}

/** What is caught within reach: vertices first, then edges. Null when there is nothing. */
export function catchAt(field: SnapField, point: ImagePoint, reach: number, options: SnapOptions = {}): Catch | null {
  const outlines = outlinesAround(field, point, reach, options);
  const edge = nearestEdge(outlines, point, reach);
  // Where the place on the edge is within reach of a vertex, the vertex is meant; so snapping twice is the same as snapping once.
  const vertex = nearestVertex(outlines, point, reach) ?? (edge === null ? null : nearestVertex(outlines, edge.at, reach));
  if (vertex !== null && contains(field.limits, vertex)) return { at: vertex, edge: null };
  return edge;
}

/** Lines that show what a point lies on: a mark around a vertex, or the edge. */
export function snapGuides(field: SnapField, point: ImagePoint, options: SnapOptions = {}): Guide[] {
  const caught = catchAt(field, point, ON_EDGE, options);
  if (caught === null) return [];
  if (caught.edge !== null) return [{ points: caught.edge, dashed: false }];
  const { x, y } = caught.at, half = MARK / field.view.scale;
  return [{ points: [{ x, y: y - half }, { x: x + half, y }, { x, y: y + half }, { x: x - half, y }, { x, y: y - half }], dashed: false }];
}

/** The border of the picture itself, without its padding. */
export function pictureBorder({ limits, taxonomy }: Pick<SnapField, "limits" | "taxonomy">): Outline {
  const left = limits.left + taxonomy.padX, right = limits.right - taxonomy.padX;
  const top = limits.top + taxonomy.padY, bottom = limits.bottom - taxonomy.padY;
  return { points: [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }], closed: true };
}

export function boundsAround(point: ImagePoint, reach: number): ImageBounds {
  return grow({ left: point.x, top: point.y, right: point.x, bottom: point.y }, reach);
}

function outlinesAround(field: SnapField, point: ImagePoint, reach: number, { exclude = [] }: SnapOptions): Outline[] {
  const around = field.items.within(boundsAround(point, 2 * reach)).filter(({ key }) => !exclude.includes(key) && !field.hidden(key));
  return [...around.map(({ shape, geometry }) => shape.outline(geometry)), pictureBorder(field)];
}

function nearestVertex(outlines: readonly Outline[], point: ImagePoint, reach: number): ImagePoint | null {
  let best: ImagePoint | null = null, nearest = reach;
  for (const { points } of outlines) {
    for (const vertex of points) {
      // Most vertices are far away; this is cheaper than measuring.
      if (Math.abs(vertex.x - point.x) > nearest || Math.abs(vertex.y - point.y) > nearest) continue;
      const apart = distance(vertex, point);
      if (apart > nearest || (apart === nearest && best !== null)) continue;
      best = vertex;
      nearest = apart;
    }
  }
  return best === null ? null : { x: best.x, y: best.y };
}

function nearestEdge(outlines: readonly Outline[], point: ImagePoint, reach: number): Catch | null {
  let best: readonly [ImagePoint, ImagePoint] | null = null, at = point, nearest = reach;
  for (const { points, closed } of outlines) {
    for (let i = closed ? 0 : 1; i < points.length; i++) {
      const a = points[i === 0 ? points.length - 1 : i - 1], b = points[i];
      if (point.x < Math.min(a.x, b.x) - nearest || point.x > Math.max(a.x, b.x) + nearest) continue;
      if (point.y < Math.min(a.y, b.y) - nearest || point.y > Math.max(a.y, b.y) + nearest) continue;
      const on = nearestOnSegment(point, a, b), apart = distance(on, point);
      if (apart > nearest || (apart === nearest && best !== null)) continue;
      best = [a, b];
      at = on;
      nearest = apart;
    }
  }
  // A place that was rounded after it was put on an edge is on it and stays.
  return best === null ? null : { at: tidy(nearest < ON_EDGE ? point : at, false), edge: best };
}
