import { sideOf, type CuboidDrawing } from "../../math/cuboid.js";
import type { ImagePoint } from "../../math/space.js";
import { numberOf, objectsOf, type JsonObject } from "../../model/json.js";

/** Corners that should share a coordinate may differ by this much, in pixels, as the server allows. */
const TOLERANCE = 1;

interface Named {
  readonly description: string;
  readonly at: ImagePoint;
}

/** The drawn corners in the order in which they are written. */
export function verticesOf({ left, top, right, bottom, side }: CuboidDrawing): readonly Named[] {
  const face: Named[] = [
    { description: "face-topleft", at: { x: left, y: top } }, { description: "face-bottomleft", at: { x: left, y: bottom } },
    { description: "face-topright", at: { x: right, y: top } }, { description: "face-bottomright", at: { x: right, y: bottom } },
  ];
  return side === null ? face
    : [...face, { description: "side-topcorner", at: { x: side.x, y: side.top } }, { description: "side-bottomcorner", at: { x: side.x, y: side.bottom } }];
}

interface NamedEdge {
  readonly description: string;
  readonly from: ImagePoint;
  readonly to: ImagePoint;
}

/** The drawn edges in the order in which they are written: the face's rightwards and downwards, the side's away from the face. */
export function edgesOf(cuboid: CuboidDrawing): readonly NamedEdge[] {
  const { left, top, right, bottom, side } = cuboid;
  const edge = (description: string, x1: number, y1: number, x2: number, y2: number): NamedEdge => ({ description, from: { x: x1, y: y1 }, to: { x: x2, y: y2 } });
  const face = [
    edge("face-top", left, top, right, top), edge("face-right", right, top, right, bottom),
    edge("face-bottom", left, bottom, right, bottom), edge("face-left", left, top, left, bottom),
  ];
  if (side === null) return face;
  const shared = sharedX(cuboid);
  return [...face, edge("side-bottom", shared, bottom, side.x, side.bottom), edge("side-top", shared, top, side.x, side.top)];
}

/** Where the edge is that face and side share. */
export function sharedX(cuboid: CuboidDrawing): number {
  const { left, right, side } = cuboid;
  return side === null || sideOf(cuboid) === "right" || (sideOf(cuboid) === null && 2 * side.x >= left + right) ? right : left;
}

export function readCuboid({ vertices }: JsonObject): CuboidDrawing | null {
  const corners = new Map<string, ImagePoint>();
  for (const { x, y, description } of objectsOf(vertices)) {
    const [px, py] = [typeof x === "number" ? numberOf(x) : null, typeof y === "number" ? numberOf(y) : null];
    if (typeof description !== "string" || px === null || py === null || corners.has(description)) return null;
    corners.set(description, { x: px, y: py });
  }
  const [topLeft, bottomLeft, topRight, bottomRight] = ["face-topleft", "face-bottomleft", "face-topright", "face-bottomright"].map((name) => corners.get(name));
  if (topLeft === undefined || bottomLeft === undefined || topRight === undefined || bottomRight === undefined) return null;
  const sideTop = corners.get("side-topcorner"), sideBottom = corners.get("side-bottomcorner");
  if ((sideTop === undefined) !== (sideBottom === undefined)) return null;
  const pairs: [number, number][] = [
    [topLeft.x, bottomLeft.x], [topRight.x, bottomRight.x], [topLeft.y, topRight.y], [bottomLeft.y, bottomRight.y],
    [sideTop?.x ?? 0, sideBottom?.x ?? 0],
  ];
  if (pairs.some(([a, b]) => Math.abs(a - b) > TOLERANCE)) return null;
  return {
    left: topLeft.x, top: topLeft.y, right: bottomRight.x, bottom: bottomRight.y,
    side: sideTop === undefined || sideBottom === undefined ? null : { x: sideTop.x, top: sideTop.y, bottom: sideBottom.y },
  };
}

export function writeCuboid(cuboid: CuboidDrawing, object: JsonObject): JsonObject {
  return {
    ...object,
    vertices: verticesOf(cuboid).map(({ description, at: { x, y } }) => ({ x, y, type: "vertex", description })),
    edges: edgesOf(cuboid).map(({ description, from, to }) => ({ x1: from.x, y1: from.y, x2: to.x, y2: to.y, type: "edge", description })),
  };
}
