import { test } from "node:test";
import assert from "node:assert/strict";
import { seeded } from "../math/random.js";
import type { ImagePoint } from "../math/space.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { Items, type Item } from "./items.js";
import { snapActive, snapGuides, snapPoint, type SnapField } from "./snap.js";
import { NO_MODIFIERS } from "./Shape.js";
import { NOTHING } from "./Tool.js";

const at = (x: number, y: number): ImagePoint => ({ x, y });

function item(key: string, points: readonly ImagePoint[], closed = true): Item {
  const xs = points.map(({ x }) => x), ys = points.map(({ y }) => y);
  const bounds = { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  return {
    key, object: {}, type: "polygon", label: null, order: key, geometry: points, bounds, area: 0, points: points.length,
    shape: { ...NOTHING.shape, outline: (geometry) => ({ points: geometry as ImagePoint[], closed }) },
  };
}

function field(items: readonly Item[], more: Partial<SnapField> = {}): SnapField {
  return {
    items: new Items(items), view: { scale: 2, x: 0, y: 0 }, limits: { left: -10, top: -10, right: 1010, bottom: 810 },
    taxonomy: readTaxonomy({ geometries: {}, padding: 10 }), integers: false, hidden: () => false, ...more,
  };
}

const square = item("square", [at(100.123456, 100), at(200, 100), at(200, 200), at(100, 200)]);

test("vertices come before edges, exactly as they are, and nothing is caught out of reach", () => {
  const around = field([square]);
  assert.deepEqual(snapPoint(around, at(102, 102), true), at(100.123456, 100));
  assert.deepEqual(snapPoint(around, at(150.004, 103), true), at(150, 100));
  assert.deepEqual(snapPoint(around, at(150.004, 105), true), at(150, 105));
  assert.deepEqual(snapPoint(around, at(198, 102), true), at(200, 100));
});

test("the picture's own border is caught, its corners first, and nothing lies beyond the padding", () => {
  const around = field([]);
  assert.deepEqual(snapPoint(around, at(2, 300), true), at(0, 300));
  assert.deepEqual(snapPoint(around, at(998, 798), true), at(1000, 800));
  assert.deepEqual(snapPoint(around, at(-400, 300), true), at(-10, 300));
});

test("what is hidden, left out or switched off is not caught", () => {
  assert.deepEqual(snapPoint(field([square], { hidden: () => true }), at(199, 101), true), at(199, 101));
  assert.deepEqual(snapPoint(field([square]), at(199, 101), true, { exclude: ["square"] }), at(199, 101));
  assert.deepEqual(snapPoint(field([square]), at(199.126, 101), false), at(199.13, 101));
  const ctrl = { modifiers: { ...NO_MODIFIERS, ctrl: true } };
  assert.deepEqual([snapActive(true, undefined), snapActive(true, ctrl), snapActive(false, undefined), snapActive(false, ctrl)], [true, false, false, true]);
});

test("whole pixels are kept where the task asks for them", () => {
  assert.deepEqual(snapPoint(field([square], { integers: true }), at(101, 101), true), at(100, 100));
  assert.deepEqual(snapPoint(field([], { integers: true }), at(55.5, 41.2), true), at(56, 41));
});

test("an open line is not caught between its ends", () => {
  const around = field([item("line", [at(100, 100), at(200, 100), at(200, 200), at(100, 200)], false)]);
  assert.deepEqual(snapPoint(around, at(101, 150), true), at(101, 150));
});

test("the guide is a mark at a vertex and the edge elsewhere", () => {
  const around = field([square]);
  assert.equal(snapGuides(around, at(200, 100))[0].points.length, 5);
  assert.deepEqual(snapGuides(around, at(200, 150))[0].points, [at(200, 100), at(200, 200)]);
  assert.deepEqual(snapGuides(around, at(150, 150)), []);
});

test("snapping twice is the same as snapping once", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const polygons = Array.from({ length: 30 }, (_, i) => {
      const x = random() * 900, y = random() * 700;
      return item(String(i), Array.from({ length: 3 + Math.floor(random() * 6) }, () => at(x + random() * 120, y + random() * 120)));
    });
    const around = field(polygons, { view: { scale: 0.5 + random() * 3, x: 0, y: 0 } });
    for (let i = 0; i < 50; i++) {
      const once = snapPoint(around, at(random() * 1000, random() * 800), true), twice = snapPoint(around, once, true);
      // Where edges cross, the nearer one of two that are hundredths of a pixel apart may change.
      assert(Math.hypot(once.x - twice.x, once.y - twice.y) <= 0.02, `seed ${seed}: ${JSON.stringify([once, twice])}`);
    }
  }
});

test("among 5,000 polygons of 50 vertices a snap takes less than two milliseconds", () => {
  const random = seeded(1);
  const polygons = Array.from({ length: 5000 }, (_, i) => {
    const x = random() * 4000, y = random() * 3000;
    return item(String(i), Array.from({ length: 50 }, (_unused, k) => at(x + 30 * Math.cos(k / 8), y + 30 * Math.sin(k / 8))));
  });
  const around = field(polygons, { limits: { left: 0, top: 0, right: 4000, bottom: 3000 } });
  snapPoint(around, at(5, 5), true);
  const begin = performance.now();
  for (let i = 0; i < 500; i++) snapPoint(around, at(random() * 4000, random() * 3000), true);
  const each = (performance.now() - begin) / 500;
  assert(each < 2, `${each} ms`);
});
