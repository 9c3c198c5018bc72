import type { Editor } from "../../../engine/Editor.js";
import { candidates, pickRefusal, type Picking } from "../../../engine/hand/picking.js";
import type { Item } from "../../../engine/items.js";
import { intersects, type ImagePoint } from "../../../math/space.js";
import { toScreen, visibleBounds } from "../../../math/view.js";
import { paintChip, type Frame } from "../frame.js";
import { AT_REST, paintActive, paintItems } from "../paint.js";
import type { Palette } from "../palette.js";
import { paintRubber } from "./links.js";

const VEIL = "rgba(8, 11, 16, 0.62)";

/** While something is to be picked: what cannot be picked steps back behind a veil, what can stands out. */
export function paintPicking(frame: Frame, editor: Editor, palette: Palette, links: Palette): void {
  const { picking } = editor.hand.get();
  if (picking === null) return;
  const { context, view, size } = frame;
  const { items } = editor.state.get();
  const hand = editor.handContext();
  const seen = visibleBounds(view, size);
  context.fillStyle = VEIL;
  context.fillRect(0, 0, size.width, size.height);
  const good = candidates(picking.pick, hand).filter(({ bounds }) => intersects(bounds, seen));
  for (const _ of paintItems(context, good, view, palette, AT_REST)) void _;
  for (const item of starts(picking, editor)) paintStrong(frame, item, palette);
  const over = items.get(picking.over);
  if (over !== null && pickRefusal(picking.pick, over, hand) === null) {
    paintStrong(frame, over, palette);
    const top = toScreen(view, { x: (over.bounds.left + over.bounds.right) / 2, y: over.bounds.top });
    paintChip(frame, top, `${items.numberOf(over.key)} ${editor.nameOf(over.label ?? "no label")}`, palette.of(over.label).colour);
  }
  paintArrow(frame, editor, picking, links);
}

/** The objects whose question it is, or the one that the link starts at. */
function starts({ pick }: Picking, editor: Editor): Item[] {
  const { items } = editor.state.get();
  if (pick.kind === "link") return [items.get(pick.from)].flatMap((item) => item ?? []);
  const keys = pick.of === "objects" ? pick.keys : editor.links().filter(({ key }) => pick.keys.includes(key)).flatMap(({ from, to }) => [from, to]);
  return keys.flatMap((key) => items.get(key) ?? []);
}

function paintStrong({ context, view }: Frame, { shape, geometry, label }: Item, palette: Palette): void {
  paintActive(context, { shape, geometry, handles: false, emphasis: null }, view, palette.of(label));
}

function paintArrow(frame: Frame, editor: Editor, picking: Picking, links: Palette): void {
  const { pick, pointer, over } = picking;
  const { items } = editor.state.get();
  const from = items.get(pick.kind === "link" ? pick.from : pick.of === "objects" && pick.keys.length === 1 ? pick.keys[0] : null);
  const target = items.get(over);
  const to = pointer ?? (target === null ? null : middle(target));
  if (from === null || to === null || from === target) return;
  paintRubber(frame, middle(from), to, pick.kind === "link" ? links.of(pick.link.label) : { colour: "#ffffff", dash: [] });
}

function middle({ bounds }: Item): ImagePoint {
  return { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2 };
}
