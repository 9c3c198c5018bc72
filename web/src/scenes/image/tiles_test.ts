import { test } from "node:test";
import assert from "node:assert/strict";
import { Tiles, type TileSource } from "./tiles.js";

const side = (pixels: number) => ({ width: pixels, height: pixels, columns: Math.ceil(pixels / 512), rows: Math.ceil(pixels / 512) });
const source: TileSource = { url: "/t/{level}/{column}_{row}", tile: 512, levels: [313, 625, 1250, 2500, 5000, 10000, 20000].map(side) };
const size = { width: 1600, height: 900 };

interface Call { readonly url: string; readonly signal: AbortSignal; readonly arrive: () => void; readonly break: () => void }

/** A server that answers when the test says so, and a canvas that counts. */
function desk() {
  const calls: Call[] = [], closed: string[] = [], drawn: string[] = [];
  let changes = 0;
  const tiles = new Tiles(source, () => { changes++; }, (url, signal) => new Promise((resolve, reject) => {
    calls.push({ url, signal, arrive: () => resolve({ url, close: () => closed.push(url) } as unknown as ImageBitmap), break: () => reject(new Error("no")) });
  }), 1);
  const context = { drawImage: (bitmap: { url: string }) => drawn.push(bitmap.url) } as unknown as CanvasRenderingContext2D;
  const paint = (x: number, y: number, scale: number) => { drawn.length = 0; tiles.paint(context, { x, y, scale }, size, 1); };
  return { tiles, calls, closed, drawn, paint, changes: () => changes };
}

const settle = () => new Promise<void>((resolve) => { setTimeout(resolve, 0); });

async function arriveAll(calls: readonly Call[]): Promise<void> {
  for (let i = 0; i < calls.length; i++) {
    calls[i].arrive();
    await settle();
  }
}

test("coarse tiles come first, a few at a time, until all of the view is there", async () => {
  const { calls, paint, drawn, changes } = desk();
  paint(-5000, -5000, 1);
  assert.equal(calls.length, 6);
  assert.equal(calls[0].url, "/t/4/2_2");
  await arriveAll(calls);
  assert.equal(changes(), calls.length);
  paint(-5000, -5000, 1);
  assert(drawn.length >= 8 && drawn.every((url) => url.startsWith("/t/6/")));
});

test("what is not there yet is painted from the nearest coarser tile that is", async () => {
  const { calls, paint, drawn } = desk();
  paint(-5000, -5000, 1);
  assert.deepEqual(drawn, []);
  calls[0].arrive();
  await settle();
  paint(-5000, -5000, 1);
  assert(drawn.length >= 4 && drawn.every((url) => url === "/t/4/2_2"));
});

test("loads of what is out of sight are given up", async () => {
  const { calls, paint } = desk();
  paint(-5000, -5000, 1);
  const before = [...calls];
  paint(-15000, -15000, 1);
  assert.deepEqual(before.map(({ signal }) => signal.aborted), before.map(() => true));
  await arriveAll(calls);
  assert(calls.slice(6).every(({ signal }) => !signal.aborted));
});

test("tiles are closed when there are too many, but never those in sight", async () => {
  const { tiles, calls, closed, drawn, paint } = desk();
  for (let step = 0; step < 26; step++) {
    paint(-1300 * (step % 14), -600 * step, 1);
    await arriveAll(calls);
    paint(-1300 * (step % 14), -600 * step, 1);
    assert(drawn.length >= 4 && drawn.every((url) => url.startsWith("/t/6/")), `${step}`);
  }
  const kept = calls.filter(({ signal }) => !signal.aborted).length - closed.length;
  assert(closed.length > 0 && kept <= 192, `${kept} kept, ${closed.length} closed`);
  tiles.destroy();
  assert.equal(closed.length, calls.filter(({ signal }) => !signal.aborted).length);
});

test("a tile that fails is asked for again, later and later, until it comes", async () => {
  const { calls, paint } = desk();
  paint(200, 100, 0.03);
  assert.equal(calls.length, 4);
  for (let tries = 1; tries <= 6; tries++) {
    for (const call of calls) call.break();
    for (let turns = 0; turns < 500 && calls.length < 4 * (tries + 1); turns++) {
      await settle();
      await new Promise((resolve) => { setTimeout(resolve, 1); });
      paint(200, 100, 0.03);
    }
    assert.equal(calls.length, 4 * (tries + 1));
  }
});

test("nothing is loaded or kept after the end", async () => {
  const { tiles, calls, closed, paint } = desk();
  paint(-5000, -5000, 1);
  calls[0].arrive();
  await settle();
  tiles.destroy();
  assert.deepEqual(closed, [calls[0].url]);
  assert(calls.slice(1).every(({ signal }) => signal.aborted));
  await arriveAll(calls);
  assert.equal(new Set(closed).size, calls.length);
});
