import { test } from "node:test";
import assert from "node:assert/strict";
import { instructionParts, isAllowed } from "./embeds.js";

const DOC = "https://docs.google.com/document/d/abc/pub?embedded=true&a=1";

test("embedded pages are taken out of an instruction, and everything else stays text", () => {
  assert.deepEqual(instructionParts("Draw **boxes**."), [{ text: "Draw **boxes**." }]);
  assert.deepEqual(instructionParts(""), []);
  const embedded = `Read this:\n<iframe width="600" src="${DOC.replace("&", "&amp;")}" onload="alert(1)"></iframe>\nthen draw.`;
  assert.deepEqual(instructionParts(embedded), [{ text: "Read this:\n" }, { page: DOC }, { text: "\nthen draw." }]);
  assert.deepEqual(instructionParts(`<iframe src='${DOC}'>`), [{ page: DOC }]);
  for (const bad of ["javascript:alert(1)", "http://docs.google.com/", "data:text/html,x", "//docs.google.com/x", "https://a@docs.google.com/"]) {
    const text = `<iframe src="${bad}"></iframe>`;
    assert.deepEqual(instructionParts(text), [{ text }]);
  }
});

test("only pages of allowed origins may be shown", () => {
  assert(isAllowed(DOC, ["https://docs.google.com"]));
  assert(!isAllowed(DOC, []));
  assert(!isAllowed("https://docs.google.com.evil.example/x", ["https://docs.google.com"]));
});
