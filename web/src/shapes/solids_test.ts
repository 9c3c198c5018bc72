import { test } from "node:test";
import assert from "node:assert/strict";
import { NO_MODIFIERS, type Modifiers, type Shape, type ShapeLimits } from "../engine/Shape.js";
import { boxCentre, boxCorners, fine, type BoxShape } from "../math/box.js";
import { sideOf, type CuboidDrawing } from "../math/cuboid.js";
import { axisEnds, ellipseOf, type AxisEnds } from "../math/ellipse.js";
import { seeded } from "../math/random.js";
import { clampPoint, type ImageBounds, type ImagePoint } from "../math/space.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { BoxGeometry } from "./box/Shape.js";
import { CuboidGeometry } from "./cuboid/Shape.js";
import { EllipseGeometry } from "./ellipse/Shape.js";

const BOUNDS: ImageBounds = { left: -20, top: 0, right: 320, bottom: 200 };
const CAMERA = {
  camera_intrinsics: { fx: 1000, fy: 1000, cx: 960, cy: 540 }, camera_height: 1.5,
  camera_rotation_quaternion: { w: 0.6946517578, x: -0.7193329527, y: 0.003138702, z: 0.0030310093 },
};
const PARAMS: JsonObject = {
  geometries: {
    box: { objects_to_annotate: ["car"], can_rotate: true, min_width: 8, min_height: 6 }, ellipse: { objects_to_annotate: ["car"] },
    cuboid: { objects_to_annotate: ["car"], min_width: 10, min_height: 12, ...CAMERA },
  },
};
const TAXONOMY = readTaxonomy(PARAMS);
const limitsOf = (type: string): ShapeLimits => ({ bounds: BOUNDS, rule: TAXONOMY.geometries[type] });
const near = (a: number, b: number, tolerance: number, words: string) => assert(Math.abs(a - b) <= tolerance, `${words}: ${a} is not near ${b}`);
const within = (points: readonly ImagePoint[], words: string) => points.forEach(({ x, y }) => assert(
  x >= BOUNDS.left - 1e-6 && x <= BOUNDS.right + 1e-6 && y >= BOUNDS.top - 1e-6 && y <= BOUNDS.bottom + 1e-6, `${words}: ${x}, ${y} is outside`));

type Random = () => number;
const anywhere = (random: Random): ImagePoint => ({ x: random() * 500 - 100, y: random() * 400 - 100 });
const keysHeld = (random: Random): Modifiers => ({ shift: random() < 0.3, alt: random() < 0.3, ctrl: false });

function someBox(random: Random): BoxShape {
  const width = 10 + random() * 120, height = 10 + random() * 60;
  return BoxGeometry.move({ left: fine(random() * 150), top: fine(random() * 100), width: fine(width), height: fine(height), rotation: 0 }, 0, 0, limitsOf("box"));
}

function someTurnedBox(random: Random): BoxShape {
  const box = someBox(random);
  const { x, y } = boxCentre(box), angle = random() * 7;
  return BoxGeometry.pull(box, "rotate", { x: x + 50 * Math.cos(angle), y: y + 50 * Math.sin(angle) }, limitsOf("box"), NO_MODIFIERS);
}

function someEllipse(random: Random): AxisEnds {
  const flat = axisEnds({ centre: { x: 100 + random() * 60, y: 100 }, a: 5 + random() * 80, b: 5 + random() * 60, rotation: 0 }).map(({ x, y }) => ({ x: fine(x), y: fine(y) }));
  return EllipseGeometry.pull(flat as unknown as AxisEnds, "rotate", anywhere(random), limitsOf("ellipse"), NO_MODIFIERS);
}

function someCuboid(random: Random): CuboidDrawing {
  const left = fine(60 + random() * 80), top = fine(20 + random() * 50), right = fine(left + 20 + random() * 60), bottom = fine(top + 20 + random() * 60);
  if (random() < 0.2) return { left, top, right, bottom, side: null };
  return { left, top, right, bottom, side: { x: fine(random() < 0.5 ? left - 2 - random() * 50 : right + 2 + random() * 50), top: fine(top + random() * 9), bottom: fine(bottom - random() * 9) } };
}

