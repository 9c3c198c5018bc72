import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf } from "./shapePath.js";

const path = (type: string, points: readonly number[]) => pathOf({ type, label: null, points });

test("boxes and polygons are closed, lines are not, points are dots", () => {
  assert.equal(path("box", [0, 0, 4, 0, 4, 2, 0, 2]), "M0,0L4,0L4,2L0,2Z");
  assert.equal(path("line", [0, 0, 4, 1]), "M0,0L4,1");
  assert.equal(path("point", [3, 5]), "M3 5h0");
  assert.equal(path("polygon", []), "");
});

test("an ellipse passes through the ends of its axes, also when it is turned", () => {
  for (const axes of [[0, 10, 20, 0, 40, 10, 20, 20], [0, 0, 30, -10, 40, 40, 10, 50]]) {
    const points = path("ellipse", axes).slice(1, -1).split("L").map((pair) => pair.split(",").map(Number));
    for (const i of [0, 2, 4, 6]) assert(points.some(([x, y]) => Math.hypot(x - axes[i], y - axes[i + 1]) < 0.1), `${axes[i]}, ${axes[i + 1]}`);
  }
});

test("a cuboid is drawn as the outline around its corners", () => {
  assert.equal(path("cuboid", [0, 0, 10, 0, 10, 10, 0, 10, 3, 3, 8, 3, 8, 8, 3, 8]), "M0,0L10,0L10,10L0,10Z");
});
