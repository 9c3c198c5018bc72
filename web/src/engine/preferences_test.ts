import assert from "node:assert/strict";
import { test } from "node:test";
import { readPreferences, USUAL } from "./preferences.js";

test("what cannot be read is as usual, and the rest is kept", () => {
  assert.deepEqual(readPreferences(undefined), USUAL);
  assert.deepEqual(readPreferences("dark"), USUAL);
  assert.deepEqual(readPreferences({ theme: "purple", snapping: "no", tags: "all", more: 1 }), { ...USUAL, tags: "all" });
});

test("written preferences are read as they were", () => {
  const chosen = { ...USUAL, theme: "dark" as const, dim: false };
  assert.deepEqual(readPreferences(JSON.parse(JSON.stringify(chosen))), chosen);
});
