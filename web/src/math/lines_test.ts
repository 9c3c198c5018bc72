import { test } from "node:test";
import assert from "node:assert/strict";
import { placeOn, verticesBetween, waysAlong } from "./border.js";
import { meeting, selfCrossing } from "./crossings.js";
import { mergePolygons } from "./merge.js";
import { area, distanceToOutline, polygonContains } from "./polygon.js";
import { seeded } from "./random.js";
import { simplify } from "./simplify.js";
import type { ImagePoint } from "./space.js";
import { firstCrossing, splitLine, splitPolygon } from "./split.js";
import { subtractPolygon } from "./subtract.js";

const at = (x: number, y: number): ImagePoint => ({ x, y });
const square = [at(0, 0), at(10, 0), at(10, 10), at(0, 10)];
const near = (a: number, b: number, tolerance = 1e-6) => assert(Math.abs(a - b) <= tolerance, `${a} is not near ${b}`);

/** A polygon that does not cross itself: vertices around a centre in the order of their angles. */
function star(random: () => number, count: number): ImagePoint[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i + 0.8 * random()) / count) * 2 * Math.PI, radius = 20 + random() * 60;
    return at(100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle));
  });
}

test("a simplified line keeps its ends, its own points and every old point within the tolerance", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed), tolerance = 0.2 + random() * 3;
    const drawn: ImagePoint[] = [at(0, 0)];
    for (let i = 1; i < 300; i++) drawn.push(at(drawn[i - 1].x + random() * 3 - 0.8, drawn[i - 1].y + random() * 3 - 1.5));
    const simple = simplify(drawn, tolerance);
    assert(simple.length < drawn.length, `seed ${seed}`);
    assert.deepEqual([simple[0], simple[simple.length - 1]], [drawn[0], drawn[299]]);
    assert(simple.every((point) => drawn.includes(point)));
    for (const point of drawn) assert(distanceToOutline(simple, point, false) <= tolerance + 1e-9, `seed ${seed}`);
    assert.equal(simplify(drawn, tolerance, Math.min(8, simple.length)).length, Math.min(8, simple.length));
  }
  assert.deepEqual(simplify([at(0, 0), at(5, 0), at(10, 0)], 0.5), [at(0, 0), at(10, 0)]);
  assert.deepEqual(simplify([at(1, 1)], 1), [at(1, 1)]);
});

test("segments meet where they cross or touch, and parallel ones do not", () => {
  assert.deepEqual(meeting(at(0, 0), at(10, 0), at(4, -2), at(4, 2)), { along: 0.4, across: 0.5, at: at(4, 0) });
  assert.equal(meeting(at(0, 0), at(10, 0), at(0, 1), at(10, 1)), null);
  assert.equal(meeting(at(0, 0), at(10, 0), at(12, -1), at(12, 1)), null);
});

test("an outline that crosses itself is told from one that does not", () => {
  assert.equal(selfCrossing(square, true), null);
  assert.deepEqual(selfCrossing([at(0, 0), at(10, 10), at(10, 0), at(0, 10)], true), at(5, 5));
  assert.equal(selfCrossing([at(0, 0), at(10, 10), at(10, 0)], false), null);
  for (let seed = 1; seed <= 40; seed++) assert.equal(selfCrossing(star(seeded(seed), 3 + (seed % 20)), true), null, `seed ${seed}`);
});

test("a straight cut divides a square, and the cut's ends are vertices of both halves", () => {
  const halves = splitPolygon(square, [at(4, -5), at(4, 15)]);
  assert.deepEqual(halves.map(area), [60, 40]);
  for (const half of halves) for (const end of [at(4, 0), at(4, 10)]) assert(half.some(({ x, y }) => x === end.x && y === end.y));
});

test("a bent cut leaves its corners in both halves, and one through vertices makes no vertex twice", () => {
  const bent = splitPolygon(square, [at(-1, 5), at(5, 7), at(11, 5)]);
  assert.equal(bent.length, 2);
  for (const half of bent) assert(half.some(({ x, y }) => x === 5 && y === 7));
  near(bent.reduce((sum, half) => sum + area(half), 0), 100);
  assert.deepEqual(splitPolygon(square, [at(0, 0), at(10, 10)]).map((half) => half.length), [3, 3]);
});

