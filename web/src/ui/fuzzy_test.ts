import assert from "node:assert/strict";
import { test } from "node:test";
import { match, ranked } from "./fuzzy.js";

const names = (query: string, all: readonly string[]) => ranked(all, query, (name) => name).map(({ thing }) => thing);

test("letters in their order fit, others do not", () => {
  assert.deepEqual(match("fp", "Fold panel")?.places, [0, 5]);
  assert.equal(match("pf", "Fold panel"), null);
  assert.deepEqual(match("", "Undo")?.places, []);
});

test("words may come in any order", () => {
  assert.notEqual(match("panel fold", "Fold panel"), null);
});

test("starts of words and letters in a row come first", () => {
  assert.deepEqual(names("un", ["Run again", "Undo"]), ["Undo", "Run again"]);
  assert.deepEqual(names("sub", ["Show ruler below", "Submit"]), ["Submit", "Show ruler below"]);
  assert.deepEqual(names("car", ["scarf", "car", "card"]), ["car", "card", "scarf"]);
});

test("without a query everything stays in its order", () => {
  assert.deepEqual(names(" ", ["b", "a"]), ["b", "a"]);
});

test("of several places the best one is marked", () => {
  assert.deepEqual(match("label", "Larger label")?.places, [7, 8, 9, 10, 11]);
});
