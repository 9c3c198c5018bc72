import { placeOn, waysAlong } from "../../math/border.js";
import type { ImagePoint } from "../../math/space.js";
import type { Outline } from "../../engine/Shape.js";
import { boundsAround, ON_EDGE, pictureBorder } from "../../engine/snap.js";
import type { ToolContext } from "../../engine/Tool.js";
import type { Vertices } from "./Shape.js";

export interface FollowOptions {
  /** What has been drawn so far; a border that it already runs along is not followed again. */
  readonly drawn: Vertices;
  readonly exclude: readonly string[];
  /** Whether the straight way comes before the border, as for lines, which mostly do not share one. */
  readonly straightFirst: boolean;
}

/**
 * The ways from the newest vertex to the next one, as the vertices strictly between them, the likeliest first. Where both lie on the
 * outline of the same neighbour, or on the picture's border, these are the ways along it and the straight one; else only the straight one.
 */
export function waysTo(context: ToolContext, from: ImagePoint, to: ImagePoint, { drawn, exclude, straightFirst }: FollowOptions): readonly Vertices[] {
  const straight: Vertices = [];
  const neighbours = context.items.within(boundsAround(to, 2 * ON_EDGE)).filter(({ key }) => !exclude.includes(key) && !context.hidden(key));
  const candidates: Vertices[][] = [];
  for (const { shape, geometry } of neighbours) {
    const ways = waysOn(shape.outline(geometry), from, to);
    if (ways !== null) candidates.push(ways);
  }
  // The picture's border matters to areas that reach it; lines that end there have nothing to do with it.
  const border = straightFirst || candidates.length > 0 ? null : waysOn(pictureBorder(context), from, to);
  if (border !== null) candidates.push(border.slice(0, 1));
  const used = new Set(drawn.map(({ x, y }) => `${x},${y}`));
  const fresh = candidates.filter(([shorter]) => shorter.length > 0 && !shorter.some(({ x, y }) => used.has(`${x},${y}`)));
  if (fresh.length === 0) return [straight];
  const ways = fresh.reduce((best, other) => (other[0].length < best[0].length ? other : best)).filter((way) => way.length > 0);
  return straightFirst ? [straight, ...ways] : [...ways, straight];
}

function waysOn({ points, closed }: Outline, from: ImagePoint, to: ImagePoint): Vertices[] | null {
  const end = placeOn(points, closed, to, ON_EDGE);
  if (end === null) return null;
  const start = placeOn(points, closed, from, ON_EDGE);
  return start === null || start === end ? null : waysAlong(points, closed, start, end, from, to);
}