/** Many changes by every handle, with what must hold after each of them. */
function pullAbout<G>(shape: Shape<G>, some: (random: Random) => G, holds: (before: G, after: G, handle: string, to: ImagePoint, keys: Modifiers, words: string) => void): void {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seeded(seed);
    let geometry = some(random), before = geometry;
    for (let step = 0; step < 25; step++) {
      before = geometry;
      const handles = shape.handles(geometry, limitsOf(shape.type));
      const handle = handles[Math.floor(random() * handles.length)].id, to = anywhere(random), keys = keysHeld(random);
      const after = shape.pull(geometry, handle, to, limitsOf(shape.type), keys);
      holds(geometry, after, handle, to, keys, `seed ${seed}, step ${step}, ${handle}`);
      assert.deepEqual(shape.read(shape.write(after, {})), after, `seed ${seed}, step ${step}`);
      geometry = step % 5 === 4 ? shape.move(after, random() * 300 - 150, random() * 200 - 100, limitsOf(shape.type)) : after;
      within(shape.type === "ellipse" ? geometry as unknown as AxisEnds : shape.outline(geometry).points, `seed ${seed}, step ${step}, ${handle} ${JSON.stringify([to, keys, before, geometry])}`);
    }
  }
}

/** Corners and sides of a box opposite to a handle, as places among the corners and the middles between them. */
const OPPOSITE: { readonly [handle: string]: readonly [number, number] } = {
  nw: [2, 2], n: [2, 3], ne: [3, 3], e: [3, 0], se: [0, 0], s: [0, 1], sw: [1, 1], w: [1, 2],
};
const middleOf = (points: readonly ImagePoint[], [a, b]: readonly [number, number]) => ({ x: (points[a].x + points[b].x) / 2, y: (points[a].y + points[b].y) / 2 });

test("a pulled box stays on the picture and above its least size, with the opposite side or the centre where it was", () => {
  for (const some of [someBox, someTurnedBox]) {
    pullAbout(BoxGeometry, some, (before, after, handle, _, { alt }, words) => {
      within(boxCorners(after), words);
      assert(after.width >= 8 - 1e-9 && after.height >= 6 - 1e-9, `${words}: ${after.width} × ${after.height}`);
      if (handle === "rotate") {
        assert(after.rotation >= 0 && after.rotation < 2 * Math.PI, words);
        near(after.width, before.width, 0.011, words);
        return;
      }
      assert.equal(after.rotation, before.rotation, words);
      const [was, is] = alt ? [boxCentre(before), boxCentre(after)] : [middleOf(boxCorners(before), OPPOSITE[handle]), middleOf(boxCorners(after), OPPOSITE[handle])];
      near(is.x, was.x, 0.03, words);
      near(is.y, was.y, 0.03, words);
    });
  }
});

test("a free corner of a turned box follows the pointer", () => {
  const random = seeded(3);
  let followed = 0;
  for (let i = 0; i < 300; i++) {
    const box: BoxShape = { left: 120, top: 80, width: 60, height: 40, rotation: random() * 6.28 };
    const to = { x: boxCentre(box).x + (random() - 0.5) * 20, y: boxCentre(box).y + (random() - 0.5) * 20 };
    const away = { x: 2 * to.x - boxCorners(box)[0].x, y: 2 * to.y - boxCorners(box)[0].y };
    const corner = boxCorners(BoxGeometry.pull(box, "se", away, limitsOf("box"), NO_MODIFIERS))[2];
    const local = Math.hypot(corner.x - away.x, corner.y - away.y);
    if (reachable(box, away)) followed += 1;
    assert(local < 0.03 || !reachable(box, away), `${JSON.stringify(box)} ${local}`);
  }
  assert(followed > 100, String(followed));
});

/** Whether a corner can be pulled there without the box growing too small or leaving the picture. */
function reachable(box: BoxShape, to: ImagePoint): boolean {
  const [fixed] = boxCorners(box), cos = Math.cos(box.rotation), sin = Math.sin(box.rotation);
  const width = (to.x - fixed.x) * cos + (to.y - fixed.y) * sin, height = (to.y - fixed.y) * cos - (to.x - fixed.x) * sin;
  const corners = [{ x: fixed.x + width * cos, y: fixed.y + width * sin }, { x: fixed.x - height * sin, y: fixed.y + height * cos }, to];
  return width >= 8 && height >= 6 && corners.every((corner) => clampPoint(corner, BOUNDS).x === corner.x && clampPoint(corner, BOUNDS).y === corner.y);
}

