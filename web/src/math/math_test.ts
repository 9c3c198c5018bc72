import { test } from "node:test";
import assert from "node:assert/strict";
import { boxBounds, boxCentre, boxCorners, roundBox, roundHalfUp } from "./box.js";
import { compareOrder, orderBetween } from "./order.js";
import { area, distanceToOutline, distanceToSegment, polygonContains, signedArea } from "./polygon.js";
import { seeded } from "./random.js";
import { boundsBetween, boundsOf, clampPoint, holds, intersects, limitShift, type ImagePoint, type ScreenPoint } from "./space.js";
import { uuid4, uuid7 } from "./uuid.js";
import { fitView, keepInReach, toImage, toScreen, visibleBounds, zoomAbout } from "./view.js";

const square: ImagePoint[] = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 0, y: 10 }];
const near = (a: number, b: number, tolerance = 1e-9) => assert(Math.abs(a - b) <= tolerance, `${a} is not near ${b}`);

test("the area of a polygon does not depend on its direction, its sign does", () => {
  assert.equal(area(square), 100);
  assert.equal(signedArea(square), 100);
  assert.equal(signedArea([...square].reverse()), -100);
});

test("a point is inside a concave polygon only where the polygon is", () => {
  const arrow: ImagePoint[] = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 5, y: 3 }, { x: 0, y: 10 }];
  assert(polygonContains(arrow, { x: 5, y: 1 }));
  assert(!polygonContains(arrow, { x: 5, y: 8 }));
  assert(!polygonContains(arrow, { x: 11, y: 1 }));
});

test("the distance to an outline counts the closing edge only when it is closed", () => {
  near(distanceToOutline(square, { x: -3, y: 5 }, true), 3);
  near(distanceToOutline(square, { x: -3, y: 5 }, false), Math.hypot(3, 5));
  near(distanceToSegment({ x: 5, y: 5 }, { x: 0, y: 0 }, { x: 0, y: 0 }), Math.hypot(5, 5));
  assert.equal(distanceToOutline([], { x: 0, y: 0 }, true), Infinity);
});

test("a quarter turn moves the top-left corner to the top right, clockwise on screen", () => {
  const corners = boxCorners({ left: 0, top: 0, width: 4, height: 2, rotation: Math.PI / 2 });
  near(corners[0].x, 3); near(corners[0].y, -1);
  near(corners[1].x, 3); near(corners[1].y, 3);
  const bounds = boxBounds({ left: 0, top: 0, width: 4, height: 2, rotation: Math.PI / 2 });
  near(bounds.left, 1); near(bounds.right, 3); near(bounds.top, -1); near(bounds.bottom, 3);
});

test("turning a box keeps its centre and its side lengths", () => {
  const random = seeded(7);
  for (let i = 0; i < 200; i++) {
    const box = { left: random() * 100, top: random() * 100, width: random() * 50, height: random() * 50, rotation: random() * 7 };
    const [a, b, c] = boxCorners(box);
    near(Math.hypot(b.x - a.x, b.y - a.y), box.width, 1e-9);
    near(Math.hypot(c.x - b.x, c.y - b.y), box.height, 1e-9);
    near((a.x + c.x) / 2, boxCentre(box).x, 1e-9);
  }
});

test("rounding works on the edges, so adjacent boxes stay adjacent and none vanishes", () => {
  assert.deepEqual(roundBox({ left: 0.5, top: -0.5, width: 1, height: 1, rotation: 0 }), { left: 1, top: 0, width: 1, height: 1, rotation: 0 });
  assert.deepEqual(roundBox({ left: 3.1, top: 3.1, width: 0.2, height: 0.2, rotation: 0 }), { left: 3, top: 3, width: 1, height: 1, rotation: 0 });
  assert.equal(roundHalfUp(-2.5), -2);
  const random = seeded(11);
  for (let i = 0; i < 200; i++) {
    const split = 10 + random() * 10;
    const a = roundBox({ left: 0, top: 0, width: split, height: 5, rotation: 0 });
    const b = roundBox({ left: split, top: 0, width: 20, height: 5, rotation: 0 });
    assert.equal(a.left + a.width, b.left);
  }
  const turned = { left: 0.4, top: 0.4, width: 3.3, height: 2.2, rotation: 0.1 };
  assert.equal(roundBox(turned), turned);
});

