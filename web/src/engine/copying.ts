import { uuid4 } from "../math/uuid.js";
import type { ImageBounds } from "../math/space.js";
import { addPasted, centredAt, copiedFrom, fitIn, readCopied, steppedAside, writeCopied, type Copied, type Placing } from "./clipboard.js";
import type { Editor } from "./Editor.js";
import { selectedOf } from "./selection.js";

/** How far a copy lies from what it was made of, in CSS pixels. */
const STEP = 14;
/** Places that differ by less than this are the same, in picture pixels. */
const SAME = 0.5;

export function copy(editor: Editor): void {
  const copied = selection(editor);
  editor.clipboard.write(writeCopied(copied));
  editor.tell(copied.objects.length === 1 ? "Copied 1 object." : `Copied ${copied.objects.length} objects.`);
}

export function cut(editor: Editor): void {
  copy(editor);
  editor.remove(editor.state.get().selection);
}

/** Copies the selection beside itself, leaving what was copied before as it is. */
export function duplicate(editor: Editor): Promise<void> {
  return add(editor, selection(editor), aside(editor, 1));
}

/** Pastes at the place where the objects came from, aside where they still lie; or about the pointer. */
export async function paste(editor: Editor, place: "beside" | "pointer"): Promise<void> {
  const copied = (await editor.clipboard.read()).map(readCopied).find((one): one is Copied => one !== null);
  if (copied === undefined) return editor.tell("There is nothing to paste. Copy objects first.");
  const { pointer } = editor;
  return add(editor, copied, place === "pointer" && pointer !== null ? centredAt(pointer, editor.limits) : aside(editor, copied.work === editor.work ? 1 : 0));
}

function selection(editor: Editor): Copied {
  const state = editor.state.get();
  return copiedFrom(editor.work, state.document, selectedOf(state));
}

function aside(editor: Editor, first: 0 | 1): Placing {
  const step = Math.max(1, Math.round(STEP / editor.view.get().scale));
  const near = (a: ImageBounds, b: ImageBounds) => Math.abs(a.left - b.left) < SAME && Math.abs(a.top - b.top) < SAME;
  return steppedAside(step, first, editor.limits, (bounds) => editor.state.get().items.within(bounds).some((item) => near(item.bounds, bounds)));
}

async function add(editor: Editor, copied: Copied, placing: Placing): Promise<void> {
  await editor.quiet();
  const pasted = fitIn(copied, { taxonomy: editor.taxonomy, shapes: editor.shapes, limits: editor.limits, newKey: uuid4 }, placing);
  if (pasted.losses.length > 0) editor.tell(pasted.losses.join(" "));
  if (pasted.objects.size === 0 || !await editor.commit(addPasted(pasted))) return;
  editor.setTool(editor.tools[0].id);
  editor.select([...pasted.objects.keys()]);
}
