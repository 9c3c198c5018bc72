import assert from "node:assert/strict";
import { test } from "node:test";
import { Items, ItemReader } from "../engine/items.js";
import type { JsonObject } from "../model/json.js";
import { fallbackShape, shapes } from "../shapes/index.js";
import { changeWords } from "./changes.js";

const picture = { width: 900, height: 600 };
const reader = new ItemReader(shapes, fallbackShape);
const box = (left: number, label = "car"): JsonObject => ({ type: "box", label, left, top: 20, width: 120, height: 80 });
const items = (...objects: JsonObject[]) => reader.read(new Map(objects.map((object, i) => [`key${i}`, object])));
const named = (label: string | null) => label ?? "no label";
const words = (before: Items, after: Items) => changeWords(before, after, picture, named);

test("what is added and removed is named and counted", () => {
  const one = box(10), two = box(300);
  assert.equal(words(items(one), items(one, two)), "Box car added, 120 by 80 pixels, top, in the middle, at 300, 20. 2 objects.");
  assert.equal(words(items(one, two), items(one)), "Box car removed. 1 object.");
});

test("another label and another place are told", () => {
  assert.equal(words(items(box(10)), items(box(10, "person"))), "Box 1 is now person.");
  assert.equal(words(items(box(10)), items(box(20))), "Box 1 car, now 120 by 80 pixels, top left, at 20, 20.");
  assert.equal(words(items(box(10)), items({ ...box(10), attributes: { colour: "red" } })), "Box 1 car changed.");
});

test("many changes are counted, and none say nothing", () => {
  assert.equal(words(items(), items(box(1), box(2), box(3))), "3 objects added. 3 objects.");
  const same = items(box(1));
  assert.equal(words(same, same), "");
});
