import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, coverage, EVERYTHING, holds, isNone, marked, NOBODY, range } from "./selection.js";

const ROWS = ["a", "b", "c", "d"];

test("rows are chosen and let go, over several pages", () => {
  const chosen = marked(marked(NOBODY, ["a", "b"], true), ["x"], true);
  assert.equal(countOf(chosen, 100), 3);
  assert.equal(coverage(chosen, ROWS), "some");
  assert.equal(holds(marked(chosen, ["a"], false), "a"), false);
  assert(isNone(marked(marked(NOBODY, ["a"], true), ["a"], false)));
});

test("a range reaches from the row before in both directions", () => {
  assert.deepEqual(range(ROWS, "b", "d"), ["b", "c", "d"]);
  assert.deepEqual(range(ROWS, "d", "b"), ["b", "c", "d"]);
  assert.deepEqual(range(ROWS, null, "c"), ["c"]);
  assert.deepEqual(range(ROWS, "on another page", "c"), ["c"]);
});

test("all that match holds every row and is not changed row by row", () => {
  assert.equal(coverage(EVERYTHING, ROWS), "all");
  assert.equal(countOf(EVERYTHING, 1_000_000), 1_000_000);
  assert.equal(marked(EVERYTHING, ["a"], false), EVERYTHING);
});
