import { test } from "node:test";
import assert from "node:assert/strict";
import { compareOrder } from "../math/order.js";
import { seeded } from "../math/random.js";
import { apply, collection, documentFrom, type Document } from "./document.js";
import { restack, type Direction } from "./stacking.js";

const ORDERS = ["a0", "a1", "a2", "a3", "a4"];
const stack = (orders: readonly string[] = ORDERS): Document => documentFrom({ annotations: Object.fromEntries(orders.map((order, i) => ["abcde"[i], { order }])) });
const text = (order: unknown) => (typeof order === "string" ? order : "");
const sequence = (document: Document): string => [...collection(document, "annotations")]
  .sort(([keyA, a], [keyB, b]) => compareOrder(text(a.order), text(b.order)) || compareOrder(keyA, keyB)).map(([key]) => key).join("");
const after = (document: Document, keys: string, direction: Direction): Document => apply(document, restack(new Set(keys), direction)(document)) as Document;

test("objects go to the front and back, and past one neighbour, keeping their order among each other", () => {
  assert.equal(sequence(after(stack(), "bd", "front")), "acebd");
  assert.equal(sequence(after(stack(), "bd", "back")), "bdace");
  assert.equal(sequence(after(stack(), "bd", "forward")), "acbed");
  assert.equal(sequence(after(stack(), "bd", "backward")), "badce");
  assert.equal(sequence(after(stack(), "bc", "forward")), "adbce");
  assert.equal(sequence(after(stack(), "de", "forward")), "abcde");
});

test("only what moves gets a new order, and what is there already makes no step", () => {
  assert.deepEqual(restack(new Set("b"), "front")(stack()).map(({ key }) => key), ["b"]);
  assert.deepEqual(restack(new Set("de"), "front")(stack()), []);
  assert.deepEqual(restack(new Set("a"), "backward")(stack()), []);
});

test("equal or missing orders are made different when something moves among them", () => {
  assert.equal(sequence(after(stack(["a0", "a0", "a0", "a0", "a0"]), "a", "forward")), "bacde");
  assert.equal(sequence(after(stack(["", "", "", "a0", "a1"]), "c", "back")), "cabde");
});

test("any number of steps leaves every order different", () => {
  const random = seeded(7);
  const directions: Direction[] = ["front", "back", "forward", "backward"];
  let document = stack();
  for (let i = 0; i < 400; i++) {
    const keys = [..."abcde"].filter(() => random() < 0.4).join("");
    document = after(document, keys, directions[Math.floor(random() * 4)]);
    const orders = [...collection(document, "annotations").values()].map(({ order }) => order);
    assert.equal(new Set(orders).size, 5, `step ${i}`);
  }
});
