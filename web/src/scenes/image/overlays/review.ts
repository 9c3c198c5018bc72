import type { Item } from "../../../engine/items.js";
import type { Review } from "../../../engine/Review.js";
import { toScreen, visibleBounds } from "../../../math/view.js";
import { upright, uprightCorner, type Frame } from "../frame.js";

const GROUND = "rgba(10, 14, 20, 0.88)";
const INK = "#f4f7fb";
const COLOURS = { accepted: "#56c98d", rejected: "#ff8f86", changed: "#f0b352" };
/** More marks than these would cover the picture. */
const MOST = 400;
const SIZE = 17;

/** Beside each object what was decided about it and whether it is new, and the outlines of what is gone. */
export function paintReview(frame: Frame, review: Review): void {
  const { editor } = review, { changes, past, filter } = review.state.get();
  if (filter === "all" || filter === "changed") paintRemoved(frame, review);
  const seen = editor.state.get().shown.within(visibleBounds(frame.view, frame.size));
  if (seen.length > MOST) return;
  for (const item of seen) {
    const verdict = review.verdict(item.key), change = past ? undefined : changes.objects.get(item.key);
    const marks = [
      ...(verdict === null ? [] : [{ text: verdict === "accepted" ? "✓" : "✗", colour: COLOURS[verdict] }]),
      ...(change === undefined || !review.isNews ? [] : [{ text: change.kind, colour: COLOURS.changed }]),
    ];
    if (marks.length > 0) paintMarks(frame, item, marks);
  }
}

/** Small words at the right upper corner; the left one has the tag. */
function paintMarks(frame: Frame, { bounds }: Item, marks: readonly { readonly text: string; readonly colour: string }[]): void {
  const { context, font } = frame;
  const corner = uprightCorner(frame, bounds);
  upright(frame, () => {
    context.font = font;
    const width = Math.abs(bounds.right - bounds.left) * frame.view.scale;
    let x = Math.round(corner.x + Math.max(width - SIZE, 2));
    for (const { text, colour } of marks) {
      const wide = Math.max(SIZE, Math.ceil(context.measureText(text).width) + 8), y = Math.round(corner.y) + 2;
      context.fillStyle = GROUND;
      context.fillRect(x, y, wide, SIZE);
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.setLineDash([]);
      context.strokeRect(x + 0.75, y + 0.75, wide - 1.5, SIZE - 1.5);
      context.fillStyle = text.length > 1 ? INK : colour;
      context.textBaseline = "middle";
      context.fillText(text, x + Math.round((wide - context.measureText(text).width) / 2), y + SIZE / 2 + 0.5);
      x -= wide + 3;
    }
  });
}

function paintRemoved(frame: Frame, review: Review): void {
  const { context, view } = frame;
  const { past } = review.state.get();
  if (past || !review.isNews) return;
  context.save();
  context.setLineDash([3, 4]);
  for (const { shape, geometry, bounds } of review.removed().slice(0, MOST)) {
    for (const [colour, width] of [["rgba(6, 10, 16, 0.7)", 4], [COLOURS.rejected, 1.5]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      shape.stroke(context, geometry, view);
    }
    const { x, y } = toScreen(view, { x: bounds.left, y: bounds.top });
    upright(frame, () => {
      context.font = frame.font;
      const words = "removed", wide = Math.ceil(context.measureText(words).width) + 8;
      context.fillStyle = GROUND;
      context.fillRect(Math.round(x) + 2, Math.round(y) + 2, wide, SIZE);
      context.fillStyle = COLOURS.rejected;
      context.textBaseline = "middle";
      context.fillText(words, Math.round(x) + 6, Math.round(y) + 2 + SIZE / 2);
    });
  }
  context.restore();
}
