import assert from "node:assert/strict";
import { test } from "node:test";
import { placeWords } from "./describe.js";

const picture = { width: 900, height: 600 };

test("size, region and corner are told", () => {
  assert.equal(placeWords({ left: 10, top: 20, right: 130, bottom: 100 }, picture), "120 by 80 pixels, top left, at 10, 20");
  assert.equal(placeWords({ left: 400, top: 280, right: 500, bottom: 320 }, picture), "100 by 40 pixels, in the middle, at 400, 280");
  assert.equal(placeWords({ left: 800, top: 250, right: 880, bottom: 330 }, picture), "80 by 80 pixels, right, in the middle, at 800, 250");
});

test("a point has a place but no size", () => {
  assert.equal(placeWords({ left: 450.4, top: 590, right: 450.4, bottom: 590 }, picture), "bottom, in the middle, at 450, 590");
});
