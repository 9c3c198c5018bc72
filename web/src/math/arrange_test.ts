import { test } from "node:test";
import assert from "node:assert/strict";
import { alignShifts, distributeShifts, groupShift, shiftInside, type Shift, type Side } from "./arrange.js";
import { seeded } from "./random.js";
import type { ImageBounds } from "./space.js";

const LIMITS: ImageBounds = { left: 0, top: 0, right: 100, bottom: 100 };
const at = (left: number, top: number, width = 10, height = 10): ImageBounds => ({ left, top, right: left + width, bottom: top + height });
const shifted = (bounds: ImageBounds, { dx, dy }: Shift): ImageBounds => ({ left: bounds.left + dx, top: bounds.top + dy, right: bounds.right + dx, bottom: bounds.bottom + dy });
const random = (seed: number, count: number): ImageBounds[] => {
  const next = seeded(seed);
  return Array.from({ length: count }, () => at(next() * 80, next() * 80, 1 + next() * 20, 1 + next() * 20));
};

test("a group stops when the first of its members is at the border", () => {
  assert.deepEqual(groupShift([at(10, 10), at(50, 80)], LIMITS, -30, 30), { dx: -10, dy: 10 });
  assert.deepEqual(groupShift([], LIMITS, 5, 5), { dx: 0, dy: 0 });
});

test("aligning puts the chosen side of all in one line, and does not touch the other direction", () => {
  const measures: { readonly [side in Side]: (bounds: ImageBounds) => number } = {
    left: ({ left }) => left, centre: ({ left, right }) => left + right, right: ({ right }) => right,
    top: ({ top }) => top, middle: ({ top, bottom }) => top + bottom, bottom: ({ bottom }) => bottom,
  };
  for (let seed = 1; seed <= 30; seed++) {
    const group = random(seed, 2 + (seed % 7));
    for (const side of Object.keys(measures) as Side[]) {
      const shifts = alignShifts(group, side), after = group.map((bounds, i) => shifted(bounds, shifts[i])).map(measures[side]);
      assert(after.every((value) => Math.abs(value - after[0]) < 1e-9), `seed ${seed}, ${side}`);
      assert(shifts.every(({ dx, dy }) => (side === "left" || side === "centre" || side === "right" ? dy : dx) === 0));
    }
  }
});

test("spreading makes all gaps the same and leaves the outermost where they are", () => {
  assert.deepEqual(distributeShifts([at(0, 0), at(80, 0), at(20, 0, 20)], "across"), [{ dx: 0, dy: 0 }, { dx: 0, dy: 0 }, { dx: 15, dy: 0 }]);
  assert.deepEqual(distributeShifts([at(0, 0), at(80, 0)], "across"), [{ dx: 0, dy: 0 }, { dx: 0, dy: 0 }]);
  for (let seed = 1; seed <= 30; seed++) {
    const group = random(seed, 3 + (seed % 6)), shifts = distributeShifts(group, "down");
    const after = group.map((bounds, i) => shifted(bounds, shifts[i])).sort((a, b) => a.top + a.bottom - b.top - b.bottom);
    const gaps = after.slice(1).map(({ top }, i) => top - after[i].bottom);
    assert(gaps.every((gap) => Math.abs(gap - gaps[0]) < 1e-9), `seed ${seed}: ${gaps.join()}`);
  }
});

test("what lies outside is brought inside, what is too large to the left and top", () => {
  assert.deepEqual(shiftInside(at(95, -5), LIMITS), { dx: -5, dy: 5 });
  assert.deepEqual(shiftInside(at(20, 30), LIMITS), { dx: 0, dy: 0 });
  assert.deepEqual(shiftInside(at(-20, 30, 150), LIMITS), { dx: 20, dy: 0 });
});
