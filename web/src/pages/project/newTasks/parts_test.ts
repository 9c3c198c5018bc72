import assert from "node:assert/strict";
import { test } from "node:test";
import { listParts, tableParts } from "./parts.js";

test("each part of a table names the columns and knows where it stood", () => {
  const parts = tableParts("url,note\na,1\nb,2\nc,3\n", 2);
  assert.deepEqual(parts, [
    { text: "url,note\na,1\nb,2", lines: 2, shift: 0 },
    { text: "url,note\nc,3", lines: 1, shift: 2 },
  ]);
});

test("a quoted field may go over several lines", () => {
  const parts = tableParts("url,note\r\na,\"one\ntwo\"\r\nb,\"say \"\"no\"\"\"\r\n", 1);
  assert.deepEqual(parts.map(({ text }) => text), ["url,note\na,\"one\ntwo\"", "url,note\nb,\"say \"\"no\"\"\""]);
  assert.deepEqual(parts.map(({ shift }) => shift), [0, 2]);
});

test("a table of nothing but names is one part without lines", () => {
  assert.deepEqual(tableParts("url\n", 10), [{ text: "url", lines: 0, shift: 0 }]);
  assert.deepEqual(tableParts("", 10), []);
});

test("lists leave out what is no address but keep the numbers of their lines", () => {
  const parts = listParts("a\n\n# more\nb\nc", 3);
  assert.deepEqual(parts, [{ text: "a\n\n# more", lines: 1, shift: 0 }, { text: "b\nc", lines: 2, shift: 3 }]);
});
