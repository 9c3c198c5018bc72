import { along, columnPlane, cross, dot, length, projected, rayAt, rowPlane, times, type CameraModel, type Vector } from "./camera.js";
import { gaussNewton } from "./leastSquares.js";
import type { ImagePoint } from "./space.js";

/** The far vertical edge of the side of a cuboid that is seen. */
export interface SideEdge {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** A cuboid as a person draws it: an upright rectangle for the face and one edge for the side; null where only the face is seen. */
export interface CuboidDrawing {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly side: SideEdge | null;
}

/** Why no cuboid in space can be told from a drawing; the first that applies, in this order. */
export type Obstacle =
  | "camera-incomplete" | "camera-not-upright" | "no-side" | "side-within-face"
  | "above-horizon" | "no-volume" | "behind-camera" | "heights-differ";

/** A cuboid on the ground in the camera's frame, as seen along the edge that face and side share. */
export interface SpaceCuboid {
  /** The foot of the shared edge. */
  readonly near: Vector;
  /** Unit vectors along the side, away from the camera, and along the face, away from the shared edge. */
  readonly depth: Vector;
  readonly across: Vector;
  readonly width: number;
  readonly length: number;
  readonly height: number;
}

/** The eight corners: the drawn face as top left, bottom left, top right, bottom right, then the opposite face in the same order. */
export interface CorrectedCuboid extends SpaceCuboid {
  readonly points2d: readonly ImagePoint[];
  readonly points3d: readonly Vector[];
}

/** An up direction that is further from the picture's than this belongs to another convention of rotations. */
const UPRIGHT = -0.5;
/** Feet must lie at least a tenth of a degree below the horizon, or the distance is anybody's guess. */
const LEAST_SINE = Math.sin((0.1 * Math.PI) / 180);
const MAX_HEIGHT_DIFFERENCE = 0.5;
/** Sizes below this part of the camera's height come from rounding. */
const LEAST_SIZE = 1e-9;

/** The corrected cuboid of a drawing, or why there is none. */
export function correctCuboid(drawing: CuboidDrawing, camera: CameraModel | null): CorrectedCuboid | Obstacle {
  const exact = closedForm(drawing, camera);
  if (typeof exact === "string" || camera === null) return exact as Obstacle;
  const better = refine(drawing, exact, camera);
  const corrected = withCorners(drawing, better, camera);
  return hasVolume(corrected, camera) && corrected.points3d.every(([, , z]) => z > 0) ? corrected : withCorners(drawing, exact, camera);
}

/** Whether the side is seen right or left of the face; null when it is not beyond the face. */
export function sideOf({ left, right, side }: CuboidDrawing): "left" | "right" | null {
  if (side === null) return null;
  return side.x > right ? "right" : side.x < left ? "left" : null;
}

/**
 * The cuboid that stands on the ground and has the drawn shared edge, the drawn foot of the side and the drawn end of the face. The far
 * bottom corner of the face is horizontal by force and the height at the side is redundant, so neither is used.
 */
export function closedForm(drawing: CuboidDrawing, camera: CameraModel | null): (SpaceCuboid & { readonly heightAtSide: number }) | Obstacle {
  if (camera === null) return "camera-incomplete";
  const { up } = camera;
  if (up[1] > UPRIGHT) return "camera-not-upright";
  const { side } = drawing, seen = sideOf(drawing);
  if (side === null) return "no-side";
  if (seen === null) return "side-within-face";
  const [nearX, endX] = seen === "right" ? [drawing.right, drawing.left] : [drawing.left, drawing.right];
  const near = footAt(camera, nearX, drawing.bottom), far = footAt(camera, side.x, side.bottom);
  if (near === null || far === null) return "above-horizon";
  const sideways = along(far, -1, near);
  const depth = times(sideways, 1 / length(sideways));
  const column = columnPlane(camera, endX);
  const one = cross(up, depth);
  const width = -dot(near, column) / dot(one, column);
  const across = width < 0 ? times(one, -1) : one;
  const height = heightAt(camera, near, drawing.top), heightAtSide = heightAt(camera, far, side.top);
  const cuboid = { near, depth, across, width: Math.abs(width), length: length(sideways), height, heightAtSide };
  if (!hasVolume(cuboid, camera)) return "no-volume";
  if (cornersOf(drawing, cuboid, camera).some(([, , z]) => z <= 0)) return "behind-camera";
  return Math.abs(height - heightAtSide) > MAX_HEIGHT_DIFFERENCE * Math.max(height, heightAtSide) ? "heights-differ" : cuboid;
}

/** The point of the ground that is seen at a place of the picture; null at the horizon and above. */
function footAt(camera: CameraModel, x: number, y: number): Vector | null {
  const ray = rayAt(camera, x, y), fall = -dot(camera.up, ray);
  return fall >= LEAST_SINE * length(ray) ? times(ray, camera.height / fall) : null;
}

/** How far above a foot a row of the picture is. */
function heightAt(camera: CameraModel, foot: Vector, y: number): number {
  const row = rowPlane(camera, y);
  return -dot(foot, row) / dot(camera.up, row);
}

/** Spreads what the seven drawn numbers contradict each other over all of them: the cuboid of six unknowns that fits them best. */
function refine(drawing: CuboidDrawing, start: SpaceCuboid, camera: CameraModel): SpaceCuboid {
  const { up, height: above } = camera, side = drawing.side;
  if (side === null) return start;
  const [nearX, endX] = sideOf(drawing) === "right" ? [drawing.right, drawing.left] : [drawing.left, drawing.right];
  const sense = dot(cross(up, start.depth), start.across) < 0 ? -1 : 1;
  // Two directions along the ground, to count places and the yaw by.
  const one = unit(along([1, 0, 0], -up[0], up)), two = cross(up, one);
  const build = ([a, b, yaw, width, depthLength, height]: readonly number[]): SpaceCuboid => {
    const depth = along(times(one, Math.cos(yaw)), Math.sin(yaw), two);
    const near = along(along(times(up, -above), a, one), b, two);
    return { near, depth, across: times(cross(up, depth), sense), width, length: depthLength, height };
  };
  const residuals = (unknowns: readonly number[]) => {
    const { near, depth, across, width, length: depthLength, height } = build(unknowns);
    const far = along(near, depthLength, depth);
    const [foot, end, back] = [near, along(near, width, across), far].map((point) => projected(camera, point));
    const [top, backTop] = [near, far].map((point) => projected(camera, along(point, height, up)));
    return [foot.x - nearX, foot.y - drawing.bottom, top.y - drawing.top, end.x - endX, back.x - side.x, back.y - side.bottom, backTop.y - side.top];
  };
  const yaw = Math.atan2(dot(start.depth, two), dot(start.depth, one));
  return build(gaussNewton(residuals, [dot(start.near, one), dot(start.near, two), yaw, start.width, start.length, start.height]));
}

function cornersOf(drawing: CuboidDrawing, { near, depth, across, width, length: depthLength, height }: SpaceCuboid, { up }: CameraModel): Vector[] {
  const end = along(near, width, across);
  const [left, right] = sideOf(drawing) === "right" ? [end, near] : [near, end];
  const face = [along(left, height, up), left, along(right, height, up), right];
  return [...face, ...face.map((corner) => along(corner, depthLength, depth))];
}

function withCorners(drawing: CuboidDrawing, { near, depth, across, width, length: depthLength, height }: SpaceCuboid, camera: CameraModel): CorrectedCuboid {
  const cuboid = { near, depth, across, width, length: depthLength, height };
  const points3d = cornersOf(drawing, cuboid, camera);
  return { ...cuboid, points3d, points2d: points3d.map((point) => projected(camera, point)) };
}

function hasVolume({ width, length: depthLength, height }: SpaceCuboid, camera: CameraModel): boolean {
  return [width, depthLength, height].every((size) => Number.isFinite(size) && size > LEAST_SIZE * camera.height);
}

function unit(vector: Vector): Vector {
  return times(vector, 1 / length(vector));
}
