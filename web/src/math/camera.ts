/** A pinhole camera and how it stands over the ground, as a task describes it. */
export interface CameraModel {
  /** Focal lengths, principal point and skew in pixels of the picture. */
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  readonly skew: number;
  /** The picture's size as a part of the size that the other figures belong to. */
  readonly scale: number;
  /** Camera to world, world z up. */
  readonly rotation: { readonly x: number; readonly y: number; readonly z: number; readonly w: number };
  /** Metres above the ground. */
  readonly height: number;
}
