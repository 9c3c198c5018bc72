import { test } from "node:test";
import assert from "node:assert/strict";
import { editorCommands, type Command } from "../engine/commands.js";
import { bindingsFor, chordsOf, clashesIn, commandFor, DEFAULT_CHOICES, partsOf, readChoices, rebound, restored, type KeyPress } from "../engine/keymap.js";
import { PRESETS } from "../engine/presets.js";
import { pathCommands } from "./commands.js";
import { tools } from "./index.js";

const commands = [...editorCommands(tools), ...pathCommands];
const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
const command = (id: string, scope: Command["scope"], ...keys: string[]): Command => ({ id, name: id, group: "Edit", keys, scope, available: () => true, run: () => undefined });

for (const preset of PRESETS) {
  test(`no key of the preset ${preset.name} means two things at once`, () => {
    const clashes = clashesIn(commands, bindingsFor(commands, PRESETS, { preset: preset.id, changed: {} }));
    assert.deepEqual(clashes.map(({ chord, first, second }) => `${chord}: ${first.id}, ${second.id}`), []);
  });
}

test("keys are read by what is printed on them, then by their place", () => {
  assert.deepEqual(chordsOf(press("b", "KeyB")), ["B"]);
  assert.deepEqual(chordsOf(press("и", "KeyB")), ["И", "B"]);
  assert.deepEqual(chordsOf(press("z", "KeyY", { ctrlKey: true })), ["Ctrl+Z", "Ctrl+Y"]);
  assert.deepEqual(chordsOf(press("!", "Digit1", { shiftKey: true })), ["Shift+1", "!"]);
  assert.deepEqual(chordsOf(press("/", "Digit7", { shiftKey: true })), ["Shift+7", "/"]);
  assert.deepEqual(chordsOf(press("&", "Digit1")), ["1", "&"]);
  assert.deepEqual(chordsOf(press("?", "Slash", { shiftKey: true })), ["?", "Shift+/"]);
  assert.deepEqual(chordsOf(press("Delete", "Delete", { shiftKey: true })), ["Shift+Del"]);
  assert.deepEqual(chordsOf(press("ArrowUp", "ArrowUp", { metaKey: true, altKey: true })), ["Ctrl+Alt+Up"]);
  assert.deepEqual(chordsOf(press("Control", "ControlLeft", { ctrlKey: true })), []);
  assert.deepEqual(partsOf("Ctrl++"), ["Ctrl", "+"]);
  assert.deepEqual(partsOf("Alt+Left"), ["Alt", "←"]);
});

test("a key means what the nearest place has it for, and answers hide the canvas", () => {
  const known = [command("nudge", "canvas", "Up"), command("row", "list", "Up"), command("label", "canvas", "1"), command("answer", "answers", "1"), command("sheet", "work", "?")];
  const bindings = bindingsFor(known, [], DEFAULT_CHOICES);
  const meant = (chord: string, focus: "canvas" | "list" | "answers") => commandFor(known, bindings, [chord], focus)?.id ?? null;
  assert.deepEqual([meant("Up", "canvas"), meant("Up", "list"), meant("Up", "answers")], ["nudge", "row", null]);
  assert.deepEqual([meant("1", "canvas"), meant("1", "list"), meant("1", "answers")], ["label", "label", "answer"]);
  assert.deepEqual([meant("?", "canvas"), meant("?", "list"), meant("?", "answers")], ["sheet", "sheet", "sheet"]);
});

test("a key that means something else already is refused and says what, a free one is taken and can be given back", () => {
  const known = [command("a", "canvas", "A"), command("b", "work", "B"), command("c", "list", "C")];
  const refused = rebound(known, [], DEFAULT_CHOICES, "a", ["B"]);
  assert("clash" in refused && refused.clash.first.id === "a" && refused.clash.second.id === "b");
  assert("choices" in rebound(known, [], DEFAULT_CHOICES, "a", ["C"]), "the list is another place");
  const taken = rebound(known, [], DEFAULT_CHOICES, "a", ["X", "Shift+X"]);
  assert("choices" in taken);
  assert.deepEqual(bindingsFor(known, [], taken.choices).get("a"), ["X", "Shift+X"]);
  assert.deepEqual(bindingsFor(known, [], readChoices(JSON.stringify(taken.choices))).get("a"), ["X", "Shift+X"]);
  assert.deepEqual(bindingsFor(known, [], restored(taken.choices, "a")).get("a"), ["A"]);
  assert.deepEqual(readChoices("{"), DEFAULT_CHOICES);
});
