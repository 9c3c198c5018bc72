import assert from "node:assert/strict";
import { test } from "node:test";
import { crosshairAt, steer, type Crosshair, type Press } from "../engine/crosshair.js";

const limits = { left: 0, top: 0, right: 200, bottom: 100 };
const view = { scale: 1, x: 0, y: 0 };
const press = (key: string, held: Partial<Press> = {}): Press => ({ key, shift: false, alt: false, ...held });

function walk(keys: readonly Press[], scale = 1): { cross: Crosshair; kinds: string[] } {
  let cross = crosshairAt({ x: 50.4, y: 50 });
  const kinds: string[] = [];
  for (const key of keys) {
    const result = steer(cross, key, { ...view, scale }, limits);
    cross = result.cross;
    kinds.push(...result.inputs.map(({ kind }) => kind));
  }
  return { cross, kinds };
}

test("arrows move by one, ten and a hundred, and stay within the limits", () => {
  assert.deepEqual(walk([press("ArrowRight"), press("ArrowDown", { shift: true })]).cross.at, { x: 51, y: 60 });
  assert.deepEqual(walk([press("ArrowRight", { alt: true }), press("ArrowUp", { alt: true })]).cross.at, { x: 150, y: 0 });
  assert.deepEqual(walk([press("ArrowLeft")], 0.25).cross.at, { x: 46, y: 50 });
});

test("Enter clicks, and once more at the same place it is a double click", () => {
  assert.deepEqual(walk([press("Enter")]).kinds, ["move", "down", "up"]);
  assert.deepEqual(walk([press("Enter"), press("Enter")]).kinds, ["move", "down", "up", "move", "down", "up", "double"]);
  assert.deepEqual(walk([press("Enter"), press("ArrowUp"), press("Enter")]).kinds, ["move", "down", "up", "move", "move", "down", "up"]);
});

test("Shift+Enter holds the button until the next Enter", () => {
  const { cross, kinds } = walk([press("Enter", { shift: true }), press("ArrowRight"), press("Enter")]);
  assert.deepEqual(kinds, ["down", "move", "up"]);
  assert.equal(cross.pressed, false);
});
