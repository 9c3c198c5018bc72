import type { ImagePoint } from "./space.js";

/** A vector of the camera's frame: x right, y down, z along the optical axis. */
export type Vector = readonly [number, number, number];

export interface Quaternion {
  readonly w: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** What a task states about its camera; `scale` is how many times larger the original was than the picture that is drawn on. */
export interface CameraParameters {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly skew: number;
  readonly scale: number;
  /** From camera to world, of any length but zero. */
  readonly rotation: Quaternion;
  readonly height: number;
}

/** A camera above the ground, in pixels of the picture that is drawn on. */
export interface CameraModel {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly skew: number;
  /** The world's upward direction. Only this of the rotation matters: which way the camera looks changes nothing. */
  readonly up: Vector;
  /** Over the ground; it scales everything in space and moves nothing on the picture. */
  readonly height: number;
}

/** Null for numbers that describe no camera. */
export function cameraModel({ fx, fy, cx, cy, skew, scale, rotation, height }: CameraParameters): CameraModel | null {
  const norm = Math.hypot(rotation.w, rotation.x, rotation.y, rotation.z);
  const usable = [fx, fy, cx, cy, skew, scale, norm, height].every(Number.isFinite) && fx !== 0 && fy !== 0 && scale > 0 && norm >= 1e-6;
  if (!usable) return null;
  const [w, x, y, z] = [rotation.w / norm, rotation.x / norm, rotation.y / norm, rotation.z / norm];
  return {
    fx: fx / scale, fy: fy / scale, cx: cx / scale, cy: cy / scale, skew: skew / scale,
    // The third row of the rotation matrix: the world's z axis as the camera sees it.
    up: [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    // Heights below zero occur in real requests; as only the scale depends on them, their size is as good.
    height: Math.abs(height) || 1,
  };
}

/** The direction of everything that is seen at a place of the picture, with z = 1. */
export function rayAt({ fx, fy, cx, cy, skew }: CameraModel, x: number, y: number): Vector {
  const down = (y - cy) / fy;
  return [(x - cx - skew * down) / fx, down, 1];
}

/** The normal of the plane through the camera and a column of the picture. */
export function columnPlane({ fx, cx, skew }: CameraModel, x: number): Vector {
  return [fx, skew, cx - x];
}

/** The normal of the plane through the camera and a row of the picture. */
export function rowPlane({ fy, cy }: CameraModel, y: number): Vector {
  return [0, fy, cy - y];
}

export function projected({ fx, fy, cx, cy, skew }: CameraModel, [x, y, z]: Vector): ImagePoint {
  return { x: (fx * x + skew * y) / z + cx, y: (fy * y) / z + cy };
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function length(a: Vector): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** a + factor · b. */
export function along(a: Vector, factor: number, b: Vector): Vector {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}

export function times(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}
