import { test } from "node:test";
import assert from "node:assert/strict";
import { align, clearTrait, distribute, hasFree, hideOthers, selectAll, stack, toggleTrait, walk } from "../engine/acts.js";
import { pageClipboard, type Clipboard } from "../engine/clipboard.js";
import { copy, cut, duplicate, paste } from "../engine/copying.js";
import type { Memory } from "../engine/display.js";
import { Editor } from "../engine/Editor.js";
import { MemoryJournal } from "../engine/journal.js";
import { NO_MODIFIERS, type Modifiers } from "../engine/Shape.js";
import type { PointerInput } from "../engine/Tool.js";
import type { Transport } from "../engine/transport.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { fallbackShape, shapes, tools } from "./index.js";

/** Never sends, so that steps stay as they were made. */
const AWAY: Transport = {
  send: () => new Promise(() => undefined), load: () => new Promise(() => undefined), heartbeat: async () => undefined,
  release: async () => undefined, claim: async () => null, submit: async () => undefined,
};
const PARAMS: JsonObject = { geometries: { box: { objects_to_annotate: ["car", "dog"] }, polygon: { objects_to_annotate: ["car"] } } };
const box = (left: number, top: number, size = 20, more: JsonObject = {}): JsonObject => ({ type: "box", label: "car", left, top, width: size, height: size, attributes: {}, ...more });

interface Options { readonly params?: JsonObject; readonly memory?: Memory; readonly clipboard?: Clipboard; readonly work?: string }

async function open(objects: { readonly [key: string]: JsonObject }, { params = PARAMS, ...more }: Options = {}): Promise<{ editor: Editor; journal: MemoryJournal }> {
  const journal = new MemoryJournal();
  const annotations = Object.fromEntries(Object.entries(objects).map(([key, object], i) => [key, { order: `a${i}`, ...object }]));
  const editor = await Editor.open({
    transport: AWAY, journal, schedule: () => () => undefined, work: "w", user: "u", lease: "l", draft: { revision: 0, collections: { annotations }, history: [] },
    taxonomy: readTaxonomy(params), picture: { width: 400, height: 300 }, shapes, fallback: fallbackShape, tools, ...more,
  });
  editor.view.set({ scale: 1, x: 0, y: 0 });
  return { editor, journal };
}

