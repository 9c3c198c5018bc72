import { removeLink } from "../../model/links.js";
import type { Input } from "../Tool.js";
import { arrowAt, arrowsOf } from "./arrows.js";
import { EMPTY_HAND, type Hand, type HandContext, type HandResult } from "./context.js";
import { holdLine, inputToLine } from "./lines.js";
import { inputToPicking } from "./picking.js";

/** What an input means to picking, to lines on objects and to links; null when it is the tool's. */
export function inputToHand(hand: Hand, input: Input, context: HandContext): HandResult | null {
  if (hand.picking !== null) return inputToPicking(hand.picking, input, context);
  if (hand.line !== null) return inputToLine(hand.line, input, context);
  return holdLine(input, context) ?? inputToLinks(hand, input, context);
}

/** Arrows are clicked on where no outline is; the selected one is removed and left by the keys for objects. */
function inputToLinks(hand: Hand, input: Input, context: HandContext): HandResult | null {
  if (input.kind === "key" && hand.link !== null && (input.key === "Delete" || input.key === "Backspace")) return { hand: EMPTY_HAND, plan: removeLink(hand.link) };
  if (input.kind === "cancel" && hand.link !== null) return { hand: EMPTY_HAND };
  if (!context.selecting || context.links.length === 0 || (input.kind !== "down" && input.kind !== "move")) return null;
  const arrow = arrowAt(arrowsOf(context.links, context.items, context.hidden), input.at, context.tolerance);
  const item = arrow === null ? null : context.items.hit(input.at, context.tolerance, null);
  const onOutline = item !== null && item.shape.nearness(item.geometry, input.at).distance <= context.tolerance;
  if (arrow === null || onOutline) return null;
  if (input.kind === "move") return { hand, cursor: "pointer", hover: null };
  return { hand: { ...EMPTY_HAND, link: arrow.link.key }, deselect: true };
}
