import type { Editor } from "../../../engine/Editor.js";
import { arrowsOf } from "../../../engine/hand/arrows.js";
import { linkedAnswers } from "../../../engine/hand/linkedAnswers.js";
import { toScreen } from "../../../math/view.js";
import type { Link } from "../../../model/links.js";
import { paintChip, type Frame } from "../frame.js";
import type { Ink } from "../palette.js";
import { paintArrow } from "./links.js";

/** Answers are white and dashed, so that nobody takes them for links. */
const INK: Ink = { colour: "#ffffff", dash: [7, 5] };
/** Those of objects that are neither selected nor under the pointer step back this far. */
const FAINT = 0.4;

/** Answers that name another object, as arrows to it; the question stands on those of the selected object and of the one under the pointer. */
export function paintLinkedAnswers(frame: Frame, editor: Editor): void {
  const { items, display, selection } = editor.state.get();
  const answers = linkedAnswers(items, editor.taxonomy.attributes);
  if (answers.length === 0) return;
  const hover = editor.hover.get(), { context, view } = frame;
  const near = ({ from, to }: Link) => [from, to].some((end) => end === hover || selection.includes(end));
  for (const arrow of arrowsOf(answers, items, (key) => display.get(key)?.hidden === true)) {
    context.globalAlpha = near(arrow.link) ? 1 : FAINT;
    paintArrow(frame, arrow, INK, false);
    context.globalAlpha = 1;
    if (near(arrow.link)) paintChip(frame, toScreen(view, arrow.middle), arrow.link.label, INK.colour);
  }
}