test("turning there and back gives the same box and the same ellipse", () => {
  const random = seeded(9);
  for (let i = 0; i < 200; i++) {
    const box: BoxShape = { left: 100, top: 70, width: 20 + fine(random() * 40), height: 10 + fine(random() * 40), rotation: 0 };
    const turned = BoxGeometry.withNumber?.(box, "rotation", fine(random() * 720 - 360), limitsOf("box")) as BoxShape;
    const back = BoxGeometry.withNumber?.(turned, "rotation", 0, limitsOf("box")) as BoxShape;
    for (const side of ["left", "top", "width", "height"] as const) near(back[side], box[side], 0.011, side);
    assert.equal(back.rotation, 0);
    const ellipse = axisEnds({ centre: { x: 150, y: 100 }, a: 30, b: 12, rotation: 0 });
    const there = EllipseGeometry.withNumber?.(ellipse, "rotation", random() * 360, limitsOf("ellipse")) as AxisEnds;
    const again = EllipseGeometry.withNumber?.(there, "rotation", 0, limitsOf("ellipse")) as AxisEnds;
    again.forEach(({ x, y }, end) => { near(x, ellipse[end].x, 0.03, "x"); near(y, ellipse[end].y, 0.03, "y"); });
  }
});

test("with Shift angles go in steps of fifteen degrees, and where a long box has no room it turns as far as it fits", () => {
  const box: BoxShape = { left: 100, top: 90, width: 60, height: 20, rotation: 0 };
  const stepped = BoxGeometry.pull(box, "rotate", { x: 131, y: 10 }, limitsOf("box"), { ...NO_MODIFIERS, shift: true });
  assert.equal(stepped.rotation, 0);
  const aside = BoxGeometry.pull(box, "rotate", { x: 230, y: 96 }, limitsOf("box"), { ...NO_MODIFIERS, shift: true });
  near(aside.rotation, Math.PI / 2, 1e-9, "a quarter");
  const long: BoxShape = { left: 0, top: 90, width: 300, height: 10, rotation: 0 };
  const stuck = BoxGeometry.pull(long, "rotate", { x: 300, y: 95 }, limitsOf("box"), NO_MODIFIERS);
  assert(stuck.rotation > 0.5 && stuck.rotation < 0.8, String(stuck.rotation));
  within(boxCorners(stuck), "stuck");
  const corner = BoxGeometry.pull({ left: -20, top: 0, width: 60, height: 20, rotation: 0 }, "rotate", { x: 100, y: 10 }, limitsOf("box"), NO_MODIFIERS);
  near(corner.rotation, Math.PI / 2, 1e-9, "moved away from the border to turn");
  within(boxCorners(corner), "corner");
});

test("a pulled ellipse keeps its right angle, its opposite end or its centre, and a length of its axes", () => {
  pullAbout(EllipseGeometry, someEllipse, (before, after, handle, to, { alt, shift }, tag) => {
    const words = `${tag} ${JSON.stringify([before, after, to, alt, shift])}`;
    const [was, is] = [ellipseOf(before), ellipseOf(after)];
    assert.equal(EllipseGeometry.fault?.(after, limitsOf("ellipse")), null, words);
    assert(EllipseGeometry.read(EllipseGeometry.write(after, {})) !== null, words);
    if (handle === "rotate") return near(is.a, was.a, 0.02, words);
    const end = ["top", "right", "bottom", "left"].indexOf(handle), opposite = (end + 2) % 4;
    const [stay, stays] = alt ? [was.centre, is.centre] : [before[opposite], after[opposite]];
    // With Shift the other axis may stop at the border before the pulled one does.
    near(stays.x, stay.x, 0.05, words);
    near(stays.y, stay.y, 0.05, words);
    if (!shift) near(end % 2 === 1 ? is.b : is.a, end % 2 === 1 ? was.b : was.a, 0.03, words);
  });
});

test("a pulled cuboid keeps an upright face of its least size and a vertical side beside it", () => {
  pullAbout(CuboidGeometry, someCuboid, (before, after, handle, _, __, words) => {
    assert(after.right - after.left >= 10 - 1e-6 && after.bottom - after.top >= 12 - 1e-6, `${words}: ${JSON.stringify(after)}`);
    assert.equal(after.side === null, before.side === null, words);
    if (after.side === null) return;
    assert(sideOf(after) !== null && after.side.top < after.side.bottom, `${words}: ${JSON.stringify(after)}`);
    if (handle.length <= 2) {
      assert.deepEqual(after.side, before.side, words);
      assert.equal(sideOf(after), sideOf(before), words);
    } else if (handle.startsWith("side")) assert.deepEqual({ ...after, side: null }, { ...before, side: null }, words);
  });
});

