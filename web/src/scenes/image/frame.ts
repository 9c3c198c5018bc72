import type { ImageBounds, ScreenPoint } from "../../math/space.js";
import { turnPlace, type Turn } from "../../math/turn.js";
import { toScreen, type Size, type View } from "../../math/view.js";

/** One painting of the canvas. All places but those of upright text are as the turned picture sees them. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly view: View;
  /** The size as the turned picture sees it, and that of the canvas itself, in CSS pixels. */
  readonly size: Size;
  readonly canvas: Size;
  readonly turn: Turn;
  readonly ratio: number;
  readonly font: string;
}

const INK = "#f4f7fb";
const GROUND = "rgba(10, 14, 20, 0.88)";

/** Paints with the canvas the right way up, however the picture is turned. */
export function upright({ context, ratio }: Frame, paint: () => void): void {
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint();
  context.restore();
}

/** A place of the picture's plane on the upright canvas. */
export function uprightPlace({ canvas, turn }: Frame, place: ScreenPoint): ScreenPoint {
  return turnPlace(place, canvas, turn);
}

/** The corner of an item that is top left on the upright canvas. */
export function uprightCorner(frame: Frame, { left, top, right, bottom }: ImageBounds): ScreenPoint {
  const a = uprightPlace(frame, toScreen(frame.view, { x: left, y: top })), b = uprightPlace(frame, toScreen(frame.view, { x: right, y: bottom }));
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) };
}

/** A short text on a dark ground about a place, which reads on any picture. */
export function paintChip(frame: Frame, at: ScreenPoint, text: string, colour: string | null, strong = false): void {
  const { context, font } = frame;
  upright(frame, () => {
    const { x, y } = uprightPlace(frame, at);
    context.font = font;
    const width = Math.ceil(context.measureText(text).width) + 12, left = Math.round(x - width / 2), top = Math.round(y - 9);
    context.fillStyle = GROUND;
    context.beginPath();
    context.rect(left, top, width, 19);
    context.fill();
    if (colour !== null) {
      context.strokeStyle = colour;
      context.lineWidth = strong ? 2 : 1;
      context.stroke();
    }
    context.fillStyle = INK;
    context.textBaseline = "middle";
    context.fillText(text, left + 6, top + 10);
  });
}