test("going to the screen and back is the identity, and zooming keeps the point under the cursor", () => {
  const random = seeded(3);
  for (let i = 0; i < 200; i++) {
    const view = { scale: 0.05 + random() * 20, x: random() * 500 - 250, y: random() * 500 - 250 };
    const point: ImagePoint = { x: random() * 4000, y: random() * 3000 };
    const back = toImage(view, toScreen(view, point));
    near(back.x, point.x, 1e-6); near(back.y, point.y, 1e-6);
    const anchor: ScreenPoint = { x: random() * 800, y: random() * 600 };
    const before = toImage(view, anchor), after = toImage(zoomAbout(view, anchor, 0.5 + random() * 2), anchor);
    near(before.x, after.x, 1e-6); near(before.y, after.y, 1e-6);
  }
});

test("fitting shows everything, and a picture cannot be pushed out of reach", () => {
  const bounds = { left: -50, top: 0, right: 4050, bottom: 3000 }, canvas = { width: 1000, height: 700 };
  assert(holds(visibleBounds(fitView(bounds, canvas), canvas), bounds));
  const lost = keepInReach({ scale: 1, x: 99999, y: -99999 }, bounds, canvas);
  assert(intersects(visibleBounds(lost, canvas), bounds));
});

test("bounds, clamping and limited shifts", () => {
  assert.deepEqual(boundsOf([{ x: 1, y: 5 }, { x: -1, y: 7 }]), { left: -1, top: 5, right: 1, bottom: 7 });
  assert.equal(boundsOf([]), null);
  assert.deepEqual(boundsBetween({ x: 5, y: 1 }, { x: 2, y: 9 }), { left: 2, top: 1, right: 5, bottom: 9 });
  assert.deepEqual(clampPoint({ x: -4, y: 12 }, { left: 0, top: 0, right: 10, bottom: 10 }), { x: 0, y: 10 });
  const outer = { left: 0, top: 0, right: 100, bottom: 100 };
  assert.deepEqual(limitShift({ left: 90, top: 10, right: 98, bottom: 20 }, outer, 10, -30), { dx: 2, dy: -10 });
  assert.deepEqual(limitShift({ left: -5, top: 10, right: 20, bottom: 20 }, outer, -10, 0), { dx: 0, dy: 0 });
});

test("appended order keys grow slowly and stay sorted", () => {
  const keys: string[] = [];
  for (let i = 0; i < 10000; i++) keys.push(orderBetween(keys[keys.length - 1] ?? null, null));
  assert.deepEqual([...keys].sort(), keys);
  assert(keys[9999].length <= 4, keys[9999]);
  assert.deepEqual(keys.slice(0, 3), ["a0", "a1", "a2"]);
});

test("between any two order keys there is another one", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seeded(seed);
    const keys: string[] = [];
    for (let i = 0; i < 300; i++) {
      const at = Math.floor(random() * (keys.length + 1));
      const key = orderBetween(keys[at - 1] ?? null, keys[at] ?? null);
      assert(at === 0 || keys[at - 1] < key, `seed ${seed}: ${keys[at - 1]} < ${key}`);
      assert(at === keys.length || key < keys[at], `seed ${seed}: ${key} < ${keys[at]}`);
      keys.splice(at, 0, key);
    }
    assert.deepEqual([...keys].sort(compareOrder), keys);
  }
  assert(orderBetween("5", "7") > "5" && orderBetween("5", "7") < "7");
  assert(orderBetween("zzz", null) > "zzz");
});

test("version 7 ids sort in the order they were made, also within one millisecond and when the clock goes back", () => {
  const ids = [uuid7(5000), uuid7(5000), uuid7(4000)];
  for (let i = 0; i < 5000; i++) ids.push(uuid7(5000));
  assert.deepEqual([...ids].sort(), ids);
  assert(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid7()));
  assert(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid4()));
});
