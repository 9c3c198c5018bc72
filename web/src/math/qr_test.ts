import assert from "node:assert/strict";
import { test } from "node:test";
import { qrCode } from "./qr.js";

/** As another program draws it that was written from the standard. */
const KNOWN = [
  "#######.......#######",
  "#.....#..####.#.....#",
  "#.###.#.#...#.#.###.#",
  "#.###.#.#.....#.###.#",
  "#.###.#.##..#.#.###.#",
  "#.....#.#...#.#.....#",
  "#######.#.#.#.#######",
  "........###..........",
  "#.#####...##..#####..",
  ".###.#.#......###.#.#",
  ".#..#.#######......#.",
  "....#..###.###..####.",
  "###..###...#..#......",
  "........#.#...###.#.#",
  "#######..#.###...#.#.",
  "#.....#.#...##.####.#",
  "#.###.#.#.##..#....##",
  "#.###.#.#.#...#####..",
  "#.###.#.#.###.#...#..",
  "#.....#..###.#...##..",
  "#######.###...#....#.",
];

test("a code is drawn as the standard says", () => {
  assert.deepEqual(qrCode("abcdefghijklmn")?.map((row) => row.map((dark) => (dark ? "#" : ".")).join("")), KNOWN);
});

test("the code grows with its text until there is no room", () => {
  for (const [length, side] of [[1, 21], [14, 21], [15, 25], [152, 49], [412, 77]]) assert.equal(qrCode("x".repeat(length))?.length, side, `${length}`);
  assert.equal(qrCode("x".repeat(413)), null);
  assert.equal(qrCode("ü".repeat(7))?.length, 21);
  assert.equal(qrCode("ü".repeat(8))?.length, 25);
});
