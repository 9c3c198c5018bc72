import type { Editor } from "../../../engine/Editor.js";
import { arrowsOf, type Arrow } from "../../../engine/hand/arrows.js";
import type { ImagePoint, ScreenPoint } from "../../../math/space.js";
import { toScreen, type View } from "../../../math/view.js";
import { paintChip, type Frame } from "../frame.js";
import type { Ink, Palette } from "../palette.js";

const CASING = "rgba(6, 10, 16, 0.7)";
const HEAD = 11;
/** More names than these would cover the picture; then only those of the selected objects and links are printed. */
const NAMES = 40;

/** All links as arrows, over the shapes. */
export function paintLinks(frame: Frame, editor: Editor, palette: Palette): void {
  const links = editor.links();
  if (links.length === 0) return;
  const { items, display, selection } = editor.state.get();
  const { link: selected } = editor.hand.get(), hover = editor.hover.get();
  const arrows = arrowsOf(links, items, (key) => display.get(key)?.hidden === true);
  for (const arrow of arrows) paintArrow(frame, arrow, palette.of(arrow.link.label), arrow.link.key === selected);
  for (const arrow of arrows) {
    const { key, from, to, label } = arrow.link;
    const near = key === selected || [from, to].some((end) => end === hover || selection.includes(end));
    if (near || arrows.length <= NAMES) paintChip(frame, toScreen(frame.view, arrow.middle), editor.nameOf(label), palette.of(label).colour, key === selected);
  }
}

/** One arrow; a dash in the ink is kept, over a casing that has none. */
export function paintArrow({ context, view }: Frame, { points }: Arrow, ink: Ink, strong: boolean): void {
  paintShaft(context, points, view, ink, strong);
  const tip = toScreen(view, points[points.length - 1]), before = toScreen(view, points[points.length - 3]);
  paintHead(context, tip, Math.atan2(tip.y - before.y, tip.x - before.x), ink, strong);
}

/** A line from the object that a link starts at to the pointer, or to what the keyboard is on. */
export function paintRubber({ context, view }: Frame, from: ImagePoint, to: ImagePoint, ink: Ink): void {
  const a = toScreen(view, from), b = toScreen(view, to);
  paintShaft(context, [from, to], view, ink, true);
  paintHead(context, b, Math.atan2(b.y - a.y, b.x - a.x), ink, true);
}

function paintShaft(context: CanvasRenderingContext2D, points: readonly ImagePoint[], view: View, ink: Ink, strong: boolean): void {
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  points.forEach((point, i) => {
    const { x, y } = toScreen(view, point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.setLineDash([]);
  context.strokeStyle = CASING;
  context.lineWidth = strong ? 7 : 5;
  context.stroke();
  context.strokeStyle = ink.colour;
  context.lineWidth = strong ? 3.5 : 2;
  context.setLineDash(ink.dash as number[]);
  context.stroke();
  context.setLineDash([]);
  context.lineCap = "butt";
}

function paintHead(context: CanvasRenderingContext2D, { x, y }: ScreenPoint, angle: number, ink: Ink, strong: boolean): void {
  const length = strong ? HEAD + 3 : HEAD;
  context.beginPath();
  context.moveTo(x, y);
  for (const side of [-1, 1]) context.lineTo(x - length * Math.cos(angle + side * 0.45), y - length * Math.sin(angle + side * 0.45));
  context.closePath();
  context.fillStyle = ink.colour;
  context.strokeStyle = CASING;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
}
