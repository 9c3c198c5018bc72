import { test } from "node:test";
import assert from "node:assert/strict";
import type { Item } from "../../engine/items.js";
import type { ShapeLimits } from "../../engine/Shape.js";
import type { Tool } from "../../engine/Tool.js";
import { area } from "../../math/polygon.js";
import { seeded } from "../../math/random.js";
import type { ImagePoint } from "../../math/space.js";
import { apply, collectionsOf, type Document } from "../../model/document.js";
import type { JsonObject } from "../../model/json.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { at, Bench, click, hand, key, path, pointer, SIZE, verticesOf } from "../bench.js";
import { joinedPoints } from "../point/connections.js";
import { divisionPlan } from "./divide.js";
import { givenWay } from "./giveWay.js";
import { joinable, joinPlan } from "./join.js";
import { SplitTool } from "./Tool.js";

const SQUARE = [at(100, 100), at(200, 100), at(200, 200), at(100, 200)];
const BOTH: JsonObject = { polygon: { objects_to_annotate: ["road"] }, line: { objects_to_annotate: ["road"] } };
const bench = (objects: { [key: string]: JsonObject }, geometries = BOTH, others = {}) => new Bench(SplitTool as Tool<never>, geometries, objects, others);
const drag = (from: ImagePoint, to: ImagePoint) => hand([from, ...Array.from({ length: 20 }, (_, i) => at(from.x + ((to.x - from.x) * (i + 1)) / 20, from.y + ((to.y - from.y) * (i + 1)) / 20))]);

test("two clicks across a polygon divide it in one step: the larger part stays the object, the other has its label and answers", () => {
  const answers = { surface: "asphalt" };
  const links = { links: { l: { label: "beside", from: "p", to: "q" } } };
  const tool = bench({ p: path("polygon", SQUARE, { attributes: answers }), q: path("polygon", [at(300, 10), at(320, 10), at(320, 30)], { order: "a1" }) }, BOTH, links);
  tool.give(...click(140, 80), ...click(140, 220));
  assert.equal(tool.steps.length, 1);
  const { p, new1 } = tool.objects;
  assert.equal(area(verticesOf(p)), 6000);
  assert.equal(area(verticesOf(new1)), 4000);
  assert.deepEqual({ ...new1, vertices: null, order: null }, { ...p, vertices: null, order: null });
  assert(String(new1.order) > "a0" && String(new1.order) < "a1");
  assert.deepEqual(tool.selection, ["new1"]);
  for (const end of [at(140, 100), at(140, 200)]) for (const part of [p, new1]) assert(verticesOf(part).some(({ x, y }) => x === end.x && y === end.y));
  assert.deepEqual(collectionsOf(tool.document).links, links.links);
  tool.undo();
  assert.deepEqual(Object.keys(tool.objects), ["p", "q"]);
  assert.deepEqual(verticesOf(tool.objects.p), SQUARE);
});

test("a drag divides too, and a bent cut is finished when it leaves on the other side", () => {
  const dragged = bench({ p: path("polygon", SQUARE) }).give(...drag(at(80, 150), at(220, 152)));
  assert.equal(Object.keys(dragged.objects).length, 2);
  const bent = bench({ p: path("polygon", SQUARE) }).give(...click(80, 150), ...click(150, 180), ...click(220, 150));
  assert.equal(Object.keys(bent.objects).length, 2);
  for (const object of Object.values(bent.objects)) assert(verticesOf(object).some(({ x, y }) => x === 150 && y === 180));
});

test("a hole is refused with its reason, and so is a cut that divides nothing", () => {
  const hole = bench({ p: path("polygon", SQUARE) }).give(...hand(Array.from({ length: 40 }, (_, i) => at(150 + 30 * Math.cos(i / 6), 150 + 30 * Math.sin(i / 6)))));
  assert.equal(hole.notice, "A polygon cannot have a hole: its outline is all that the answer holds. Cut from border to border instead.");
  const short = bench({ p: path("polygon", SQUARE) }).give(...click(80, 150), ...click(150, 150), key("Enter"));
  assert.equal(short.notice, "This cut divides nothing: it has to run through a shape from border to border.");
  assert.equal(hole.steps.length + short.steps.length, 0);
});

