import assert from "node:assert/strict";
import { test } from "node:test";
import { editorCommands } from "../engine/commands.js";
import { bindingsFor, chordsOf, clashesIn } from "../engine/keymap.js";
import { PRESETS } from "../engine/presets.js";
import { tools } from "../shapes/index.js";
import { pageCommands, type PageActions } from "./pageCommands.js";

const commands = [...editorCommands(tools), ...pageCommands(() => ({}) as PageActions)];

for (const preset of PRESETS) {
  test(`no key of editor and page means two things in the preset ${preset.name}`, () => {
    const clashes = clashesIn(commands, bindingsFor(commands, PRESETS, { preset: preset.id, changed: {} }));
    assert.deepEqual(clashes.map(({ chord, first, second }) => `${chord}: ${first.id}, ${second.id}`), []);
    for (const id of Object.keys(preset.keys)) assert(commands.some((known) => known.id === id), `there is no command ${id}`);
  });
}

test("every command has an id of its own", () => {
  assert.equal(new Set(commands.map(({ id }) => id)).size, commands.length);
});

test("folding the tools is heard with Shift on its key", () => {
  const press = { key: "|", code: "Backslash", ctrlKey: false, metaKey: false, altKey: false, shiftKey: true };
  assert(chordsOf(press).includes("Shift+\\"));
});
