import type { Editor } from "../../../engine/Editor.js";
import { frameOf, lineEnds, linesOf } from "../../../engine/hand/lines.js";
import { primaryOf } from "../../../engine/selection.js";
import type { ImagePoint } from "../../../math/space.js";
import { toScreen } from "../../../math/view.js";
import { paintChip, type Frame } from "../frame.js";

const COLOUR = "#ffffff";

/** The lines across the selected object, and the one in hand. */
export function paintLines(frame: Frame, editor: Editor): void {
  const state = editor.state.get();
  const item = state.items.get(primaryOf(state));
  if (item === null || editor.hand.get().picking !== null) return;
  // While the object itself is being moved, its lines would stay behind.
  if (editor.preview.get()?.replaces === item.key) return;
  const { line } = editor.hand.get();
  for (const { attribute, a, b } of linesOf(item, editor.taxonomy.attributes)) {
    if (line?.attribute !== attribute.key) paintLine(frame, a, b, null);
  }
  const held = line === null ? null : state.items.get(line.key);
  if (line === null || held === null || line.value === null) return;
  const [a, b] = lineEnds(frameOf(held), line.axis, line.value);
  paintLine(frame, a, b, `${line.value} px from the ${line.axis === "x" ? "left" : "top"}`);
}

function paintLine(frame: Frame, from: ImagePoint, to: ImagePoint, text: string | null): void {
  const { context, view } = frame;
  const a = toScreen(view, from), b = toScreen(view, to);
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(a.x, a.y);
  context.lineTo(b.x, b.y);
  context.strokeStyle = "rgba(6, 10, 16, 0.75)";
  context.lineWidth = text === null ? 5 : 6;
  context.stroke();
  context.strokeStyle = COLOUR;
  context.lineWidth = text === null ? 2 : 3;
  context.setLineDash([7, 4]);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.arc((a.x + b.x) / 2, (a.y + b.y) / 2, 5, 0, 2 * Math.PI);
  context.fillStyle = COLOUR;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#0b1017";
  context.stroke();
  if (text !== null) paintChip(frame, { x: b.x, y: b.y + 16 }, text, COLOUR);
}