test("a cuboid is written in the order of the wire and read back, whichever side is seen", () => {
  const drawing: CuboidDrawing = { left: 100, top: 50, right: 150, bottom: 90, side: { x: 80, top: 55, bottom: 85 } };
  const object = CuboidGeometry.write(drawing, { type: "cuboid", label: "car" });
  assert.deepEqual((object.vertices as JsonObject[]).map(({ description, x, y }) => [description, x, y]), [
    ["face-topleft", 100, 50], ["face-bottomleft", 100, 90], ["face-topright", 150, 50], ["face-bottomright", 150, 90],
    ["side-topcorner", 80, 55], ["side-bottomcorner", 80, 85],
  ]);
  assert.deepEqual((object.edges as JsonObject[]).map(({ description, x1, y1, x2, y2 }) => [description, x1, y1, x2, y2]), [
    ["face-top", 100, 50, 150, 50], ["face-right", 150, 50, 150, 90], ["face-bottom", 100, 90, 150, 90], ["face-left", 100, 50, 100, 90],
    ["side-bottom", 100, 90, 80, 85], ["side-top", 100, 50, 80, 55],
  ]);
  const right = CuboidGeometry.write({ ...drawing, side: { x: 170, top: 55, bottom: 85 } }, {});
  assert.deepEqual((right.edges as JsonObject[])[4], { x1: 150, y1: 90, x2: 170, y2: 85, type: "edge", description: "side-bottom" });
  const face = CuboidGeometry.write({ ...drawing, side: null }, object);
  assert.equal((face.vertices as JsonObject[]).length, 4);
  assert.equal((face.edges as JsonObject[]).length, 4);
  const vertices = object.vertices as JsonObject[];
  const faults: JsonObject[][] = [vertices.slice(1), vertices.slice(0, 5), [{ ...vertices[0], x: 103 }, ...vertices.slice(1)], [...vertices.slice(0, 5), { ...vertices[5], x: 90 }]];
  for (const faulty of faults) assert.equal(CuboidGeometry.read({ vertices: faulty }), null);
});

test("the side of a cuboid changes sides across the face, by a button, and can be removed and added", () => {
  const drawing: CuboidDrawing = { left: 100, top: 50, right: 150, bottom: 90, side: { x: 80, top: 55, bottom: 85 } };
  const across = CuboidGeometry.pull(drawing, "side-bottom", { x: 180, y: 88 }, limitsOf("cuboid"), NO_MODIFIERS);
  assert.deepEqual(across.side, { x: 180, top: 55, bottom: 88 });
  const inside = CuboidGeometry.pull(drawing, "side", { x: 110, y: 70 }, limitsOf("cuboid"), NO_MODIFIERS);
  assert.deepEqual(inside.side, { x: 99, top: 55, bottom: 85 });
  const result = (cuboid: CuboidDrawing, id: string) => CuboidGeometry.actions?.(cuboid, limitsOf("cuboid")).find((action) => action.id === id)?.result as CuboidDrawing;
  assert.deepEqual(result(drawing, "flip-side").side, { x: 170, top: 55, bottom: 85 });
  assert.deepEqual(result(result(drawing, "flip-side"), "flip-side"), drawing);
  assert.equal(result(drawing, "remove-side").side, null);
  assert.equal(CuboidGeometry.cut(drawing, "side-top", limitsOf("cuboid"))?.side, null);
  assert.equal(sideOf(result({ ...drawing, side: null }, "add-side")), "right");
  assert.equal(sideOf(result({ ...drawing, right: 315, side: null }, "add-side")), "left");
  assert.equal(result({ left: -20, right: 320, top: 50, bottom: 90, side: null }, "add-side"), null);
});

