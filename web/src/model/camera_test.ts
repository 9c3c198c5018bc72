// The vectors that the server's tests run too; see Tests/Fixtures/README.md.
import { readFileSync } from "node:fs";
import { test } from "node:test";
import assert from "node:assert/strict";
import type { Vector } from "../math/camera.js";
import { closedForm, correctCuboid, type CorrectedCuboid, type CuboidDrawing } from "../math/cuboid.js";
import type { ImagePoint } from "../math/space.js";
import { readCamera } from "./camera.js";
import type { JsonObject } from "./json.js";

interface Expected {
  readonly width: number;
  readonly length: number;
  readonly height: number;
  readonly points_2d: readonly [number, number][];
  readonly points_3d: readonly Vector[];
}

interface Case {
  readonly name: string;
  readonly camera: JsonObject;
  readonly drawing: CuboidDrawing;
  readonly expected: Expected;
  readonly reason: string;
}

interface Closed {
  readonly up: Vector;
  readonly near: Vector;
  readonly far: Vector;
  readonly depth: Vector;
  readonly across: Vector;
  readonly width: number;
  readonly length: number;
  readonly height: number;
  readonly height_at_side: number;
}

const FOLDER = new URL("../../../Tests/Fixtures/cuboids/", import.meta.url);
const vectors = <T>(file: string): T => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as T;

function corrected({ name, drawing, camera }: Case): CorrectedCuboid {
  const result = correctCuboid(drawing, readCamera(camera));
  if (typeof result === "string") throw new Error(`${name}: ${result}`);
  return result;
}

function compare(name: string, actual: CorrectedCuboid, expected: Expected, tolerance: number): void {
  const near = (a: number, b: number, what: string) => assert(Math.abs(a - b) <= tolerance, `${name}, ${what}: ${a} is not ${b}`);
  near(actual.width, expected.width, "width");
  near(actual.length, expected.length, "length");
  near(actual.height, expected.height, "height");
  assert.equal(actual.points2d.length, 8);
  actual.points2d.forEach(({ x, y }: ImagePoint, i) => [x, y].forEach((value, j) => near(value, expected.points_2d[i][j], `points_2d[${i}]`)));
  actual.points3d.forEach((point, i) => point.forEach((value, j) => near(value, expected.points_3d[i][j], `points_3d[${i}]`)));
}

test("the worked example comes out step by step, and the same from a picture of half the size", () => {
  const example = vectors<Case & { tolerance: number; closed: Closed; half: Case }>("worked-example.json");
  const camera = readCamera(example.camera);
  const closed = closedForm(example.drawing, camera);
  if (typeof closed === "string" || camera === null) throw new Error(String(closed));
  const { near, depth, width, height, across } = closed;
  const pairs: [string, readonly number[], readonly number[]][] = [
    ["up", camera.up, example.closed.up], ["near", near, example.closed.near], ["depth", depth, example.closed.depth], ["across", across, example.closed.across],
    ["far", near.map((value, i) => value + closed.length * depth[i]), example.closed.far],
    ["sizes", [width, closed.length, height, closed.heightAtSide], [example.closed.width, example.closed.length, example.closed.height, example.closed.height_at_side]],
  ];
  for (const [name, actual, expected] of pairs) {
    actual.forEach((value, i) => assert(Math.abs(value - expected[i]) <= example.tolerance, `${name}: ${value} is not ${expected[i]}`));
  }
  compare("refined", corrected(example), example.expected, example.tolerance);
  compare("half size", corrected(example.half), example.half.expected, example.tolerance);
});

test("cuboids are recovered from ideal drawings, whatever the camera", () => {
  const { tolerance, cases } = vectors<{ tolerance: number; cases: Case[] }>("ideal.json");
  assert(cases.length >= 300);
  for (const each of cases) compare(each.name, corrected(each), each.expected, tolerance);
});

test("drawings by hand come out as a least-squares solver finds them", () => {
  const { tolerance, cases } = vectors<{ tolerance: number; cases: Case[] }>("noisy.json");
  assert(cases.length >= 100);
  for (const each of cases) compare(each.name, corrected(each), each.expected, tolerance);
});

test("where nothing can be told from a drawing the reason is given", () => {
  const { cases } = vectors<{ cases: Case[] }>("degenerate.json");
  for (const { name, drawing, camera, reason } of cases) assert.equal(correctCuboid(drawing, readCamera(camera)), reason, name);
  assert.equal(new Set(cases.map(({ reason }) => reason)).size, 8);
});

test("the camera's height scales everything in space and moves nothing on the picture", () => {
  const { cases } = vectors<{ cases: Case[] }>("noisy.json");
  for (const each of cases.slice(0, 20)) {
    const low = readCamera(each.camera);
    assert(low !== null);
    const a = correctCuboid(each.drawing, low), b = correctCuboid(each.drawing, { ...low, height: low.height * 3 });
    if (typeof a === "string" || typeof b === "string") throw new Error(each.name);
    a.points2d.forEach(({ x, y }, i) => assert(Math.hypot(x - b.points2d[i].x, y - b.points2d[i].y) < 1e-6, each.name));
    a.points3d.forEach((point, i) => point.forEach((value, j) => assert(Math.abs(value * 3 - b.points3d[i][j]) < 1e-5, each.name)));
  }
});

test("a camera is read whichever way the scale is spelt, with numbers as text, and not at all when one is missing", () => {
  const intrinsics = { fx: "1000", fy: 1000, cx: 960, cy: 540 };
  const params = { camera_intrinsics: intrinsics, camera_rotation_quaternion: { w: 2, x: 0, y: 0, z: 0 }, camera_height: -0.3 };
  const plain = readCamera(params);
  assert.deepEqual(plain, { fx: 1000, fy: 1000, cx: 960, cy: 540, skew: 0, up: [0, 0, 1], height: 0.3 });
  assert.equal(readCamera({ ...params, camera_intrinsics: { ...intrinsics, scale_factor: 2 } })?.fx, 500);
  assert.equal(readCamera({ ...params, camera_intrinsics: { ...intrinsics, scalefactor: 4 } })?.cx, 240);
  for (const missing of Object.keys(params)) assert.equal(readCamera({ ...params, [missing]: null }), null);
  assert.equal(readCamera({ ...params, camera_intrinsics: { ...intrinsics, fy: 0 } }), null);
  assert.equal(readCamera({ ...params, camera_rotation_quaternion: { w: 0, x: 0, y: 0, z: 0 } }), null);
});
