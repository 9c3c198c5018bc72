import { contains, holds, type ImageBounds, type ImagePoint } from "../math/space.js";
import type { Item, Items } from "./items.js";

/**
 * The items that a rectangle drawn around them takes: those that lie in it or whose outline enters it. One that surrounds the whole
 * rectangle is not meant.
 */
export function takenBy(items: Items, area: ImageBounds): Item[] {
  const found = items.within(area).filter(({ bounds, shape, geometry }) => {
    if (holds(area, bounds)) return true;
    const { points, closed } = shape.outline(geometry);
    return points.some((point, i) => contains(area, point) || ((closed || i > 0) && crosses(area, points[i === 0 ? points.length - 1 : i - 1], point)));
  });
  return found.sort((a, b) => items.numberOf(a.key) - items.numberOf(b.key));
}

/** Whether the segment a–b has a point inside, by cutting off what lies beyond each of the four sides (Liang and Barsky). */
function crosses(area: ImageBounds, a: ImagePoint, b: ImagePoint): boolean {
  let from = 0, to = 1;
  const cut = (start: number, along: number, low: number, high: number): void => {
    if (along === 0) {
      if (start < low || start > high) to = -1;
      return;
    }
    const first = (low - start) / along, second = (high - start) / along;
    from = Math.max(from, Math.min(first, second));
    to = Math.min(to, Math.max(first, second));
  };
  cut(a.x, b.x - a.x, area.left, area.right);
  cut(a.y, b.y - a.y, area.top, area.bottom);
  return from <= to;
}
