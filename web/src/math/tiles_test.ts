import { test } from "node:test";
import assert from "node:assert/strict";
import { seeded } from "./random.js";
import { ancestorOf, boundsOfTile, levelFor, pixelsPer, tileKey, tilesWithin, wantedTiles, type Tiling } from "./tiles.js";

/** A picture divided as the server does it. */
function tiling(width: number, height: number, tile = 512): Tiling {
  const levels = [];
  for (let [w, h] = [width, height]; ; [w, h] = [Math.ceil(w / 2), Math.ceil(h / 2)]) {
    levels.unshift({ width: w, height: h, columns: Math.ceil(w / tile), rows: Math.ceil(h / tile) });
    if (w <= tile && h <= tile) return { tile, levels };
  }
}

const large = tiling(20000, 20000);

test("the level is the smallest that is sharp at a scale", () => {
  assert.equal(large.levels.length, 7);
  const expected: [number, number][] = [[8, 6], [1, 6], [0.6, 6], [0.5, 5], [0.26, 4], [0.25, 4], [0.05, 2], [0.016, 0], [0.0001, 0]];
  for (const [scale, level] of expected) assert.equal(levelFor(large, scale), level, `${scale}`);
  for (let scale = 0.001; scale < 64; scale *= 1.1) {
    // A pixel of the level is at most a fifth larger than one of the screen, unless there is no finer level.
    const level = levelFor(large, scale);
    assert(level === 6 || pixelsPer(large, level) * scale < 1.2, `${scale}`);
    assert(level === 0 || pixelsPer(large, level) * scale > 0.5, `${scale}`);
  }
});

test("tiles of a level cover the picture without gap and without overlap", () => {
  for (const [width, height] of [[20000, 20000], [6000, 5001], [513, 4097]]) {
    const picture = tiling(width, height);
    picture.levels.forEach((_, level) => {
      const tiles = tilesWithin(picture, level, { left: 0, top: 0, right: width, bottom: height });
      const area = tiles.map((place) => boundsOfTile(picture, place)).reduce((sum, { left, top, right, bottom }) => sum + (right - left) * (bottom - top), 0);
      assert.equal(area, width * height);
      assert.equal(new Set(tiles.map(tileKey)).size, picture.levels[level].columns * picture.levels[level].rows);
    });
  }
});

test("what is in sight is wanted, whatever the view, and not much more", () => {
  const random = seeded(3);
  for (let round = 0; round < 500; round++) {
    const scale = 0.01 * 800 ** random(), width = 1600 / scale, height = 900 / scale;
    const left = Math.max(0, random() * (20000 - width)), top = Math.max(0, random() * (20000 - height));
    const part = { left, top, right: Math.min(20000, left + width), bottom: Math.min(20000, top + height) };
    const wanted = wantedTiles(large, scale, part), keys = wanted.map(tileKey);
    assert.equal(keys.length, new Set(keys).size, "each once");
    const level = levelFor(large, scale), side = 512 * pixelsPer(large, level);
    if (level === 0) assert.deepEqual(keys, []);
    else for (const x of [part.left, (part.left + part.right) / 2, part.right - 1e-6]) {
      for (const y of [part.top, part.bottom - 1e-6]) {
        assert(keys.includes(tileKey({ level, column: Math.floor(x / side), row: Math.floor(y / side) })), `${scale} ${x} ${y}`);
      }
    }
    assert(wanted.length < 90, `${wanted.length} at ${scale}`);
  }
});

test("coarse tiles are wanted before fine ones, and those in the middle before those at the side", () => {
  const wanted = wantedTiles(large, 1, { left: 5000, top: 5000, right: 6600, bottom: 5900 });
  const levels = wanted.map(({ level }) => level);
  assert.deepEqual(levels, [...levels].sort((a, b) => a - b));
  assert.deepEqual([...new Set(levels)], [4, 6]);
  assert.equal(tileKey(wanted[levels.indexOf(6)]), "6/11_10");
});

test("a tile lies within the coarser one that stands in for it", () => {
  for (const place of tilesWithin(large, 6, { left: 3000, top: 9000, right: 7000, bottom: 12000 })) {
    for (let level = 0; level <= 6; level++) {
      const inner = boundsOfTile(large, place), outer = boundsOfTile(large, ancestorOf(place, level));
      assert(outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom);
    }
  }
});

test("a view beside the picture wants nothing", () => {
  assert.deepEqual(wantedTiles(large, 1, { left: -900, top: -900, right: -600, bottom: -600 }), []);
});