const pointer = (kind: PointerInput["kind"], x: number, y: number, held: Partial<Modifiers> = {}): PointerInput => ({ kind, at: { x, y }, screen: { x, y }, ...NO_MODIFIERS, ...held });
async function drag(editor: Editor, a: [number, number], b: [number, number], held: Partial<Modifiers> = {}): Promise<void> {
  editor.input(pointer("down", ...a, held));
  editor.input(pointer("move", (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, held));
  editor.input(pointer("move", ...b, held));
  editor.input(pointer("up", ...b, held));
  await settled(editor);
}
async function click(editor: Editor, x: number, y: number, held: Partial<Modifiers> = {}): Promise<void> {
  editor.input(pointer("down", x, y, held));
  editor.input(pointer("up", x, y, held));
  await settled(editor);
}
async function key(editor: Editor, name: string, shift = false): Promise<void> {
  editor.input({ kind: "key", key: name, ...NO_MODIFIERS, shift });
  await settled(editor);
}
async function settled(editor: Editor): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await editor.quiet();
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
const selected = (editor: Editor): string => editor.state.get().selection.join("");
const lefts = (editor: Editor): unknown[] => editor.state.get().items.list.map(({ object }) => object.left);
const notice = (editor: Editor): string => editor.state.get().notice?.text ?? "";
const steps = async (journal: MemoryJournal): Promise<number> => (await journal.waiting("u")).reduce((sum, { count }) => sum + count, 0);
const THREE = { a: box(10, 10), b: box(60, 20), c: box(200, 200, 40) };

test("Shift and click takes an object in and out, a click alone chooses one", async () => {
  const { editor } = await open(THREE);
  await click(editor, 20, 20);
  await click(editor, 70, 30, { shift: true });
  assert.equal(selected(editor), "ab");
  await click(editor, 20, 20, { ctrl: true });
  assert.equal(selected(editor), "b");
  await click(editor, 220, 220, { shift: true });
  await click(editor, 350, 20, { shift: true });
  assert.equal(selected(editor), "bc", "free ground takes nothing away");
  await click(editor, 70, 30);
  assert.equal(selected(editor), "b");
  await click(editor, 350, 20);
  assert.equal(selected(editor), "");
});

test("a drag on free ground takes what lies in it or enters it, not what surrounds it, and with Shift adds", async () => {
  const { editor } = await open({ ...THREE, d: box(0, 0, 290) });
  await drag(editor, [320, 5], [310, 10]);
  assert.equal(selected(editor), "");
  await drag(editor, [150, 150], [180, 180], { shift: true });
  assert.equal(selected(editor), "", "the large box is all around");
  await drag(editor, [5, 5], [62, 50], { shift: true });
  assert.equal(selected(editor), "ab");
  await drag(editor, [190, 190], [250, 250], { shift: true });
  assert.equal(selected(editor), "abc");
  assert.equal(editor.preview.get(), null);
});

test("a selection moves as one step, stops as one at the border, and a click on it chooses one of it", async () => {
  const { editor, journal } = await open(THREE);
  editor.select(["a", "b"]);
  await drag(editor, [20, 20], [0, 60]);
  assert.deepEqual(lefts(editor), [0, 50, 200]);
  assert.deepEqual(editor.state.get().items.list.map(({ object }) => object.top), [50, 60, 200]);
  assert.equal(await steps(journal), 1);
  assert.equal(selected(editor), "ab");
  await click(editor, 60, 70);
  assert.equal(selected(editor), "b");
  await editor.undo();
  assert.deepEqual(lefts(editor), [10, 60, 200]);
});

test("arrows nudge all by the same and Delete removes all, each in one step", async () => {
  const { editor, journal } = await open(THREE);
  editor.select(["a", "c"]);
  await key(editor, "ArrowRight");
  await key(editor, "ArrowLeft", true);
  await key(editor, "ArrowLeft", true);
  assert.deepEqual(lefts(editor), [0, 60, 190]);
  await key(editor, "Delete");
  assert.deepEqual(lefts(editor), [60]);
  assert.equal(selected(editor), "");
  assert.equal(await steps(journal), 4);
});

test("locked objects are not moved, reshaped or removed, and it is said why", async () => {
  const { editor, journal } = await open(THREE);
  editor.select("a");
  toggleTrait(editor, "locked");
  for (const act of [() => drag(editor, [20, 20], [50, 50]), () => drag(editor, [10, 10], [5, 5]), () => key(editor, "ArrowUp"), () => key(editor, "Delete")]) {
    editor.tell("");
    await act();
    assert.equal(notice(editor), "Object 1 is locked. Unlock it before you change it.");
  }
  editor.select(["a", "b"]);
  await key(editor, "ArrowRight");
  assert.deepEqual(lefts(editor), [10, 61, 200]);
  await key(editor, "Delete");
  assert.equal(notice(editor), "1 locked or hidden object was kept.");
  assert.deepEqual(lefts(editor), [10, 200]);
  assert.equal(await steps(journal), 2);
  editor.remove("a");
  assert.equal(notice(editor), "Locked objects are not removed. Unlock them first.");
  clearTrait(editor, "locked");
  editor.remove("a");
  await settled(editor);
  assert.deepEqual(lefts(editor), [200]);
});

test("hidden objects are not found by the pointer nor changed by keys, keep their number, and come back", async () => {
  const { editor } = await open(THREE);
  editor.select("b");
  hideOthers(editor);
  assert.deepEqual(editor.state.get().shown.list.map((item) => item.key), ["b"]);
  assert.equal(editor.state.get().shown.numberOf("b"), 2);
  await click(editor, 20, 20);
  assert.equal(selected(editor), "");
  selectAll(editor);
  assert.equal(selected(editor), "b");
  editor.select("a");
  await key(editor, "ArrowRight");
  assert.equal(notice(editor), "The selected object is hidden. Show it before you change it.");
  editor.select("b");
  hideOthers(editor);
  assert.equal(editor.state.get().shown.list.length, 3);
  toggleTrait(editor, "hidden");
  clearTrait(editor, "hidden");
  assert.equal(editor.state.get().shown.list.length, 3);
});

test("what is hidden and locked is remembered in this browser and is no step", async () => {
  let kept: string | null = null;
  const memory: Memory = { read: () => kept, write: (text) => { kept = text; } };
  const { editor, journal } = await open(THREE, { memory });
  editor.setTrait(["a", "b"], "hidden", true);
  editor.setTrait(["b"], "locked", true);
  assert.equal(await steps(journal), 0);
  const again = (await open(THREE, { memory })).editor;
  assert.deepEqual([again.hidden("a"), again.hidden("b"), again.locked("b"), again.locked("a")], [true, true, true, false]);
  assert.deepEqual(again.state.get().shown.list.map((item) => item.key), ["c"]);
  again.setTrait(["a", "b"], "hidden", false);
  again.setTrait(["b"], "locked", false);
  assert.equal(kept, null);
});

test("aligning and spreading are one step each, and what is locked stays and counts", async () => {
  const { editor, journal } = await open({ a: box(10, 10), b: box(60, 20), c: box(200, 200, 40) });
  editor.select(["a", "b", "c"]);
  editor.setTrait(["b"], "locked", true);
  align(editor, "right");
  await settled(editor);
  assert.deepEqual(lefts(editor), [220, 60, 200]);
  await editor.undo();
  clearTrait(editor, "locked");
  distribute(editor, "across");
  await settled(editor);
  assert.deepEqual(lefts(editor), [10, 105, 200]);
  assert.equal(await steps(journal), 3);
  editor.select(["a"]);
  assert.equal(hasFree(editor, 2), "Select two objects or more first.");
});

test("the order is changed by steps, and at its end that is said", async () => {
  const { editor } = await open(THREE);
  editor.select("a");
  stack(editor, "front");
  await settled(editor);
  assert.deepEqual(editor.state.get().items.list.map((item) => item.key), ["b", "c", "a"]);
  stack(editor, "forward");
  await settled(editor);
  assert.equal(notice(editor), "Already at the front.");
  assert.equal(walk(editor, 1), false);
  assert.equal(walk(editor, -1), true);
  assert.equal(selected(editor), "c");
});

test("Alt and click reaches what lies beneath, in turn", async () => {
  const { editor } = await open({ under: box(0, 0, 200), over: box(50, 50, 100) });
  await click(editor, 100, 100);
  assert.equal(selected(editor), "over");
  await click(editor, 100, 100, { alt: true });
  assert.equal(selected(editor), "under");
  await click(editor, 100, 100, { alt: true });
  assert.equal(selected(editor), "over");
});

test("a label is given to all selected objects that take it, and the others are counted", async () => {
  const { editor, journal } = await open({ ...THREE, p: { type: "polygon", label: "car", vertices: [{ x: 300, y: 10 }, { x: 350, y: 10 }, { x: 320, y: 60 }], attributes: {} } });
  editor.select(["a", "b", "p"]);
  editor.pickLabel("dog");
  await settled(editor);
  assert.deepEqual(editor.state.get().items.list.map(({ label }) => label), ["dog", "dog", "car", "car"]);
  assert.equal(notice(editor), "\"dog\" is not a label for a polygon. 1 of 3 keep their label.");
  assert.equal(await steps(journal), 1);
});

test("duplicates lie beside their originals and are selected; copies go to other tasks at the same place", async () => {
  const clipboard = pageClipboard();
  const { editor, journal } = await open(THREE, { clipboard });
  editor.select(["a", "b"]);
  await duplicate(editor);
  await settled(editor);
  assert.deepEqual(lefts(editor), [10, 60, 200, 24, 74]);
  assert.equal(editor.state.get().selection.length, 2);
  assert.equal(await steps(journal), 1);
  editor.select(["a", "c"]);
  copy(editor);
  assert.equal(notice(editor), "Copied 2 objects.");
  await paste(editor, "beside");
  await paste(editor, "beside");
  assert.deepEqual(lefts(editor).slice(5), [38, 228, 52, 242]);
  const other = (await open({}, { clipboard, work: "other" })).editor;
  await paste(other, "beside");
  assert.deepEqual(lefts(other), [10, 200]);
  await paste(other, "beside");
  assert.deepEqual(lefts(other), [10, 200, 24, 214]);
});

test("cutting takes away what can be taken, and an empty clipboard is told", async () => {
  const { editor } = await open(THREE);
  await paste(editor, "beside");
  assert.equal(notice(editor), "There is nothing to paste. Copy objects first.");
  editor.select(["a", "b"]);
  editor.setTrait(["b"], "locked", true);
  cut(editor);
  await settled(editor);
  assert.deepEqual(lefts(editor), [60, 200]);
  editor.input(pointer("move", 300, 100));
  await paste(editor, "pointer");
  assert.deepEqual(lefts(editor), [60, 200, 265, 315]);
});

test("keys that a drawing tool has no use for are for the shape just drawn, except Backspace", async () => {
  const { editor } = await open({});
  editor.setTool("box");
  await drag(editor, [10, 10], [60, 60]);
  await key(editor, "ArrowRight");
  assert.deepEqual(lefts(editor), [11]);
  await key(editor, "Backspace");
  assert.deepEqual(lefts(editor), [11]);
  await key(editor, "Delete");
  assert.deepEqual(lefts(editor), []);
  assert.equal(editor.state.get().tool, "box");
});
