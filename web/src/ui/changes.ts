import type { Editor } from "../engine/Editor.js";
import type { Item, Items } from "../engine/items.js";
import { primaryOf } from "../engine/selection.js";
import type { PictureSize } from "../model/checks.js";
import { capital, placeWords } from "./describe.js";

type Named = (label: string | null) => string;

/** More changes at once than this are counted instead of named. */
const NAMED = 2;

/** What became different between two states of the objects, in words; empty when nothing did. */
export function changeWords(before: Items, after: Items, picture: PictureSize, named: Named): string {
  const added = after.list.filter(({ key }) => before.get(key) === null);
  const removed = before.list.filter(({ key }) => after.get(key) === null);
  const changed = after.list.filter((item) => { const old = before.get(item.key); return old !== null && old !== item; });
  const total = `${after.list.length} ${after.list.length === 1 ? "object" : "objects"}`;
  const words = [
    ...several(added, "added", (item) => `${capital(item.shape.noun)} ${named(item.label)} added, ${placeWords(item.bounds, picture)}`),
    ...several(removed, "removed", (item) => `${capital(item.shape.noun)} ${named(item.label)} removed`),
    ...several(changed, "changed", (item) => oneChange(before.get(item.key) as Item, item, after.numberOf(item.key), picture, named)),
  ];
  if (words.length === 0) return "";
  return added.length + removed.length > 0 ? `${words.join(". ")}. ${total}.` : `${words.join(". ")}.`;
}

function several(items: readonly Item[], verb: string, one: (item: Item) => string): string[] {
  return items.length > NAMED ? [`${items.length} objects ${verb}`] : items.map(one);
}

function oneChange(before: Item, after: Item, number: number, picture: PictureSize, named: Named): string {
  const name = `${capital(after.shape.noun)} ${number}`;
  if (before.label !== after.label) return `${name} is now ${named(after.label)}`;
  const same = JSON.stringify(before.bounds) === JSON.stringify(after.bounds);
  return same ? `${name} ${named(after.label)} changed` : `${name} ${named(after.label)}, now ${placeWords(after.bounds, picture)}`;
}

/** What is selected, in words; empty when nothing is. */
export function selectionWords(state: ReturnType<Editor["state"]["get"]>, picture: PictureSize, named: Named): string {
  const item = state.items.get(primaryOf(state));
  if (item === null) return "";
  if (state.selection.length > 1) return `${state.selection.length} objects selected`;
  return `${capital(item.shape.noun)} ${state.items.numberOf(item.key)} ${named(item.label)} selected, ${placeWords(item.bounds, picture)}`;
}
