import { alignShifts, distributeShifts, type Axis, type Side } from "../math/arrange.js";
import { setLabels } from "../model/plans.js";
import { restack, type Direction } from "../model/stacking.js";
import { allowsLabel, type LabelChoice } from "../model/taxonomy.js";
import { keysWith, type DisplayTrait } from "./display.js";
import type { Editor } from "./Editor.js";
import { arrange } from "./group.js";
import type { Item } from "./items.js";
import { primaryOf, selectedOf } from "./selection.js";
import type { ShapeLimits } from "./Shape.js";

/** What is done to the selected objects as a whole; each is one step, or none where only the person's view of them changes. */

export function limitsIn(editor: Editor): (type: string) => ShapeLimits {
  return (type) => ({ bounds: editor.limits, rule: editor.taxonomy.geometries[type] ?? null });
}

export function selectedItems(editor: Editor): Item[] {
  const { items, selection } = editor.state.get();
  return selection.map((key) => items.get(key)).filter((item): item is Item => item !== null);
}

/** The selected objects that may be changed: neither locked nor hidden. */
export function freeItems(editor: Editor): Item[] {
  return selectedItems(editor).filter(({ key }) => !editor.locked(key) && !editor.hidden(key));
}

/** Whether there are at least so many selected objects to change; otherwise why not. */
export function hasFree(editor: Editor, least: number): true | string {
  const { selection } = editor.state.get();
  if (selection.length < least) return least === 1 ? "Select an object first." : `Select ${least === 2 ? "two" : "three"} objects or more first.`;
  if (freeItems(editor).length > 0) return true;
  const given = selection.map((key) => editor.lockOf(key)).find((words) => words !== null);
  return given ?? (selection.length === 1 ? "The selected object is locked or hidden." : "All selected objects are locked or hidden.");
}

/** Gives all of them a label; those whose geometry does not take it keep theirs. */
export function relabel(editor: Editor, { choice, display }: LabelChoice): void {
  const ready = hasFree(editor, 1);
  if (ready !== true) return editor.tell(ready);
  const items = freeItems(editor);
  const fitting = items.filter(({ type }) => allowsLabel(editor.taxonomy, type, choice));
  if (fitting.length > 0) void editor.commit(setLabels(fitting.map(({ key }) => key), choice));
  const others = items.find(({ type }) => !allowsLabel(editor.taxonomy, type, choice));
  if (others !== undefined) {
    const kept = fitting.length === 0 ? "" : ` ${items.length - fitting.length} of ${items.length} keep their label.`;
    return editor.tell(`"${display}" is not a label for a ${others.shape.noun}.${kept}`);
  }
}

export function align(editor: Editor, side: Side): void {
  void editor.commit(arrange(selectedItems(editor), limitsIn(editor), (group) => alignShifts(group, side), held(editor)));
}

export function distribute(editor: Editor, axis: Axis): void {
  void editor.commit(arrange(selectedItems(editor), limitsIn(editor), (group) => distributeShifts(group, axis), held(editor)));
}

function held(editor: Editor): (key: string) => boolean {
  return (key) => editor.locked(key) || editor.hidden(key);
}

const ENDS: { readonly [direction in Direction]: string } = { front: "front", forward: "front", back: "back", backward: "back" };

export function stack(editor: Editor, direction: Direction): void {
  void editor.commit(restack(new Set(freeItems(editor).map(({ key }) => key)), direction)).then((changed) => {
    if (!changed) editor.tell(`Already at the ${ENDS[direction]}.`);
  });
}

/** Hides or locks the selection; shows or unlocks it when all of it is hidden or locked already. */
export function toggleTrait(editor: Editor, trait: DisplayTrait): void {
  const { selection, display } = editor.state.get();
  editor.setTrait(selection, trait, !selection.every((key) => display.get(key)?.[trait] === true));
}

/** Leaves only the selection in sight; everything comes back when all others are hidden already. */
export function hideOthers(editor: Editor): void {
  const { items, display } = editor.state.get(), selected = selectedOf(editor.state.get());
  const others = items.list.map(({ key }) => key).filter((key) => !selected.has(key));
  const hidden = others.every((key) => display.get(key)?.hidden === true);
  editor.setTrait(others, "hidden", !hidden);
  if (!hidden) editor.setTrait([...selected], "hidden", false);
}

/** Takes a trait from all objects that have it. */
export function clearTrait(editor: Editor, trait: DisplayTrait): void {
  editor.setTrait(keysWith(editor.state.get().display, trait), trait, false);
}

export function someHave(editor: Editor, trait: DisplayTrait): boolean {
  const { display } = editor.state.get();
  return [...display.values()].some((traits) => traits[trait] === true);
}

/** Selects everything that is in sight. */
export function selectAll(editor: Editor): void {
  editor.select(editor.state.get().shown.list.map(({ key }) => key));
}

/** Selects the next or previous object and brings it into sight. False at the end of the list. */
export function walk(editor: Editor, by: 1 | -1): boolean {
  const { shown } = editor.state.get(), primary = primaryOf(editor.state.get());
  const at = shown.list.findIndex(({ key }) => key === primary);
  const next = shown.list[at < 0 ? (by === 1 ? 0 : shown.list.length - 1) : at + by];
  if (next === undefined) return false;
  editor.reveal(next.key);
  return true;
}
