import { fine, fineAbove } from "./box.js";
import { projected, rayAt, type CameraModel, type Vector, along, dot, times } from "./camera.js";
import { sideOf, type CuboidDrawing, type SideEdge } from "./cuboid.js";
import { clamp, type ImageBounds, type ImagePoint } from "./space.js";

/** What has to be kept while a drawn cuboid changes. */
export interface FaceLimits {
  readonly bounds: ImageBounds;
  readonly minWidth: number;
  readonly minHeight: number;
}

/** The least that an edge is long and the side is beside the face, in pixels. */
const LEAST = 1;

/** Which edges of the face a handle moves: -1 for left or top, 1 for right or bottom, 0 for none. */
export interface FaceHold {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

/** The face after edges were pulled to a point; the side keeps its place, and stays beside the face. */
export function pullFace(cuboid: CuboidDrawing, hold: FaceHold, to: ImagePoint, { bounds, minWidth, minHeight }: FaceLimits): CuboidDrawing {
  const at = { x: clamp(to.x, bounds.left, bounds.right), y: clamp(to.y, bounds.top, bounds.bottom) };
  const width = Math.min(cuboid.right - cuboid.left, Math.max(LEAST, fineAbove(minWidth))), height = Math.min(cuboid.bottom - cuboid.top, Math.max(LEAST, fineAbove(minHeight)));
  const seen = sideOf(cuboid), side = cuboid.side;
  // The edge beside the side stops before it, or the side would stand on the other side of the face of a sudden.
  const low = seen === "left" && side !== null ? Math.min(side.x + LEAST, cuboid.left) : -Infinity;
  const high = seen === "right" && side !== null ? Math.max(side.x - LEAST, cuboid.right) : Infinity;
  return settleCuboid({
    ...cuboid,
    left: hold.x < 0 ? clamp(at.x, low, cuboid.right - width) : cuboid.left,
    right: hold.x > 0 ? clamp(at.x, cuboid.left + width, high) : cuboid.right,
    top: hold.y < 0 ? Math.min(at.y, cuboid.bottom - height) : cuboid.top,
    bottom: hold.y > 0 ? Math.max(at.y, cuboid.top + height) : cuboid.bottom,
  });
}

/** The side after one of its corners, or the whole edge for 0, was pulled to a point. Across the face it changes sides. */
export function pullSide(cuboid: CuboidDrawing, corner: -1 | 0 | 1, to: ImagePoint, { bounds }: FaceLimits): CuboidDrawing {
  const { side } = cuboid;
  if (side === null) return cuboid;
  const x = besideFace(cuboid, to.x, bounds);
  const y = clamp(to.y, bounds.top, bounds.bottom);
  const length = side.bottom - side.top;
  const top = corner < 0 ? Math.min(y, side.bottom - LEAST) : corner > 0 ? side.top : clamp(y - length / 2, bounds.top, bounds.bottom - length);
  const bottom = corner > 0 ? Math.max(y, side.top + LEAST) : corner < 0 ? side.bottom : top + length;
  return settleCuboid({ ...cuboid, side: { x, top, bottom } });
}

/** Both ends of a slanted edge, of the side's top for -1 or its bottom for 1, moved up or down together. */
export function slideEdge(cuboid: CuboidDrawing, edge: -1 | 1, to: ImagePoint, { bounds, minHeight }: FaceLimits): CuboidDrawing {
  const { side, top, bottom } = cuboid;
  if (side === null) return cuboid;
  const height = Math.min(bottom - top, Math.max(LEAST, fineAbove(minHeight)));
  if (edge < 0) {
    const wanted = to.y - (top + side.top) / 2;
    const by = clamp(wanted, Math.min(0, bounds.top - Math.min(top, side.top)), Math.max(0, Math.min(bottom - height - top, side.bottom - LEAST - side.top)));
    return settleCuboid({ ...cuboid, top: top + by, side: { ...side, top: side.top + by } });
  }
  const wanted = to.y - (bottom + side.bottom) / 2;
  const by = clamp(wanted, Math.min(0, Math.max(top + height - bottom, side.top + LEAST - side.bottom)), Math.max(0, bounds.bottom - Math.max(bottom, side.bottom)));
  return settleCuboid({ ...cuboid, bottom: bottom + by, side: { ...side, bottom: side.bottom + by } });
}

/** The same side as seen on the other side of the face, as far away as there is room; null where there is none. */
export function flipSide(cuboid: CuboidDrawing, bounds: ImageBounds): CuboidDrawing | null {
  const { left, right, side } = cuboid;
  if (side === null) return null;
  const away = side.x > right ? side.x - right : left - side.x;
  const x = side.x > right ? Math.max(left - away, bounds.left) : Math.min(right + away, bounds.right);
  return x > left - LEAST && x < right + LEAST ? null : settleCuboid({ ...cuboid, side: { ...side, x } });
}

/** A cuboid of which only the face was drawn, with a side to adjust; null where there is no room beside the face. */
export function addSide(cuboid: CuboidDrawing, bounds: ImageBounds, camera: CameraModel | null): CuboidDrawing | null {
  const { left, right, bottom } = cuboid, away = Math.max((right - left) / 2, 8 * LEAST);
  const x = bounds.right - right >= Math.min(away, left - bounds.left) ? Math.min(right + away, bounds.right) : Math.max(left - away, bounds.left);
  if (x > left - LEAST && x < right + LEAST) return null;
  const foot = bottom - (bottom - cuboid.top) / 8;
  return settleCuboid({ ...cuboid, side: sideFrom(cuboid, { x, y: foot }, bounds, camera) });
}

/**
 * The side edge whose foot is at a point, with the height that perspective gives it: from the camera where there is one, otherwise so
 * that both slanted edges run to one point at the height of the picture's middle.
 */
export function sideFrom(face: CuboidDrawing, foot: ImagePoint, bounds: ImageBounds, camera: CameraModel | null): SideEdge {
  const x = besideFace(face, foot.x, bounds), bottom = clamp(foot.y, bounds.top + LEAST, bounds.bottom);
  const top = (camera === null ? null : topByCamera(face, x, bottom, camera)) ?? topByHorizon(face, bottom, (bounds.top + bounds.bottom) / 2);
  return { x: fine(x), top: fine(clamp(top, bounds.top, bottom - LEAST)), bottom: fine(bottom) };
}

/** Outside the face, on the side on which the point is, or is nearer to; on the other one where there is no room. */
function besideFace({ left, right }: CuboidDrawing, x: number, bounds: ImageBounds): number {
  const roomLeft = left - LEAST >= bounds.left, roomRight = right + LEAST <= bounds.right;
  const toRight = roomRight && (!roomLeft || x >= (left + right) / 2);
  return toRight ? clamp(x, right + LEAST, Math.max(bounds.right, right + LEAST)) : clamp(x, Math.min(bounds.left, left - LEAST), left - LEAST);
}

function topByCamera(face: CuboidDrawing, x: number, bottom: number, camera: CameraModel): number | null {
  const nearX = x > face.right ? face.right : face.left;
  const [near, far] = [rayAt(camera, nearX, face.bottom), rayAt(camera, x, bottom)].map((ray): Vector | null => {
    const fall = -dot(camera.up, ray);
    return fall > 1e-3 ? times(ray, 1 / fall) : null;
  });
  if (near === null || far === null) return null;
  // The height at which the column through the near foot meets the drawn top, then seen at the far foot.
  const row: Vector = [0, camera.fy, camera.cy - face.top];
  const height = -dot(near, row) / dot(camera.up, row);
  const top = projected(camera, along(far, height, camera.up)).y;
  return height > 0 && Number.isFinite(top) ? top : null;
}

function topByHorizon({ top, bottom }: CuboidDrawing, foot: number, middle: number): number {
  const horizon = Math.min(middle, bottom - (bottom - top) / 2);
  const share = clamp((bottom - foot) / (bottom - horizon), -1, 0.9);
  return top + share * (horizon - top);
}

/** All numbers to a hundredth of a pixel. */
export function settleCuboid({ left, top, right, bottom, side }: CuboidDrawing): CuboidDrawing {
  return {
    left: fine(left), top: fine(top), right: fine(right), bottom: fine(bottom),
    side: side === null ? null : { x: fine(side.x), top: fine(side.top), bottom: fine(side.bottom) },
  };
}