test("with a camera the corrected corners are shown, or why they are not", () => {
  const wide = { bounds: { left: 0, top: 0, right: 1920, bottom: 1080 }, rule: TAXONOMY.geometries.cuboid };
  const drawing: CuboidDrawing = { left: 1278, top: 502, right: 1416, bottom: 638, side: { x: 1115, top: 504, bottom: 602 } };
  const { guides, note } = CuboidGeometry.aids?.(drawing, wide) ?? { guides: [], note: "" };
  assert.equal(note, null);
  assert(guides.every(({ dashed }) => dashed));
  near(guides[0].points[2].y, 631.21, 0.01, "the far bottom corner of the face");
  assert(/only the face is drawn/.test(CuboidGeometry.aids?.({ ...drawing, side: null }, wide).note ?? ""));
  assert(/horizon/.test(CuboidGeometry.aids?.({ ...drawing, top: 300, bottom: 490 }, wide).note ?? ""));
  assert.deepEqual(CuboidGeometry.aids?.(drawing, { ...wide, rule: null }), { guides: [], note: null });
});

test("numbers that are typed move, resize and turn within the limits", () => {
  const box: BoxShape = { left: 100, top: 50, width: 60, height: 40, rotation: 0 };
  const cases: [Shape, unknown, string, number, number][] = [
    [BoxGeometry, box, "left", 20, 20], [BoxGeometry, box, "left", -500, -20], [BoxGeometry, box, "top", 190, 160], [BoxGeometry, box, "width", 80.5, 80.5],
    [BoxGeometry, box, "width", 3, 8], [BoxGeometry, box, "height", 999, 150], [BoxGeometry, box, "rotation", 30, 30], [BoxGeometry, box, "rotation", -90, 270],
    [BoxGeometry, { ...box, rotation: 1 }, "x", 140, 140], [BoxGeometry, { ...box, rotation: 1 }, "height", 60, 60],
    [EllipseGeometry, axisEnds({ centre: { x: 100, y: 100 }, a: 30, b: 20, rotation: 0 }), "width", 90, 90],
    [EllipseGeometry, axisEnds({ centre: { x: 100, y: 100 }, a: 30, b: 20, rotation: 0 }), "y", 10, 20],
    [CuboidGeometry, { left: 100, top: 50, right: 150, bottom: 90, side: { x: 80, top: 55, bottom: 85 } }, "side-x", 200, 200],
    [CuboidGeometry, { left: 100, top: 50, right: 150, bottom: 90, side: { x: 80, top: 55, bottom: 85 } }, "left", 70, 81],
  ];
  for (const [shape, geometry, id, value, expected] of cases) {
    const limits = limitsOf(shape.type), changed = shape.withNumber?.(geometry, id, value, limits);
    const field = shape.numbers?.(changed, limits).find((candidate) => candidate.id === id);
    near(field?.value ?? NaN, expected, 0.011, `${shape.type} ${id} ${value}`);
    assert.deepEqual(shape.withNumber?.(changed, id, field?.value ?? 0, limits), changed, `${shape.type} ${id} again`);
  }
  const upright = readTaxonomy({ geometries: { box: { objects_to_annotate: ["a"] } } }).geometries.box;
  assert.equal(BoxGeometry.numbers?.(box, { bounds: BOUNDS, rule: upright }).some(({ id }) => id === "rotation"), false);
  assert.equal(BoxGeometry.handles(box, { bounds: BOUNDS, rule: upright }).some(({ kind }) => kind === "rotate"), false);
  assert.equal(BoxGeometry.handles({ ...box, rotation: 1 }, { bounds: BOUNDS, rule: upright }).some(({ kind }) => kind === "rotate"), true);
});

test("on whole pixels an upright box stays on them, and pulling cannot round it below its least size", () => {
  const { box: rule } = readTaxonomy({ geometries: { box: { objects_to_annotate: ["a"], integer_pixels: true, min_width: 5.5 } } }).geometries;
  const random = seeded(12), limits = { bounds: BOUNDS, rule };
  let box: BoxShape = { left: 10, top: 10, width: 40, height: 30, rotation: 0 };
  for (let i = 0; i < 300; i++) {
    const handles = BoxGeometry.handles(box, limits);
    box = BoxGeometry.pull(box, handles[Math.floor(random() * handles.length)].id, anywhere(random), limits, keysHeld(random));
    for (const side of ["left", "top", "width", "height"] as const) assert(Number.isInteger(box[side]), `${i}: ${side} ${box[side]}`);
    assert(box.width >= 6 && box.height >= 1, String(i));
    within(boxCorners(box), String(i));
  }
});
