import { test } from "node:test";
import assert from "node:assert/strict";
import { apply, collectionsOf, documentFrom, type Document } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { addPasted, centredAt, copiedFrom, fitIn, readCopied, steppedAside, writeCopied, type Copied, type Placing, type Target } from "./clipboard.js";
import type { Shape } from "./Shape.js";
import { NOTHING } from "./Tool.js";

interface Square { readonly x: number; readonly y: number; readonly size: number }

/** A shape of the least kind, so that these tests need none of the real ones. */
const square = (type: string): Shape => ({
  ...NOTHING.shape, type, noun: type,
  read: ({ x, y, size }) => (typeof x === "number" && typeof y === "number" && typeof size === "number" ? { x, y, size } : null),
  write: (geometry, object) => ({ ...object, ...(geometry as Square) }) as unknown as JsonObject,
  bounds: (geometry) => { const { x, y, size } = geometry as Square; return { left: x, top: y, right: x + size, bottom: y + size }; },
  move: (geometry, dx, dy) => { const { x, y, size } = geometry as Square; return { x: x + dx, y: y + dy, size }; },
});

const TASK: JsonObject = {
  geometries: { box: { objects_to_annotate: ["car", "dog"] }, polygon: { objects_to_annotate: ["car"] } },
  annotation_attributes: {
    colour: { description: "Colour", choices: ["red", "blue"] }, doors: { type: "number" }, note: { type: "text" },
    tows: { type: "linked", allowed_labels: ["car"] }, marks: { description: "Marks", choices: ["a", "b", "c"], allow_multiple: true },
  },
  links: { follows: { from_allowed_labels: ["car"], to_allowed_labels: ["car", "dog"] } },
};
const LIMITS = { left: 0, top: 0, right: 200, bottom: 100 };
const STAY: Placing = () => ({ dx: 0, dy: 0 });

function target(params: JsonObject = TASK, limits = LIMITS): Target {
  let keys = 0;
  return { taxonomy: readTaxonomy(params), shapes: [square("box"), square("polygon"), square("ellipse")], limits, newKey: () => `new${++keys}` };
}

const object = (type: string, label: string | null, x: number, y: number, more: JsonObject = {}): JsonObject => ({ type, label, x, y, size: 20, attributes: {}, ...more });
const copied = (...objects: JsonObject[]): Copied => ({ work: "w", objects: objects.map((one, i) => ({ key: `old${i + 1}`, object: one })), links: [] });

test("what is copied comes back from its text, in its order and with the links among it only", () => {
  const document = documentFrom({
    annotations: { b: { ...object("box", "dog", 5, 5), order: "a2" }, a: { ...object("box", "car", 1, 1), order: "a1" }, c: { ...object("box", "car", 9, 9), order: "a0" } },
    links: { l: { label: "follows", from: "a", to: "b", attributes: {}, order: "a0" }, m: { label: "follows", from: "c", to: "b", attributes: {}, order: "a1" } },
  });
  const read = readCopied(writeCopied(copiedFrom("w", document, new Set(["b", "a"]))));
  assert.deepEqual(read?.objects.map(({ key }) => key), ["a", "b"]);
  assert.deepEqual(read?.links.map(({ from, to }) => [from, to]), [["a", "b"]]);
  for (const text of ["", "{", "[]", "{\"format\": \"other\"}", JSON.stringify({ format: "vernier-objects-1", work: "w", objects: [] })]) assert.equal(readCopied(text), null);
});

test("pasted objects have new keys, nothing but geometry, label and answers, and stand above all others", () => {
  const { objects, losses } = fitIn(copied(object("box", "car", 1, 2, { order: "a7", base: true, attributes: { colour: "red", doors: 3, note: "x" } })), target(), STAY);
  assert.deepEqual(losses, []);
  assert.deepEqual([...objects], [["new1", { type: "box", label: "car", attributes: { colour: "red", doors: 3, note: "x" }, x: 1, y: 2, size: 20 }]]);
  const before: Document = documentFrom({ annotations: { z: { ...object("box", "car", 0, 0), order: "a9" } } });
  const after = apply(before, addPasted({ objects, links: new Map(), losses }).call(null, before));
  assert.equal(collectionsOf(after as Document).annotations.new1.order, "aA");
});

test("what the task does not have is left out and named", () => {
  const { objects, losses } = fitIn(copied(
    object("ellipse", "car", 1, 1), object("box", "ship", 1, 1), object("polygon", "dog", 1, 1),
    object("box", "car", 1, 1, { attributes: { colour: "green", marks: ["a", "z"], weather: "rain", doors: "three" } }),
    object("box", "car", 1, 1, { size: 150 }),
  ), target(), STAY);
  assert.deepEqual([...objects.values()].map(({ label, attributes }) => [label, attributes]), [[null, {}], [null, {}], ["car", { marks: ["a"] }]]);
  assert.deepEqual(losses, [
    "1 object left out: this task does not ask for ellipses.", "1 object left out: larger than this picture.",
    "2 objects pasted without a label: this task does not have \"ship\", \"dog\" for them.",
    "Answers left out, as this task does not take them: \"Colour\", \"weather\", \"doors\".",
  ]);
});

test("links and linked answers among what is pasted are kept, others are dropped", () => {
  const { objects, links, losses } = fitIn({
    ...copied(object("box", "car", 0, 0, { attributes: { tows: "old2" } }), object("box", "car", 30, 0, { attributes: { tows: "elsewhere" } }), object("box", "dog", 60, 0)),
    links: [{ label: "follows", from: "old1", to: "old3", attributes: { near: true }, order: "a0" }, { label: "hates", from: "old1", to: "old3" }],
  }, target(), STAY);
  assert.deepEqual([...objects.values()].map(({ attributes }) => attributes), [{ tows: "new2" }, {}, {}]);
  assert.deepEqual([...links.values()], [{ label: "follows", from: "new1", to: "new3", attributes: { near: true } }]);
  assert.deepEqual(losses, ["1 link left out: this task does not have them."]);
});

test("a group keeps its form at the border, and each member comes in where the picture is smaller", () => {
  const two = copied(object("box", "car", 0, 0), object("box", "car", 150, 50));
  const placesOf = (limits: typeof LIMITS, placing: Placing) => [...fitIn(two, target(TASK, limits), placing).objects.values()].map(({ x, y }) => [x, y]);
  assert.deepEqual(placesOf(LIMITS, centredAt({ x: 195, y: 50 }, LIMITS)), [[30, 15], [180, 65]]);
  assert.deepEqual(placesOf({ ...LIMITS, right: 100 }, STAY), [[0, 0], [80, 50]]);
});

test("copies step aside until nothing lies there, back where there is no room", () => {
  const bounds = { left: 10, top: 10, right: 30, bottom: 30 };
  const taken = (...lefts: number[]) => ({ left }: { left: number }) => lefts.includes(left);
  assert.deepEqual(steppedAside(10, 1, LIMITS, taken(10))(bounds), { dx: 10, dy: 10 });
  assert.deepEqual(steppedAside(10, 1, LIMITS, taken(10, 20, 30))(bounds), { dx: 30, dy: 30 });
  assert.deepEqual(steppedAside(10, 0, LIMITS, taken())(bounds), { dx: 0, dy: 0 });
  assert.deepEqual(steppedAside(10, 1, LIMITS, taken(180))({ left: 180, top: 80, right: 200, bottom: 100 }), { dx: -10, dy: -10 });
});
