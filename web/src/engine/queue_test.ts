import { test } from "node:test";
import assert from "node:assert/strict";
import type { JournalEntry } from "./journal.js";
import { nextBatch, tooMuch } from "./queue.js";

const entry = (writer: string, sequence: number, letters = 0): JournalEntry => ({
  id: `${writer}${sequence}`, sequence, writer, mark: "edit", known: 0, work: "w", user: "ada",
  operations: [{ collection: "annotations", key: "k", before: null, after: { text: "x".repeat(letters) } }],
});
const ids = (queue: readonly JournalEntry[], limit = 50) => nextBatch(queue, limit).map(({ id }) => id);

test("a request carries the steps of one writer, and at most so many", () => {
  assert.deepEqual(ids([entry("a", 1), entry("a", 2), entry("b", 1)]), ["a1", "a2"]);
  assert.deepEqual(ids([entry("a", 1), entry("a", 2), entry("a", 3)], 2), ["a1", "a2"]);
  assert.deepEqual(ids([entry("a", 1)]), ["a1"]);
});

test("a request carries two megabytes, but a step is never divided", () => {
  assert.deepEqual(ids([entry("a", 1, 1_500_000), entry("a", 2, 1_500_000)]), ["a1"]);
  assert.deepEqual(ids([entry("a", 1, 5_000_000), entry("a", 2)]), ["a1"]);
});

test("a step that is sent again does not overtake those before it, which the server would put in the order of their making", () => {
  assert.deepEqual(ids([entry("a", 3), entry("a", 4), entry("a", 2)]), ["a3", "a4"]);
});

test("a step of too many changes is told before it is made", () => {
  const { operations } = entry("a", 1);
  assert.equal(tooMuch(operations), null);
  assert.equal(tooMuch(Array.from({ length: 20_001 }, () => operations[0])), "it changes 20,001 things at once, and 20,000 are possible. Do it in parts.");
});