test("of several shapes the selected ones are divided, and without a selection the person is asked", () => {
  const objects = { p: path("polygon", SQUARE), q: path("polygon", SQUARE.map(({ x, y }) => at(x + 120, y)), { order: "a1" }) };
  const unsure = bench(objects).give(...click(80, 150), ...click(340, 150), key("Enter"));
  assert.equal(unsure.notice, "The cut runs through 2 shapes. Select the one to divide, or several.");
  const one = bench(objects);
  one.selection = ["q"];
  one.give(...click(80, 150), ...click(340, 150));
  assert.deepEqual(Object.keys(one.objects).sort(), ["new1", "p", "q"]);
  const both = bench(objects);
  both.selection = ["p", "q"];
  both.give(...click(80, 150), ...click(340, 150));
  assert.equal(Object.keys(both.objects).length, 4);
  assert.equal(both.steps.length, 1);
});

test("parts that would break the task's limits are refused in words", () => {
  const tool = bench({ p: path("polygon", SQUARE) }, { polygon: { objects_to_annotate: ["road"], min_vertices: 4 } }).give(...click(90, 130), ...click(130, 90), key("Enter"));
  assert.equal(tool.notice, "Not divided: a polygon needs at least 4 vertices here; this one has 3.");
  assert.equal(tool.steps.length, 0);
});

test("a line is divided by a click on it, at its vertices and between them, and by a cut", () => {
  const line = [at(50, 50), at(150, 50), at(150, 250)];
  const vertex = bench({ l: path("line", line) }).give(...click(151, 49));
  assert.deepEqual(Object.values(vertex.objects).map(verticesOf), [[at(150, 50), at(150, 250)], [at(50, 50), at(150, 50)]]);
  const edge = bench({ l: path("line", line) }).give(...click(151, 200));
  assert.deepEqual(Object.values(edge.objects).map(verticesOf), [[at(50, 50), at(150, 50), at(150, 200)], [at(150, 200), at(150, 250)]]);
  const cut = bench({ l: path("line", line) }).give(...click(100, 20), ...click(100, 80));
  assert.deepEqual(Object.values(cut.objects).map(verticesOf), [[at(100, 50), at(150, 50), at(150, 250)], [at(50, 50), at(100, 50)]]);
  const end = bench({ l: path("line", line) }).give(...click(50, 50));
  assert.equal(end.steps.length, 0);
});

test("Escape gives the cut up, Delete takes back one place", () => {
  const tool = bench({ p: path("polygon", SQUARE) }).give(...click(80, 150), { kind: "cancel" }, ...click(220, 150), key("Enter"));
  assert.equal(tool.steps.length, 0);
  tool.give({ kind: "cancel" }, ...click(80, 150), ...click(150, 20), key("Delete"), ...click(220, 150));
  assert.equal(tool.steps.length, 1);
});

test("what a random cut divides has the same area as before, in any number of parts, and can be taken back", () => {
  let divided = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const random = seeded(seed), count = 5 + (seed % 14);
    const vertices = Array.from({ length: count }, (_, i) => {
      const angle = ((i + 0.8 * random()) / count) * 2 * Math.PI, radius = 20 + random() * 90;
      return at(200 + radius * Math.cos(angle), 150 + radius * Math.sin(angle));
    });
    const tool = bench({ p: path("polygon", vertices) }).give(...click(20 + random() * 40, random() * 300, { ctrl: true }), ...click(340 + random() * 40, random() * 300, { ctrl: true }));
    const parts = Object.values(tool.objects).map((object) => area(verticesOf(object)));
    assert(Math.abs(parts.reduce((sum, part) => sum + part, 0) - area(vertices)) < 1, `seed ${seed}`);
    assert.equal(Math.max(...parts), area(verticesOf(tool.objects.p)), `seed ${seed}`);
    if (parts.length > 1) {
      divided++;
      assert.deepEqual(Object.keys(tool.undo().objects), ["p"]);
    }
  }
  assert(divided > 90, String(divided));
});

test("a press that was given up leaves nothing behind", () => {
  const tool = bench({ p: path("polygon", SQUARE) }).give(pointer("down", at(80, 150)), { kind: "cancel" }, pointer("up", at(220, 150)));
  assert.deepEqual([tool.steps.length, tool.preview()], [0, null]);
});

// Joining