test("a cut that ends inside, misses or runs along the border divides nothing", () => {
  for (const cut of [[at(-5, 5), at(5, 5)], [at(4, 4), at(6, 6)], [at(20, 0), at(20, 10)], [at(0, -5), at(0, 15)]]) {
    assert.deepEqual(splitPolygon(square, cut).length, 1);
  }
});

test("a cut through the arms of a comb makes a piece of each", () => {
  const comb = [at(0, 0), at(2, 0), at(2, 8), at(4, 8), at(4, 0), at(6, 0), at(6, 10), at(0, 10)];
  const pieces = splitPolygon(comb, [at(-1, 4), at(7, 4)]);
  assert.equal(pieces.length, 3);
  near(pieces.reduce((sum, piece) => sum + area(piece), 0), area(comb));
});

test("the areas of the pieces add up to the whole", () => {
  let divided = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const random = seeded(seed), polygon = star(random, 4 + (seed % 24));
    const cut = Array.from({ length: 2 + (seed % 3) }, (_, i) => at(i * 200 / (1 + (seed % 3)), random() * 200));
    if (selfCrossing(cut, false) !== null) continue;
    const pieces = splitPolygon(polygon, cut);
    near(pieces.reduce((sum, piece) => sum + area(piece), 0), area(polygon), 0.2);
    for (let i = 1; i < pieces.length; i++) assert(area(pieces[i - 1]) >= area(pieces[i]));
    for (const piece of pieces) assert(area(piece) > 0, `seed ${seed}`);
    if (pieces.length > 1) divided++;
  }
  assert(divided > 200, String(divided));
});

test("what was divided can be joined again", () => {
  let joined = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed), polygon = star(random, 5 + (seed % 20));
    const pieces = splitPolygon(polygon, [at(0, 60 + random() * 80), at(100, 80 + random() * 40), at(200, 60 + random() * 80)]);
    if (pieces.length !== 2) continue;
    const merged = mergePolygons(pieces[0], seed % 2 === 0 ? pieces[1] : [...pieces[1]].reverse());
    assert(merged !== null, `seed ${seed}`);
    near(area(merged), area(polygon), 0.1);
    assert.equal(merged.length, polygon.length, `seed ${seed}`);
    joined++;
  }
  assert(joined > 100, String(joined));
});

test("polygons that share nothing, or leave a hole between them, are not joined", () => {
  assert.equal(mergePolygons(square, [at(20, 0), at(30, 0), at(30, 10)]), null);
  assert.equal(mergePolygons(square, [at(10, 0), at(20, 0), at(20, 10)]), null);
  const cup = [at(0, 0), at(3, 0), at(3, 6), at(6, 6), at(6, 0), at(9, 0), at(9, 9), at(0, 9)];
  const lid = [at(0, 0), at(0, -3), at(9, -3), at(9, 0), at(6, 0), at(3, 0)];
  assert.equal(mergePolygons(cup, lid), null);
  assert.deepEqual(area(mergePolygons(square, [at(10, 0), at(20, 0), at(20, 10), at(10, 10)]) ?? []), 200);
});

test("an open line is divided at a place that both parts end in", () => {
  const line = [at(0, 0), at(10, 0), at(10, 10)];
  assert.deepEqual(splitLine(line, 1, at(10, 0)), [[at(0, 0), at(10, 0)], [at(10, 0), at(10, 10)]]);
  assert.deepEqual(splitLine(line, 0.5, at(5, 0)), [[at(0, 0), at(5, 0)], [at(5, 0), at(10, 0), at(10, 10)]]);
  assert.equal(splitLine(line, 0, at(0, 0)), null);
  assert.equal(splitLine(line, 2, at(10, 10)), null);
  assert.deepEqual(firstCrossing(line, [at(20, 5), at(0, 5)]), { place: 1.5, at: at(10, 5), reached: 0.5 });
  assert.equal(firstCrossing(line, [at(20, 20), at(30, 20)]), null);
});

