import assert from "node:assert/strict";
import { test } from "node:test";
import { csv } from "./people/hoursFile.js";
import { duration, lastDays } from "../api/staff.js";
import { Beats } from "./activity.js";

test("one moment in ten seconds is told, and none twice", () => {
  const beats = new Beats();
  for (const at of [0, 1000, 9999, 10_000, 25_000]) beats.note(at);
  assert.deepEqual(beats.take(30_000).ages, [30, 20, 5]);
  assert.deepEqual(beats.take(31_000).ages, []);
});

test("what could not be told is kept in its place, and not without end", () => {
  const beats = new Beats();
  beats.note(0);
  const { keep } = beats.take(1000);
  beats.note(15_000);
  keep();
  assert.deepEqual(beats.take(20_000).ages, [20, 5]);
  for (let i = 0; i < 1000; i++) beats.note(i * 10_000);
  assert.equal(beats.take(10_000_000).ages.length, 720);
});

test("durations and days are written for people", () => {
  assert.deepEqual([0, 59, 60, 3599, 3600, 7500].map(duration), ["0 s", "59 s", "1 min", "1 h 00 min", "1 h 00 min", "2 h 05 min"]);
  assert.deepEqual(lastDays(7, new Date("2026-11-22T10:00:00Z")), { from: "2026-11-16", to: "2026-11-22" });
});

test("a file of hours starts no formula", () => {
  const row = { day: "2026-11-22", person: { id: "a", name: '=cmd("x")', email: "a@x.y" }, project: null, seconds: 61.4, items: 2 };
  assert.equal(csv([row]), 'day,email,name,project,items,seconds\r\n2026-11-22,"a@x.y","\'=cmd(""x"")","",2,61\r\n');
});
