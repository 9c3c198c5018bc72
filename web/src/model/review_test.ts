import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, documentFrom } from "./document.js";
import { Comparison, setVerdicts, verdictAt } from "./review.js";

const box = (left: number, label = "car") => ({ type: "box", label, left, top: 0, width: 10, height: 10 });
const before = documentFrom({ annotations: { a: box(0), b: box(20), c: box(40) }, attributes: { weather: { value: "sun" } } });

test("a comparison tells what is new, what changed in which way, and what is gone", () => {
  const after = documentFrom({ annotations: { a: box(0), b: box(25, "bus"), d: box(60) }, attributes: { weather: { value: "rain" } }, verdicts: { a: { verdict: "accepted" } } });
  const changes = new Comparison(before).with(after);
  assert.deepEqual([...changes.objects], [["b", { kind: "changed", parts: ["label", "shape"] }], ["d", { kind: "new", parts: [] }]]);
  assert.deepEqual([...changes.removed.keys()], ["c"]);
  assert.equal(changes.others, 1);
});

test("the same objects in another spelling are no change", () => {
  const after = documentFrom({ annotations: { a: { height: 10, width: 10, top: 0, left: 0, label: "car", type: "box" }, b: box(20), c: box(40) }, attributes: { weather: { value: "sun" } } });
  const changes = new Comparison(before).with(after);
  assert.deepEqual([changes.objects.size, changes.removed.size, changes.others], [0, 0, 0]);
});

test("verdicts are noted, replaced and taken back", () => {
  let document = before;
  for (const verdict of ["accepted", "rejected", null] as const) {
    const operations = setVerdicts(["a", "b"], verdict)(document);
    assert.equal(operations.length, 2);
    document = apply(document, operations) ?? before;
    assert.equal(verdictAt(document, "a"), verdict);
    assert.deepEqual(setVerdicts(["a", "b"], verdict)(document), []);
  }
});