test("a point on an outline has a place there, vertices before edges", () => {
  assert.equal(placeOn(square, true, at(10, 0), 0.01), 1);
  assert.equal(placeOn(square, true, at(10, 5), 0.01), 1.5);
  assert.equal(placeOn(square, true, at(0, 5), 0.01), 3.5);
  assert.equal(placeOn(square, false, at(0, 5), 0.01), null);
  assert.equal(placeOn(square, true, at(5, 5), 0.01), null);
});

test("along an outline there are two ways, the shorter one first, and an open one has one", () => {
  assert.deepEqual(waysAlong(square, true, 0, 2.5, at(0, 0), at(5, 10)), [[at(0, 10)], [at(10, 0), at(10, 10)]]);
  assert.deepEqual(verticesBetween(square, 3.5, 0.5, true), [at(0, 0)]);
  assert.deepEqual(verticesBetween(square, 0.5, 3.5, false), [at(0, 0)]);
  assert.deepEqual(waysAlong(square, false, 3, 0.5, at(0, 10), at(5, 0)), [[at(10, 10), at(10, 0)]]);
  assert.deepEqual(verticesBetween(square, 1.2, 1.8, true), []);
});

test("both ways together are the whole outline, in its own vertices", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seeded(seed), polygon = star(random, 3 + (seed % 30));
    const from = random() * polygon.length, to = random() < 0.3 ? Math.floor(random() * polygon.length) : random() * polygon.length;
    const forward = verticesBetween(polygon, from, to, true), backward = verticesBetween(polygon, from, to, false);
    const ends = new Set([from, to].filter(Number.isInteger));
    assert.equal(forward.length + backward.length + ends.size, polygon.length, `seed ${seed}`);
    assert(forward.every((vertex) => polygon.includes(vertex)));
  }
});

test("what is left of a polygon without another lies in the one and not in the other, whatever they look like", () => {
  let cut = 0, holes = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed), shift = { x: (random() - 0.5) * 120, y: (random() - 0.5) * 120 }, scale = 0.3 + random();
    const one = star(random, 4 + (seed % 20)), other = star(random, 3 + (seed % 17)).map(({ x, y }) => at(100 + (x - 100) * scale + shift.x, 100 + (y - 100) * scale + shift.y));
    const parts = subtractPolygon(one, other);
    if (parts === null) {
      holes++;
      assert(other.every((vertex) => polygonContains(one, vertex)), `seed ${seed}`);
      continue;
    }
    if (parts.length !== 1 || parts[0].length !== one.length) cut++;
    for (let i = 0; i < 200; i++) {
      const point = at(random() * 240 - 20, random() * 240 - 20);
      if (distanceToOutline(one, point, true) < 0.05 || distanceToOutline(other, point, true) < 0.05) continue;
      const expected = polygonContains(one, point) && !polygonContains(other, point);
      assert.equal(parts.some((part) => polygonContains(part, point)), expected, `seed ${seed}`);
    }
  }
  assert(cut > 150 && holes >= 5, `${cut} ${holes}`);
});

test("a polygon that is covered leaves nothing, one beside another stays as it is, and shared borders stay shared", () => {
  assert.deepEqual(subtractPolygon(square, [at(-5, -5), at(15, -5), at(15, 15), at(-5, 15)]), []);
  assert.deepEqual(subtractPolygon(square, [at(20, 0), at(30, 0), at(30, 10)]), [square]);
  assert.equal(subtractPolygon(square, [at(4, 4), at(6, 4), at(6, 6), at(4, 6)]), null);
  const beside = subtractPolygon(square, [at(10, 0), at(20, 0), at(20, 10), at(10, 10)]);
  assert.deepEqual(beside?.map(area), [100]);
  const corner = subtractPolygon(square, [at(5, -5), at(15, -5), at(15, 5), at(5, 5)]) ?? [];
  assert.deepEqual(corner.map(area), [75]);
  assert(corner[0].some(({ x, y }) => x === 5 && y === 5));
  const through = subtractPolygon(square, [at(4, -5), at(6, -5), at(6, 15), at(4, 15)]) ?? [];
  assert.deepEqual(through.map(area), [40, 40]);
});