test("polygons that share a border are joined: the larger stays, and links and answers follow", () => {
  const half = SQUARE.map(({ x, y }) => at(x === 200 ? 150 : x, y)), other = [at(150, 100), at(260, 100), at(260, 200), at(150, 200)];
  const tool = bench(
    { p: path("polygon", half), q: path("polygon", other, { order: "a1" }), r: path("line", [at(0, 0), at(9, 9)], { order: "a2", attributes: { of: "p" } }) },
    BOTH, { links: { one: { label: "beside", from: "p", to: "r" }, two: { label: "beside", from: "q", to: "r" }, three: { label: "beside", from: "p", to: "q" } } },
  );
  const join = joinable(["p", "q"].flatMap((name) => tool.items.get(name) ?? []));
  assert(!("refusal" in join));
  const after = collectionsOf(apply(tool.document, joinPlan(join)(tool.document)) as Document);
  assert.deepEqual(Object.keys(after.annotations).sort(), ["q", "r"]);
  assert.equal(area(verticesOf(after.annotations.q)), 16000);
  assert.deepEqual(after.annotations.r.attributes, { of: "q" });
  assert.deepEqual(after.links, { two: { label: "beside", from: "q", to: "r" } });
});

test("polygons that do not touch, or have different labels, are not joined", () => {
  const tool = bench({ p: path("polygon", SQUARE), q: path("polygon", SQUARE.map(({ x, y }) => at(x + 150, y))), s: path("polygon", SQUARE.map(({ x, y }) => at(x + 100, y)), { label: "lawn" }) });
  const refusal = (...names: string[]) => joinable(names.flatMap((name) => tool.items.get(name) ?? []));
  assert.deepEqual(refusal("p", "q"), { refusal: "Not joined: the polygons must share a border, vertex for vertex, in one piece and without a hole between them." });
  assert.deepEqual(refusal("p", "s"), { refusal: "Not joined: these polygons have different labels." });
});

// Connections

test("points are joined by label, and with an attribute only where they belong to the same object", () => {
  const geometries: JsonObject = { point: { objects_to_annotate: ["hand", "elbow", "knee"], connections: [{ pair: ["hand", "elbow"], connection_attribute: "of" }, { pair: ["elbow", "knee"] }, { pair: ["knee"] }] } };
  const point = (label: string, of: string | null, order: string): JsonObject => ({ type: "point", label, x: 1, y: 2, attributes: of === null ? {} : { of }, order });
  const tool = bench({ h1: point("hand", "ann", "a0"), h2: point("hand", "bob", "a1"), h3: point("hand", null, "a2"), e1: point("elbow", "bob", "a3"), e2: point("elbow", null, "a4"), k: point("knee", null, "a5") }, geometries);
  const { connections } = readTaxonomy({ geometries }).geometries.point;
  assert.deepEqual(connections, [{ pair: ["hand", "elbow"], attribute: "of" }, { pair: ["elbow", "knee"], attribute: null }]);
  const names = (hidden: string) => joinedPoints(tool.items, connections, (name) => name === hidden).map((pair) => pair.map((item) => item.key).join("-"));
  assert.deepEqual(names(""), ["h2-e1", "e1-k", "e2-k"]);
  assert.deepEqual(names("k"), ["h2-e1"]);
});

// Giving way

test("a polygon gives way to the ones it overlaps, and the new border is theirs", () => {
  const corner = [at(150, 50), at(250, 50), at(250, 150), at(150, 150)];
  const tool = bench({ p: path("polygon", SQUARE), q: path("polygon", corner, { order: "a1" }) });
  const limits: ShapeLimits = { bounds: SIZE, rule: null }, way = (key: string) => givenWay(tool.items.get(key) as Item, tool.items, limits, () => false);
  const left = way("p");
  assert(!("refusal" in left));
  assert.deepEqual(left.parts.map(area), [7500]);
  assert(left.parts[0].some(({ x, y }) => x === 150 && y === 150));
  const after = collectionsOf(apply(tool.document, divisionPlan([left], [[]])(tool.document)) as Document);
  assert.equal(area(verticesOf(after.annotations.p)), 7500);
  assert.deepEqual(verticesOf(after.annotations.q), corner);
});

test("what cannot give way is told why", () => {
  const inner = [at(140, 140), at(160, 140), at(160, 160), at(140, 160)];
  const tool = bench({ p: path("polygon", SQUARE), q: path("polygon", inner, { order: "a1" }), r: path("polygon", [at(300, 10), at(320, 10), at(320, 30)], { order: "a2" }) });
  const refusal = (key: string) => givenWay(tool.items.get(key) as Item, tool.items, { bounds: SIZE, rule: null }, () => false);
  assert.deepEqual(refusal("p"), { refusal: "Object 2 lies inside and would leave a hole, which an outline cannot have. Split the polygon through it first." });
  assert.deepEqual(refusal("q"), { refusal: "Nothing would be left: this polygon is covered by others." });
  assert.deepEqual(refusal("r"), { refusal: "This polygon overlaps no other one." });
});
