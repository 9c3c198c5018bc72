import { clamp, type ImageBounds, type ImagePoint, type ScreenPoint } from "./space.js";

/** How the picture lies on the screen: screen = image × scale + (x, y). */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const MIN_SCALE = 0.02;
export const MAX_SCALE = 64;

export function toScreen(view: View, point: ImagePoint): ScreenPoint {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

export function toImage(view: View, point: ScreenPoint): ImagePoint {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

/** The part of the picture's plane that a canvas of this size shows. */
export function visibleBounds(view: View, canvas: Size): ImageBounds {
  const a = toImage(view, { x: 0, y: 0 }), b = toImage(view, { x: canvas.width, y: canvas.height });
  return { left: a.x, top: a.y, right: b.x, bottom: b.y };
}

/** Zooms by a factor and keeps the picture's point under `anchor` where it is. */
export function zoomAbout(view: View, anchor: ScreenPoint, factor: number): View {
  const scale = clamp(view.scale * factor, MIN_SCALE, MAX_SCALE);
  const ratio = scale / view.scale;
  return { scale, x: anchor.x - (anchor.x - view.x) * ratio, y: anchor.y - (anchor.y - view.y) * ratio };
}

export function panBy(view: View, dx: number, dy: number): View {
  return { scale: view.scale, x: view.x + dx, y: view.y + dy };
}

/** The view that shows all of `bounds`, centred, with `margin` CSS pixels left free on every side, at most `largest` times as large. */
export function fitView(bounds: ImageBounds, canvas: Size, margin = 24, largest = MAX_SCALE): View {
  const width = Math.max(bounds.right - bounds.left, 1e-6), height = Math.max(bounds.bottom - bounds.top, 1e-6);
  const roomX = Math.max(canvas.width - 2 * margin, 1), roomY = Math.max(canvas.height - 2 * margin, 1);
  const scale = clamp(Math.min(roomX / width, roomY / height), MIN_SCALE, largest);
  return {
    scale,
    x: canvas.width / 2 - ((bounds.left + bounds.right) / 2) * scale,
    y: canvas.height / 2 - ((bounds.top + bounds.bottom) / 2) * scale,
  };
}

/** Keeps at least a strip of the picture on the canvas, so that it cannot be lost off screen. */
export function keepInReach(view: View, bounds: ImageBounds, canvas: Size): View {
  const strip = Math.min(64, canvas.width / 4, canvas.height / 4);
  return {
    scale: view.scale,
    x: clamp(view.x, strip - bounds.right * view.scale, canvas.width - strip - bounds.left * view.scale),
    y: clamp(view.y, strip - bounds.bottom * view.scale, canvas.height - strip - bounds.top * view.scale),
  };
}
