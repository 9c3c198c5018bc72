import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_MODIFIERS } from "../../engine/Shape.js";
import type { Editor } from "../../engine/Editor.js";
import { documentFrom, type DraftCollections } from "../../model/document.js";
import type { JsonObject } from "../../model/json.js";
import { removeObjects, setGlobalAttribute } from "../../model/plans.js";
import { openView } from "./open.js";

const box = (left: number, size: number): JsonObject => ({ type: "box", label: "car", left, top: left, width: size, height: size, attributes: {}, order: "a0" });
const LABELS: DraftCollections = { annotations: { large: box(0, 80), small: box(20, 20) } };

function view(collections: DraftCollections = LABELS): Promise<Editor> {
  return openView({
    task: "t", params: { geometries: { box: { objects_to_annotate: ["car"] } } }, editorParams: null, collections,
    attachment: { path: "attachment", url: "", thumbnail: null, mime_type: "image/png", width: 100, height: 100, size: 1, tiles: null },
  });
}

const click = (editor: Editor, x: number, y: number) => {
  for (const kind of ["down", "up"] as const) editor.input({ kind, at: { x, y }, screen: { x, y }, ...NO_MODIFIERS });
  return editor.state.get().selection;
};

test("what is shown cannot be changed in any way, and says why", async () => {
  const editor = await view();
  assert.equal(await editor.commit(removeObjects(["small"])), false);
  assert.equal(await editor.commit(setGlobalAttribute("weather", "rain")), false);
  editor.remove(["small"]);
  await editor.quiet();
  assert.equal(editor.state.get().items.list.length, 2);
  assert.equal(editor.state.get().notice?.text, "This is shown only; nothing can be changed here.");
  assert(editor.locked("small") && !editor.removable("small"));
});

test("a click chooses an object, and another one the object under it", async () => {
  const editor = await view();
  assert.deepEqual(click(editor, 30, 30), ["small"]);
  assert.deepEqual(click(editor, 30, 30), ["large"]);
  assert.deepEqual(click(editor, 30, 30), ["small"]);
  assert.deepEqual(click(editor, 95, 95), []);
});

test("other labels take the place of those shown, and what is not among them is not chosen any more", async () => {
  const editor = await view();
  editor.select("small");
  editor.show(documentFrom({ annotations: { large: box(0, 80) } }));
  assert.equal(editor.state.get().items.list.length, 1);
  assert.deepEqual(editor.state.get().selection, []);
  editor.show(documentFrom(LABELS));
  assert.equal(editor.state.get().items.list.length, 2);
});
