import type { Size } from "./view.js";
import type { ScreenPoint } from "./space.js";

/** How far a picture is turned on the screen, clockwise in degrees. Coordinates of what is drawn never change with it. */
export type Turn = 0 | 90 | 180 | 270;

/** The nearest quarter turn of an angle in degrees. */
export function quarterTurn(degrees: number): Turn {
  return ((((Math.round(degrees / 90) * 90) % 360) + 360) % 360) as Turn;
}

/** The size of a canvas as the turned picture sees it. */
export function turnSize({ width, height }: Size, turn: Turn): Size {
  return turn === 90 || turn === 270 ? { width: height, height: width } : { width, height };
}

/** A place on the canvas, of this size, as the turned picture sees it. */
export function unturn({ x, y }: ScreenPoint, canvas: Size, turn: Turn): ScreenPoint {
  switch (turn) {
    case 0: return { x, y };
    case 90: return { x: y, y: canvas.width - x };
    case 180: return { x: canvas.width - x, y: canvas.height - y };
    case 270: return { x: canvas.height - y, y: x };
  }
}

/** Where a place of the turned picture is on the canvas, of this size. */
export function turnPlace({ x, y }: ScreenPoint, canvas: Size, turn: Turn): ScreenPoint {
  switch (turn) {
    case 0: return { x, y };
    case 90: return { x: canvas.width - y, y: x };
    case 180: return { x: canvas.width - x, y: canvas.height - y };
    case 270: return { x: y, y: canvas.height - x };
  }
}

/** The transform that paints the turned picture on a canvas of this size, as `setTransform` takes it, for `ratio` device pixels per CSS pixel. */
export function turnTransform(canvas: Size, turn: Turn, ratio: number): readonly [number, number, number, number, number, number] {
  switch (turn) {
    case 0: return [ratio, 0, 0, ratio, 0, 0];
    case 90: return [0, ratio, -ratio, 0, canvas.width * ratio, 0];
    case 180: return [-ratio, 0, 0, -ratio, canvas.width * ratio, canvas.height * ratio];
    case 270: return [0, -ratio, ratio, 0, 0, canvas.height * ratio];
  }
}

const QUARTER: { readonly [cursor: string]: string } = {
  "ns-resize": "ew-resize", "ew-resize": "ns-resize", "nwse-resize": "nesw-resize", "nesw-resize": "nwse-resize",
};

/** The cursor that points along the same edge of the turned picture. */
export function turnCursor(cursor: string, turn: Turn): string {
  return turn === 90 || turn === 270 ? QUARTER[cursor] ?? cursor : cursor;
}
