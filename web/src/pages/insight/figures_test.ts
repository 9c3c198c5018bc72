import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, duration, labelStep, scale, share } from "./figures.js";

test("a scale ends at a round number at or above the largest value", () => {
  assert.deepEqual(scale(7), { top: 8, ticks: [0, 2, 4, 6, 8] });
  assert.deepEqual(scale(0), { top: 1, ticks: [0, 1] });
  for (const most of [1, 3, 9, 10, 11, 99, 1234, 987_654]) {
    const { top, ticks } = scale(most);
    assert(top >= most && top < most * 2.01 + 1 && ticks.length <= 6, `${most}: ${top}`);
    assert(ticks.every((tick) => Number.isInteger(tick)));
  }
});

test("a share is never rounded to all or nothing", () => {
  assert.deepEqual([share(0, 0), share(1, 1000), share(999, 1000), share(1, 3), share(5, 5)], ["0 %", "< 1 %", "> 99 %", "33 %", "100 %"]);
});

test("times are told in the unit that suits them", () => {
  assert.deepEqual([3.14, 42, 150, 7200].map(duration), ["3.1 s", "42 s", "2.5 min", "2 h"]);
  const now = Date.parse("2025-01-02T00:00:00Z");
  assert.equal(ago("2025-01-01T23:59:30Z", now), "less than a minute");
  assert.equal(ago("2025-01-01T23:00:00Z", now), "60 minutes");
  assert.equal(ago("2024-12-23T00:00:00Z", now), "10 days");
});

test("labels of an axis keep apart", () => {
  assert.equal(labelStep(30, 600, 40), 2);
  assert.equal(labelStep(7, 600, 40), 1);
});
