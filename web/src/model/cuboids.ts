import type { CuboidDrawing } from "../math/cuboid.js";
import type { ImagePoint } from "../math/space.js";

/** The corners of a drawn cuboid, in the order in which they are written: the upright face, then the far edge of the side. */
export const CUBOID_CORNERS = ["face-topleft", "face-bottomleft", "face-topright", "face-bottomright", "side-topcorner", "side-bottomcorner"] as const;

export type CuboidCorner = (typeof CUBOID_CORNERS)[number];

/** The corners by name; both of the side or none of them. */
export type CuboidCorners = { readonly [corner in CuboidCorner]?: ImagePoint };

export interface CuboidEdge {
  readonly name: string;
  readonly from: ImagePoint;
  readonly to: ImagePoint;
}

export function isCuboidCorner(name: unknown): name is CuboidCorner {
  return (CUBOID_CORNERS as readonly unknown[]).includes(name);
}

/** The four corners of the face; null when one is missing. */
export function cuboidFace(corners: CuboidCorners): { topLeft: ImagePoint; bottomLeft: ImagePoint; topRight: ImagePoint; bottomRight: ImagePoint } | null {
  const [topLeft, bottomLeft, topRight, bottomRight] = CUBOID_CORNERS.map((name) => corners[name]);
  return topLeft && bottomLeft && topRight && bottomRight ? { topLeft, bottomLeft, topRight, bottomRight } : null;
}

/** The edges, in the order in which they are written: along the face from left to right and from top to bottom, along the side away from the face. */
export function cuboidEdges(corners: CuboidCorners): CuboidEdge[] {
  const face = cuboidFace(corners);
  if (face === null) return [];
  const { topLeft, bottomLeft, topRight, bottomRight } = face;
  const edges = [
    { name: "face-top", from: topLeft, to: topRight },
    { name: "face-right", from: topRight, to: bottomRight },
    { name: "face-bottom", from: bottomLeft, to: bottomRight },
    { name: "face-left", from: topLeft, to: bottomLeft },
  ];
  const top = corners["side-topcorner"], bottom = corners["side-bottomcorner"];
  if (top === undefined || bottom === undefined) return edges;
  const onTheRight = top.x + bottom.x >= topLeft.x + topRight.x;
  return [
    ...edges,
    { name: "side-bottom", from: onTheRight ? bottomRight : bottomLeft, to: bottom },
    { name: "side-top", from: onTheRight ? topRight : topLeft, to: top },
  ];
}

/** The numbers of a drawing that say something about a cuboid in space; null when the face lacks a corner. */
export function cuboidDrawing(corners: CuboidCorners): CuboidDrawing | null {
  const face = cuboidFace(corners);
  if (face === null) return null;
  const top = corners["side-topcorner"], bottom = corners["side-bottomcorner"];
  return {
    left: face.topLeft.x, top: face.topLeft.y, right: face.topRight.x, bottom: face.bottomLeft.y,
    side: top === undefined || bottom === undefined ? null : { x: (top.x + bottom.x) / 2, top: top.y, bottom: bottom.y },
  };
}
