import { boundsOf, intersects, type Point, type Space } from "./space.js";

/** Where two segments meet: as parts of the way along each, and the place itself. */
export interface Meeting<S extends Space> {
  readonly along: number;
  readonly across: number;
  readonly at: Point<S>;
}

/** The place where segment a–b properly crosses or touches segment c–d; null for parallel segments, also overlapping ones. */
export function meeting<S extends Space>(a: Point<S>, b: Point<S>, c: Point<S>, d: Point<S>): Meeting<S> | null {
  const abx = b.x - a.x, aby = b.y - a.y, cdx = d.x - c.x, cdy = d.y - c.y;
  const turn = abx * cdy - aby * cdx;
  if (turn === 0) return null;
  const acx = c.x - a.x, acy = c.y - a.y;
  const along = (acx * cdy - acy * cdx) / turn, across = (acx * aby - acy * abx) / turn;
  if (along < 0 || along > 1 || across < 0 || across > 1) return null;
  return { along, across, at: { x: a.x + along * abx, y: a.y + along * aby } };
}

/** The first place where an outline crosses itself; null when it does not. Edges that share a vertex do not count where they share it. */
export function selfCrossing<S extends Space>(vertices: readonly Point<S>[], closed: boolean): Point<S> | null {
  const count = closed ? vertices.length : vertices.length - 1;
  const edges = Array.from({ length: Math.max(0, count) }, (_, i) => {
    const a = vertices[i], b = vertices[(i + 1) % vertices.length];
    return { a, b, bounds: boundsOf([a, b]) };
  });
  for (let i = 0; i < edges.length; i++) {
    for (let j = i + 2; j < edges.length; j++) {
      if (closed && i === 0 && j === edges.length - 1) continue;
      const one = edges[i], other = edges[j];
      if (one.bounds === null || other.bounds === null || !intersects(one.bounds, other.bounds)) continue;
      const found = meeting(one.a, one.b, other.a, other.b);
      if (found !== null) return found.at;
    }
  }
  return null;
}
