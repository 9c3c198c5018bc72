import { RULER } from "../../../engine/RulerTool.js";
import type { Preview } from "../../../engine/Tool.js";
import { lengthWords, partLengths, pathLength } from "../../../math/ruler.js";
import type { ImagePoint, ScreenPoint } from "../../../math/space.js";
import { toScreen } from "../../../math/view.js";
import type { Resolution } from "../../../model/facts.js";
import { paintChip, type Frame } from "../frame.js";

/** A part shorter than this has no room for its number, in CSS pixels. */
const ROOM = 60;
const TICK = 5;

/** The lengths along the ruler in hand: of every part, and of the whole at its end. */
export function paintRuler(frame: Frame, preview: Preview | null, resolution: Resolution | null): void {
  if (preview === null || preview.shape.type !== RULER.type) return;
  const points = (preview.geometry as readonly ImagePoint[]).map((point) => toScreen(frame.view, point));
  paintPath(frame.context, points);
  const lengths = partLengths(preview.geometry as readonly ImagePoint[]);
  const end = beyond(points[points.length - 2], points[points.length - 1]);
  lengths.forEach((length, i) => {
    const a = points[i], b = points[i + 1];
    if (lengths.length > 1 && Math.hypot(b.x - a.x, b.y - a.y) > ROOM) paintChip(frame, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, lengthWords(length, resolution), null);
  });
  paintChip(frame, end, `${lengths.length > 1 ? "in all " : ""}${lengthWords(pathLength(preview.geometry as readonly ImagePoint[]), resolution)}`, "#ffffff", true);
}

/** A place past the end of the path, where its chip hides nothing that is measured. */
function beyond(before: ScreenPoint, end: ScreenPoint): ScreenPoint {
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  return { x: end.x + ((end.x - before.x) / length) * 70, y: end.y + ((end.y - before.y) / length) * 24 };
}

/** White over a dark casing, with short strokes across at its points, as at the ends of a dimension in a drawing. */
function paintPath(context: CanvasRenderingContext2D, points: readonly ScreenPoint[]): void {
  context.beginPath();
  points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  points.forEach((here, i) => {
    const other = points[i === 0 ? 1 : i - 1], length = Math.hypot(other.x - here.x, other.y - here.y);
    if (length === 0) return;
    const x = (-(other.y - here.y) / length) * TICK, y = ((other.x - here.x) / length) * TICK;
    context.moveTo(here.x - x, here.y - y);
    context.lineTo(here.x + x, here.y + y);
  });
  context.setLineDash([]);
  context.strokeStyle = "rgba(6, 10, 16, 0.75)";
  context.lineWidth = 5;
  context.stroke();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2;
  context.stroke();
}
