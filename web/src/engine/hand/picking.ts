import { grow, type ImagePoint } from "../../math/space.js";
import { setAttributes } from "../../model/answers.js";
import { addLink, either, linkRefusal, setLinkAttribute, startRefusal, type LinkKind } from "../../model/links.js";
import type { Attribute } from "../../model/taxonomy.js";
import type { Item } from "../items.js";
import type { Input } from "../Tool.js";
import { EMPTY_HAND, type HandContext, type HandResult } from "./context.js";

/** What an object is to be picked for: the answer to a linked attribute of objects or of a link, or one end of a new link. */
export type Pick =
  | { readonly kind: "answer"; readonly attribute: Attribute; readonly of: "objects" | "link"; readonly keys: readonly string[] }
  | { readonly kind: "link"; readonly link: LinkKind; readonly from: string | null };

export interface Picking {
  readonly pick: Pick;
  readonly pointer: ImagePoint | null;
  /** The object that the pointer, or the keyboard, is on. */
  readonly over: string | null;
}

/** Why an object cannot be picked, in words; null when it can. */
export function pickRefusal(pick: Pick, item: Item, { items, links, name }: HandContext): string | null {
  if (pick.kind === "link") {
    const from = items.get(pick.from);
    return from === null ? startRefusal(pick.link, item, name) : linkRefusal(pick.link, from, item, links, name);
  }
  if (pick.of === "objects" && pick.keys.includes(item.key)) return "An object cannot be the answer to its own question.";
  if (item.label !== null && pick.attribute.allowedLabels.includes(item.label)) return null;
  const found = item.label === null ? "an object without a label" : `"${name(item.label)}"`;
  return `The answer must be ${either(pick.attribute.allowedLabels.map(name))}, not ${found}.`;
}

/** The objects that can be picked, in the order of the list. */
export function candidates(pick: Pick, context: HandContext): Item[] {
  return context.items.list.filter((item) => !context.hidden(item.key) && pickRefusal(pick, item, context) === null);
}

export function inputToPicking(picking: Picking, input: Input, context: HandContext): HandResult {
  const hand = (next: Partial<Picking>) => ({ ...EMPTY_HAND, picking: { ...picking, ...next } });
  switch (input.kind) {
    case "move": {
      const item = itemAt(picking.pick, input.at, context);
      const good = item !== null && pickRefusal(picking.pick, item, context) === null;
      return { hand: hand({ pointer: input.at, over: item?.key ?? null }), hover: good ? item.key : null, cursor: item === null ? "crosshair" : good ? "pointer" : "not-allowed" };
    }
    case "down": {
      const item = itemAt(picking.pick, input.at, context);
      return item === null ? { hand: hand({ pointer: input.at, over: null }) } : pickItem(picking, item, context);
    }
    case "up":
    case "double": return { hand: hand({}) };
    case "cancel": return leave(picking.pick);
    case "key": return key(picking, input.key, context);
  }
}

/** Picks an object, wherever it was pointed at. */
export function pickItem(picking: Picking, item: Item, context: HandContext): HandResult {
  const { pick } = picking;
  const refusal = pickRefusal(pick, item, context);
  if (refusal !== null) return { hand: { ...EMPTY_HAND, picking }, notice: refusal };
  if (pick.kind === "answer") {
    const { attribute, keys } = pick;
    const plan = pick.of === "objects" ? setAttributes(keys, attribute.key, item.key) : setLinkAttribute(keys[0], attribute.key, item.key);
    return { hand: { ...EMPTY_HAND, link: pick.of === "link" ? keys[0] : null }, plan, hover: null, cursor: "default" };
  }
  if (pick.from === null) return { hand: { ...EMPTY_HAND, picking: { ...picking, pick: { ...pick, from: item.key }, over: null } }, hover: null };
  const made = context.newKey();
  return { hand: { ...EMPTY_HAND, link: made }, plan: addLink(made, pick.link.label, pick.from, item.key), hover: null, cursor: "default", deselect: true };
}

/** Esc leaves one level: the start of a link is given up before the link is. */
function leave(pick: Pick): HandResult {
  if (pick.kind === "link" && pick.from !== null) return { hand: { ...EMPTY_HAND, picking: { pick: { ...pick, from: null }, pointer: null, over: null } }, hover: null };
  return { hand: { ...EMPTY_HAND, link: pick.kind === "answer" && pick.of === "link" ? pick.keys[0] : null }, hover: null, cursor: "default" };
}

/** The arrows go through what can be picked, Enter picks. */
function key(picking: Picking, name: string, context: HandContext): HandResult {
  const over = context.items.get(picking.over);
  if (name === "Enter") return over === null ? { hand: { ...EMPTY_HAND, picking } } : pickItem(picking, over, context);
  const by = name === "ArrowRight" || name === "ArrowDown" ? 1 : name === "ArrowLeft" || name === "ArrowUp" ? -1 : 0;
  const all = by === 0 ? [] : candidates(picking.pick, context);
  if (all.length === 0) return { hand: { ...EMPTY_HAND, picking } };
  const place = all.findIndex((item) => item.key === picking.over);
  const next = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : (place + by + all.length) % all.length];
  return { hand: { ...EMPTY_HAND, picking: { ...picking, over: next.key, pointer: null } }, hover: next.key };
}

/** What can be picked goes before what lies over it. */
function itemAt(pick: Pick, at: ImagePoint, context: HandContext): Item | null {
  let best: Item | null = null;
  for (const item of context.items.within(grow({ left: at.x, top: at.y, right: at.x, bottom: at.y }, context.tolerance))) {
    if (context.hidden(item.key)) continue;
    const { inside, distance } = item.shape.nearness(item.geometry, at);
    if ((inside || distance <= context.tolerance) && pickRefusal(pick, item, context) === null && (best === null || item.area < best.area)) best = item;
  }
  return best ?? context.items.hit(at, context.tolerance, null);
}
