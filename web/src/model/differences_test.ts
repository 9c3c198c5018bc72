import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveOut, takeAnswer, takeIn, voices, type Difference } from "./differences.js";
import { collection, documentFrom, type Document, type Operation } from "./document.js";
import type { JsonObject } from "./json.js";
import { outlineOf } from "./outline.js";

const car: JsonObject = { type: "box", label: "car", left: 1, top: 2, width: 30, height: 40, order: "a0" };
const start = documentFrom({ annotations: { k: car, other: { ...car, order: "a1" } }, links: { l: { label: "tows", from: "k", to: "other", order: "a0" } } });

function difference(more: Partial<Difference>): Difference {
  return { collection: "annotations", key: "k", proposed: true, object: car, votes: 2, agreement: 0.5, about: [], answers: [], ...more };
}

function after(document: Document, operations: readonly Operation[]): Document {
  const copy = new Map([...document].map(([name, objects]) => [name, new Map(objects)]));
  for (const { collection: name, key, after: object } of operations) {
    const objects = copy.get(name) ?? new Map<string, JsonObject>();
    if (object === null) objects.delete(key);
    else objects.set(key, object);
    copy.set(name, objects);
  }
  return copy;
}

test("an answer is taken as it was drawn, at its place in the stack", () => {
  const said: JsonObject = { uuid: "theirs", type: "box", label: "bus", left: 5, top: 6, width: 7, height: 8, vertices: [], attributes: { colour: "red", pair: "their-other" } };
  const before = documentFrom({ annotations: { k: { ...car, attributes: { pair: "other" } } } });
  const document = after(before, takeAnswer(difference({}), said, (name) => name === "pair")(before));
  // What points at other objects keeps our names of them.
  assert.deepEqual(collection(document, "annotations").get("k"), { type: "box", label: "bus", left: 5, top: 6, width: 7, height: 8, attributes: { colour: "red", pair: "other" }, order: "a0" });
  assert.deepEqual(takeAnswer(difference({}), { ...car, uuid: "same" }, () => false)(start), []);
});

test("what was left out is taken in above all others, once", () => {
  const plan = takeIn(difference({ key: "new", proposed: false, object: { ...car, order: "a0" } }));
  const document = after(start, plan(start));
  assert(String(collection(document, "annotations").get("new")?.order) > "a1");
  assert.deepEqual(plan(document), []);
});

test("a link is taken in only where both of its ends are", () => {
  const link = { collection: "links", key: "m", object: { label: "tows", from: "k", to: "gone", order: "a0" } };
  assert.deepEqual(takeIn(difference(link))(start), []);
  assert.equal(takeIn(difference({ ...link, object: { ...link.object, to: "other" } }))(start).length, 1);
});

test("what is left out takes the links to it along", () => {
  const document = after(start, leaveOut(difference({}))(start));
  assert.deepEqual([...collection(document, "annotations").keys()], ["other"]);
  assert.equal(collection(document, "links").size, 0);
});

test("voices are counted, most first", () => {
  assert.equal(voices([{ label: "bus" }, null, { label: "car" }, { label: "car" }], ({ label }) => label, String), "car 2, bus 1");
});

test("a turned box and a cuboid have their outlines", () => {
  const box = outlineOf({ type: "box", left: 0, top: 0, width: 10, height: 20, rotation: Math.PI / 2 });
  assert.deepEqual([box?.left, box?.top, box?.right, box?.bottom], [-5, 5, 15, 15]);
  const corners: readonly (readonly [string, number, number])[] = [["face-topleft", 0, 0], ["face-bottomleft", 0, 10], ["face-topright", 10, 0], ["face-bottomright", 10, 10], ["side-topcorner", 14, 1], ["side-bottomcorner", 14, 9]];
  const cuboid = outlineOf({ type: "cuboid", vertices: corners.map(([description, x, y]) => ({ description, x, y })) });
  assert.equal(cuboid?.path, "M0 0L10 0L10 10L0 10ZM10 0L14 1L14 9L10 10Z");
  assert.equal(outlineOf({ type: "box" }), null);
});
