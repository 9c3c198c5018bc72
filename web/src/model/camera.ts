import { cameraModel, type CameraModel } from "../math/camera.js";
import { isObject, numberOf, type JsonObject } from "./json.js";

/** The camera that cuboids are drawn for; null unless intrinsics, rotation and height are all given. */
export function readCamera({ camera_intrinsics: intrinsics, camera_rotation_quaternion: rotation, camera_height: height }: JsonObject): CameraModel | null {
  if (!isObject(intrinsics) || !isObject(rotation)) return null;
  const needed = [intrinsics.fx, intrinsics.fy, intrinsics.cx, intrinsics.cy, rotation.w, rotation.x, rotation.y, rotation.z, height].map((value) => numberOf(value));
  if (!needed.every((value): value is number => value !== null)) return null;
  const [fx, fy, cx, cy, w, x, y, z, above] = needed;
  return cameraModel({
    fx, fy, cx, cy, skew: numberOf(intrinsics.skew) ?? 0, scale: numberOf(intrinsics.scalefactor) ?? numberOf(intrinsics.scale_factor) ?? 1,
    rotation: { w, x, y, z }, height: above,
  });
}
