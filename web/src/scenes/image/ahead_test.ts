import assert from "node:assert/strict";
import { test } from "node:test";
import { affordable, PicturesAhead } from "./ahead.js";
import type { LoadedPicture } from "./picture.js";

/** Lets everything that is ready to go on do so. */
async function rest(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function world() {
  const loads: string[] = [], closed: string[] = [];
  const ahead = new PicturesAhead((url) => {
    loads.push(url);
    if (url === "broken") return Promise.reject(new Error("broken"));
    return Promise.resolve({ source: { close: () => closed.push(url) }, width: 1, height: 1, url } as unknown as LoadedPicture);
  });
  const of = (...urls: string[]) => urls.map((url) => ({ url, pixels: 100 }));
  return { ahead, loads, closed, of };
}

test("only as many pictures as fit are decoded ahead", () => {
  const sizes = [{ url: "a", pixels: 60 }, { url: "b", pixels: 60 }, { url: "c", pixels: 40 }, { url: "a", pixels: 1 }, { url: "d", pixels: null }];
  assert.deepEqual(affordable(sizes, 100), ["a", "c"]);
});

test("an expected picture is loaded once, in order, and handed over", async () => {
  const { ahead, loads, of } = world();
  ahead.expect(of("a", "b"));
  ahead.expect(of("a", "b"));
  await ahead.take("b");
  assert.deepEqual(loads, ["a", "b"]);
  await ahead.take("b");
  assert.deepEqual(loads, ["a", "b", "b"]);
});

test("what is no longer expected is given up", async () => {
  const { ahead, closed, of } = world();
  ahead.expect(of("a", "b"));
  await rest();
  ahead.expect(of("b"));
  await rest();
  assert.deepEqual(closed, ["a"]);
});

test("a picture that could not be loaded ahead is tried again when it is needed, and then its fault is told", async () => {
  const { ahead, loads, of } = world();
  ahead.expect(of("broken", "a"));
  assert.equal(await ahead.take("broken").catch((error: Error) => error.message), "broken");
  await ahead.take("a");
  assert.deepEqual([...loads].sort(), ["a", "broken", "broken"]);
});
