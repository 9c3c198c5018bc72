import type { ImagePoint } from "../../math/space.js";
import { distanceToSegment } from "../../math/polygon.js";
import type { Link } from "../../model/links.js";
import type { Item, Items } from "../items.js";

/** How a link is drawn: from the border of one object to the border of the other, slightly bent. */
export interface Arrow {
  readonly link: Link;
  readonly points: readonly ImagePoint[];
  readonly middle: ImagePoint;
}

const PARTS = 24;
/** How far the curve leaves the straight line, as a part of its length; links that go both ways or twice lie beside each other. */
const BEND = 0.1;

const made = new WeakMap<Item, WeakMap<Item, Map<string, Arrow>>>();

/** The arrows of all links whose ends are both there and shown. */
export function arrowsOf(links: readonly Link[], items: Items, hidden: (key: string) => boolean): Arrow[] {
  const times = new Map<string, number>();
  return links.flatMap((link): Arrow[] => {
    const from = items.get(link.from), to = items.get(link.to);
    if (from === null || to === null || hidden(link.from) || hidden(link.to)) return [];
    const pair = `${link.from} ${link.to}`, nth = times.get(pair) ?? 0;
    times.set(pair, nth + 1);
    return [arrow(link, from, to, nth)];
  });
}

/** The arrow that a place is on; the nearest one within reach. */
export function arrowAt(arrows: readonly Arrow[], at: ImagePoint, tolerance: number): Arrow | null {
  let best: Arrow | null = null, nearest = tolerance;
  for (const candidate of arrows) {
    for (let i = 1; i < candidate.points.length; i++) {
      const apart = distanceToSegment(at, candidate.points[i - 1], candidate.points[i]);
      if (apart <= nearest) {
        nearest = apart;
        best = candidate;
      }
    }
  }
  return best;
}

function arrow(link: Link, from: Item, to: Item, nth: number): Arrow {
  let ends = made.get(from);
  if (ends === undefined) made.set(from, ends = new WeakMap());
  let known = ends.get(to);
  if (known === undefined) ends.set(to, known = new Map());
  const name = `${link.key} ${nth}`;
  const before = known.get(name);
  if (before !== undefined && before.link.object === link.object) return before;
  const points = curve(from, to, nth);
  const drawn: Arrow = { link, points, middle: points[Math.floor(points.length / 2)] };
  known.set(name, drawn);
  return drawn;
}

/** A curve from centre to centre without what lies inside the two objects, unless one of them lies inside the other. */
export function curve(from: Item, to: Item, nth: number): ImagePoint[] {
  const a = centre(from), b = centre(to);
  const bend = BEND * (nth + 1);
  const control = { x: (a.x + b.x) / 2 - (b.y - a.y) * bend * 2, y: (a.y + b.y) / 2 + (b.x - a.x) * bend * 2 };
  const at = (t: number): ImagePoint => ({
    x: (1 - t) * (1 - t) * a.x + 2 * t * (1 - t) * control.x + t * t * b.x,
    y: (1 - t) * (1 - t) * a.y + 2 * t * (1 - t) * control.y + t * t * b.y,
  });
  const start = border(from, at, b, 0, 1), end = border(to, at, a, 1, 0);
  const [first, last] = start < end ? [start, end] : [0, 1];
  return Array.from({ length: PARTS + 1 }, (_, i) => at(first + ((last - first) * i) / PARTS));
}

/** Where the curve leaves an object, on its way from `inner` to `outer`. */
function border(item: Item, at: (t: number) => ImagePoint, other: ImagePoint, inner: number, outer: number): number {
  const inside = (t: number) => item.shape.nearness(item.geometry, at(t)).inside;
  if (!inside(inner) || item.shape.nearness(item.geometry, other).inside) return inner;
  let low = inner, high = outer;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (inside(middle)) low = middle;
    else high = middle;
  }
  return high;
}

function centre({ bounds }: Item): ImagePoint {
  return { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2 };
}

