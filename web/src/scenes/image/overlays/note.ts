import type { Preview } from "../../../engine/Tool.js";
import { toScreen } from "../../../math/view.js";
import { paintChip, type Frame } from "../frame.js";

/** How far above the pointer words stand, in CSS pixels. */
const ABOVE = 30;

/** What a tool has to say at the place it is working at. */
export function paintNote(frame: Frame, preview: Preview | null): void {
  const note = preview?.note ?? null;
  if (note === null) return;
  const { x, y } = toScreen(frame.view, note.at);
  paintChip(frame, { x, y: y - ABOVE }, note.text, null);
}
