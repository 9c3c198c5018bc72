import assert from "node:assert/strict";
import { test } from "node:test";
import { ItemReader } from "../engine/items.js";
import type { JsonObject } from "../model/json.js";
import { fallbackShape, shapes } from "../shapes/index.js";
import { warningsOf } from "./warnings.js";

const box = (left: number, size = 40, label = "car"): JsonObject => ({ type: "box", label, left, top: 20, width: size, height: size });
const warnings = (...objects: JsonObject[]) => warningsOf(new ItemReader(shapes, fallbackShape).read(new Map(objects.map((object, i) => [`key${i}`, object]))));

test("an empty picture is worth a look", () => {
  assert.equal(warnings().length, 1);
});

test("a twin is told with the number of the other, but not one with another label", () => {
  assert.deepEqual(warnings(box(10), box(10)), [{ key: "key1", message: "This box lies exactly on number 1 and has the same label." }]);
  assert.deepEqual(warnings(box(10), box(10, 40, "person"), box(11)), []);
});

test("a slip of the hand is told", () => {
  assert.deepEqual(warnings(box(10, 2)), [{ key: "key0", message: "This box is very small." }]);
  assert.deepEqual(warnings(box(10, 3)), []);
});
