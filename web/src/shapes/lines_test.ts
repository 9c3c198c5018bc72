import { test } from "node:test";
import assert from "node:assert/strict";
import { SelectTool } from "../engine/SelectTool.js";
import { hasRoom, NO_MODIFIERS, type ShapeLimits } from "../engine/Shape.js";
import type { Input, Tool } from "../engine/Tool.js";
import { area } from "../math/polygon.js";
import { seeded } from "../math/random.js";
import type { ImagePoint } from "../math/space.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { at, Bench, click, hand, key, path, pointer, SIZE, verticesOf } from "./bench.js";
import { LineGeometry } from "./line/Shape.js";
import { LineTool } from "./line/Tool.js";
import { PointGeometry } from "./point/Shape.js";
import { PointTool } from "./point/Tool.js";
import { PolygonGeometry } from "./polygon/Shape.js";
import { PolygonTool } from "./polygon/Tool.js";

const FREE: ShapeLimits = { bounds: SIZE, rule: null };

const polygons = (rule: JsonObject = {}): JsonObject => ({ polygon: { objects_to_annotate: ["road"], ...rule } });
const lines = (rule: JsonObject = {}): JsonObject => ({ line: { objects_to_annotate: ["road"], ...rule } });
const drawPolygon = (rule?: JsonObject, objects?: { [key: string]: JsonObject }) => new Bench(PolygonTool as Tool<never>, polygons(rule), objects);
const drawLine = (rule?: JsonObject, objects?: { [key: string]: JsonObject }) => new Bench(LineTool as Tool<never>, lines(rule), objects);
const circle = (x: number, y: number, radius: number, count: number): ImagePoint[] => Array.from({ length: count }, (_, i) => at(x + radius * Math.cos((i * 2 * Math.PI) / count), y + radius * Math.sin((i * 2 * Math.PI) / count)));

/** A neighbour with decimals that no rounding leaves alone. */
const NEIGHBOUR = [at(100.123456, 50.5), at(200.654321, 50.25), at(220.111111, 100.75), at(200.987654, 150.123), at(100.333333, 150.777)];

test("what is read and written is the same, to the last decimal and with everything else kept", () => {
  const random = seeded(3);
  for (let i = 0; i < 100; i++) {
    const vertices = Array.from({ length: 3 + (i % 9) }, () => at(random() * 400, random() * 300));
    const object: JsonObject = { label: "road", order: "a0", attributes: { a: "b" } };
    for (const shape of [PolygonGeometry, LineGeometry]) {
      assert.deepEqual(shape.read(shape.write(vertices, object)), vertices);
      assert.deepEqual({ ...shape.write(vertices, object), vertices: undefined }, { ...object, vertices: undefined });
    }
    assert.deepEqual(PointGeometry.read(PointGeometry.write(vertices[0], object)), vertices[0]);
  }
  assert.equal(PointGeometry.read({ x: "1", y: 2 }), null);
  assert.equal(LineGeometry.read({ vertices: [] }), null);
});

test("moving by whole pixels and back again is nothing, and stops at the border", () => {
  const vertices = [at(10.12, 20.34), at(50.5, 60), at(30, 90.01)];
  for (const shape of [PolygonGeometry, LineGeometry]) {
    assert.deepEqual(shape.move(shape.move(vertices, 7, -3, FREE), -7, 3, FREE), vertices);
    assert.deepEqual(shape.move(vertices, -400, 0, FREE)[0], at(0, 20.34));
  }
  assert.deepEqual(PointGeometry.move(at(5, 5), -9, 400, FREE), at(0, 300));
});

test("an edge is moved with Shift, and a line has no edge from its end to its start", () => {
  const square = [at(100, 100), at(200, 100), at(200, 200), at(100, 200)];
  assert.deepEqual(PolygonGeometry.pull(square, "i0", at(150, 90), FREE, { ...NO_MODIFIERS, shift: true }), [at(100, 90), at(200, 90), at(200, 200), at(100, 200)]);
  assert.deepEqual(PolygonGeometry.pull(square, "i3", at(-50, 150), FREE, { ...NO_MODIFIERS, shift: true }), [at(0, 100), at(200, 100), at(200, 200), at(0, 200)]);
  assert.equal(LineGeometry.handles(square).filter(({ kind }) => kind === "insert").length, 3);
  assert.equal(PolygonGeometry.handles(square).filter(({ kind }) => kind === "insert").length, 4);
});

test("a line is hit at its edges only, and keeps two vertices", () => {
  const line = [at(0, 0), at(100, 0), at(100, 100)];
  assert.deepEqual(LineGeometry.nearness(line, at(60, 40)), { inside: false, distance: 40 });
  assert.equal(LineGeometry.cut(line.slice(0, 2), "v0", FREE), null);
  assert.deepEqual(LineGeometry.cut(line, "v1", FREE), [at(0, 0), at(100, 100)]);
  assert.equal(LineGeometry.fault?.([at(1, 1), at(1, 1)], FREE), "This line has no length.");
});

test("a polygon drawn by hand ends where it began, with few vertices near to what was drawn", () => {
  const drawn = circle(200, 150, 80, 300);
  const bench = drawPolygon().give(...hand([...drawn, drawn[0]]));
  assert.equal(bench.steps.length, 1);
  const vertices = verticesOf(bench.objects.new1);
  assert(vertices.length > 8 && vertices.length < 60, String(vertices.length));
  assert(Math.abs(area(vertices) - Math.PI * 80 * 80) < 250);
  assert(vertices.every(({ x, y }) => Number.isInteger(Math.round(x * 1e4) / 1e2) && Number.isInteger(Math.round(y * 1e4) / 1e2)));
});

test("a stroke by hand goes between clicks, is one act to take back, and respects the most vertices", () => {
  const bench = drawLine().give(...click(20, 20), ...hand([at(60, 20), ...circle(100, 100, 40, 40).slice(0, 20)]), ...click(300, 250));
  const before = bench.preview();
  assert(before !== null);
  bench.give(key("Undo"), key("Undo"), key("Undo"), ...click(20, 120), key("Enter"));
  assert.deepEqual(verticesOf(bench.objects.new1), [at(20, 20), at(20, 120)]);
  const limited = drawPolygon({ max_vertices: 6 }).give(...hand([...circle(200, 150, 80, 300), at(280, 150)]));
  assert.equal(verticesOf(limited.objects.new1).length, 6);
  assert.equal(limited.notice, "Simplified, as a polygon may have at most 6 vertices here.");
});

test("with Shift held the pointer draws without the button, and a click goes on", () => {
  const bench = drawLine().give(...click(20, 20));
  for (let x = 20; x <= 120; x += 2) bench.give(pointer("move", at(x, 20 + 30 * Math.sin(x / 20)), { shift: true }));
  bench.give(pointer("move", at(122, 30)), ...click(200, 30), key("Enter"));
  const vertices = verticesOf(bench.objects.new1);
  assert(vertices.length > 5 && vertices.length < 30, String(vertices.length));
  assert.deepEqual(vertices[vertices.length - 1], at(200, 30));
});

test("a click that trembles is a click", () => {
  const bench = drawLine().give(pointer("down", at(20, 20)), pointer("move", at(21.5, 20)), pointer("up", at(21.5, 20)), ...click(90, 90), key("Enter"));
  assert.deepEqual(verticesOf(bench.objects.new1), [at(20, 20), at(90, 90)]);
});

test("from vertex to vertex of a neighbour the border between is followed, vertex for vertex", () => {
  const bench = drawPolygon({}, { n: path("polygon", NEIGHBOUR) });
  bench.give(...click(201, 51), ...click(201.5, 149.5), ...click(300, 150), ...click(300, 50), key("Enter"));
  assert.deepEqual(verticesOf(bench.objects.new1), [NEIGHBOUR[1], NEIGHBOUR[2], NEIGHBOUR[3], at(300, 150), at(300, 50)]);
});

test("Tab goes the other way round, then straight, then as before", () => {
  const ends: [number, ImagePoint[]][] = [[0, [NEIGHBOUR[2]]], [1, [NEIGHBOUR[0], NEIGHBOUR[4]]], [2, []], [3, [NEIGHBOUR[2]]]];
  for (const [times, between] of ends) {
    const bench = drawPolygon({}, { n: path("polygon", NEIGHBOUR) }).give(...click(201, 51), pointer("move", at(201.5, 149.5)));
    for (let i = 0; i < times; i++) bench.give(key("Tab"));
    bench.give(...click(201.5, 149.5), ...click(390, 150), key("Enter"));
    assert.deepEqual(verticesOf(bench.objects.new1).slice(0, -1), [NEIGHBOUR[1], ...between, NEIGHBOUR[3]], `${times} times`);
  }
});

test("a polygon that ends on the border where it began is closed along it", () => {
  for (const end of [[key("Enter")], click(201, 51)]) {
    const bench = drawPolygon({}, { n: path("polygon", NEIGHBOUR) }).give(...click(201, 51), ...click(300, 50), ...click(300, 150), ...click(201.5, 149.5), ...end);
    assert.deepEqual(verticesOf(bench.objects.new1), [NEIGHBOUR[1], at(300, 50), at(300, 150), NEIGHBOUR[3], NEIGHBOUR[2]]);
  }
});

test("a border that was followed is not followed back, and one that takes too many vertices is refused in words", () => {
  const back = drawPolygon({}, { n: path("polygon", NEIGHBOUR) }).give(...click(201, 51), ...click(201.5, 149.5), key("Enter"));
  assert.deepEqual(verticesOf(back.objects.new1), [NEIGHBOUR[1], NEIGHBOUR[2], NEIGHBOUR[3]]);
  const many = circle(200, 150, 60, 40);
  const full = drawPolygon({ max_vertices: 8 }, { n: path("polygon", many) }).give(...click(many[0].x, many[0].y), ...click(many[20].x, many[20].y));
  assert.equal(full.notice, "A polygon may have at most 8 vertices here; this border takes 20. Tab goes straight.");
  assert.deepEqual(Object.keys(full.objects), ["n"]);
});

test("with Ctrl held nothing is caught and nothing followed", () => {
  const ctrl = { ctrl: true };
  const bench = drawPolygon({}, { n: path("polygon", NEIGHBOUR) }).give(...click(201, 51, ctrl), ...click(201.5, 149.5, ctrl), ...click(300, 150, ctrl), key("Enter"));
  assert.deepEqual(verticesOf(bench.objects.new1), [at(201, 51), at(201.5, 149.5), at(300, 150)]);
});

test("areas that reach the picture's border follow it around the corner; lines do not", () => {
  const area_ = drawPolygon().give(...click(2, 100), ...click(100, 2), ...click(100, 100), key("Enter"));
  assert.deepEqual(verticesOf(area_.objects.new1), [at(0, 100), at(0, 0), at(100, 0), at(100, 100)]);
  const line = drawLine().give(...click(2, 100), ...click(100, 2), key("Enter"));
  assert.deepEqual(verticesOf(line.objects.new1), [at(0, 100), at(100, 0)]);
});

test("followed borders are exactly shared, whatever the neighbour looks like", () => {
  for (let seed = 1; seed <= 80; seed++) {
    const random = seeded(seed), count = 6 + Math.floor(random() * 30);
    const neighbour = circle(200, 150, 80, count).map(({ x, y }) => at(x + random() * 6, y + random() * 6));
    const from = Math.floor(random() * count), to = (from + 2 + Math.floor(random() * (count - 3))) % count;
    const bench = drawPolygon({}, { n: path("polygon", neighbour) });
    bench.give(...click(neighbour[from].x + 0.3, neighbour[from].y - 0.2), ...click(neighbour[to].x - 0.2, neighbour[to].y + 0.3), ...click(390, 290), key("Enter"));
    const shared = verticesOf(bench.objects.new1).slice(0, -1).map((vertex) => neighbour.findIndex(({ x, y }) => x === vertex.x && y === vertex.y));
    assert(shared.every((index) => index >= 0), `seed ${seed}`);
    const step = (shared[1] - shared[0] + count) % count;
    assert(step === 1 || step === count - 1, `seed ${seed}`);
    shared.slice(1).forEach((index, i) => assert.equal((index - shared[i] + count) % count, step, `seed ${seed}`));
  }
});

test("a selected line is drawn on from either end, and keeps its direction", () => {
  const line = [at(100, 100), at(200, 100)];
  const forward = drawLine({}, { l: path("line", line) });
  forward.selection = ["l"];
  forward.give(...click(200, 101), ...click(300, 120), key("Enter"));
  assert.deepEqual(verticesOf(forward.objects.l), [...line, at(300, 120)]);
  const backward = drawLine({}, { l: path("line", line) });
  backward.selection = ["l"];
  backward.give(...click(100, 101), ...click(30, 120), key("Enter"));
  assert.deepEqual(verticesOf(backward.objects.l), [at(30, 120), ...line]);
  assert.equal(backward.steps.length, 1);
});

test("a line ends with a double click, and too few or too many vertices are told", () => {
  const bench = drawLine({ min_vertices: 3, max_vertices: 3 }).give(...click(10, 10), ...click(60, 60), pointer("double", at(60, 60)));
  assert.equal(bench.notice, "A line needs at least 3 vertices here; this one has 2.");
  bench.give(...click(90, 60), ...click(120, 90));
  assert.equal(bench.notice, "A line may have at most 3 vertices here. Enter ends it.");
  bench.give(...click(90, 60), pointer("double", at(90, 60)));
  assert.deepEqual(verticesOf(bench.objects.new1), [at(10, 10), at(60, 60), at(90, 60)]);
});

test("the second click of the double click that closed a polygon begins no other one", () => {
  const bench = drawPolygon().give(...click(50, 50), ...click(150, 50), ...click(150, 150), ...click(50, 50), ...click(50, 50), pointer("double", at(50, 50)));
  assert.deepEqual(Object.keys(bench.objects), ["new1"]);
  assert.equal(bench.notice, "");
});

test("a polygon that crosses itself is kept and told", () => {
  const bench = drawPolygon().give(...click(50, 50), ...click(150, 150), ...click(150, 50), ...click(50, 180), key("Enter"));
  assert.equal(bench.steps.length, 1);
  assert.equal(bench.notice, "This polygon crosses itself. Pull its vertices apart if that is not meant.");
});

test("whole pixels are kept where the task asks for them", () => {
  const bench = drawPolygon({ integer_pixels: true }).give(...click(50.4, 50.6), ...click(150.2, 50), ...hand([at(150, 150), ...circle(100, 150, 50, 60).slice(1, 30)]), key("Enter"));
  assert(verticesOf(bench.objects.new1).every(({ x, y }) => Number.isInteger(x) && Number.isInteger(y)));
});

test("points are set by clicks, placed finely while held, and never twice in one place", () => {
  const bench = new Bench(PointTool as Tool<never>, { point: { objects_to_annotate: ["road"] } });
  bench.give(...click(50, 50), ...click(50, 50), pointer("down", at(80, 80)), pointer("move", at(83.456, 81)), pointer("up", at(83.456, 81)), ...click(-20, 400));
  assert.deepEqual(Object.values(bench.objects).map(({ x, y }) => [x, y]), [[50, 50], [83.46, 81], [0, 300]]);
  bench.give(pointer("down", at(10, 10)), { kind: "cancel" }, pointer("up", at(10, 10)));
  assert.equal(Object.keys(bench.objects).length, 3);
});

test("a double click on an edge of the selected shape adds a vertex there, and limits are told", () => {
  const objects = { p: path("polygon", [at(100, 100), at(200, 100), at(200, 200), at(100, 200)]) };
  const bench = new Bench(SelectTool as Tool<never>, polygons({ max_vertices: 5 }), objects);
  bench.selection = ["p"];
  bench.give(pointer("double", at(130, 101)));
  assert.deepEqual(verticesOf(bench.objects.p), [at(100, 100), at(130, 100), at(200, 100), at(200, 200), at(100, 200)]);
  bench.give(pointer("double", at(130, 201)));
  assert.equal(bench.notice, "A polygon may have at most 5 vertices here; this one has 6.");
  bench.give(key("Delete"));
  assert.equal(verticesOf(bench.objects.p).length, 4);
  bench.give(pointer("double", at(150, 150)));
  assert.equal(bench.steps.length, 2);
});

test("with Shift the middle of an edge moves the edge, also where no vertex may be added", () => {
  const bench = new Bench(SelectTool as Tool<never>, polygons({ max_vertices: 4 }), { p: path("polygon", [at(100, 100), at(200, 100), at(200, 200), at(100, 200)]) });
  bench.selection = ["p"];
  bench.give(pointer("down", at(150, 100), { shift: true }), pointer("move", at(150, 60), { shift: true }), pointer("up", at(150, 60), { shift: true }));
  assert.deepEqual(verticesOf(bench.objects.p), [at(100, 60), at(200, 60), at(200, 200), at(100, 200)]);
  bench.give(pointer("down", at(150, 60)), pointer("move", at(150, 20)), pointer("up", at(150, 20)));
  assert.equal(bench.notice, "A polygon may have at most 4 vertices here; this one has 5.");
});

test("a vertex that is pulled meets the neighbour's vertex exactly", () => {
  const bench = new Bench(SelectTool as Tool<never>, polygons(), { n: path("polygon", NEIGHBOUR), p: path("polygon", [at(250, 50), at(300, 50), at(300, 100)], { order: "a1" }) });
  bench.selection = ["p"];
  bench.give(pointer("down", at(250, 50)), pointer("move", at(230, 50)), pointer("move", at(202, 51)), pointer("up", at(202, 51)));
  assert.deepEqual(verticesOf(bench.objects.p)[0], NEIGHBOUR[1]);
});

test("edges that are short on screen have no handle in their middle", () => {
  const handles = PolygonGeometry.handles([at(0, 0), at(5, 0), at(5, 100)]);
  assert.deepEqual(handles.filter((handle) => hasRoom({ scale: 1, x: 0, y: 0 }, handle)).map(({ id }) => id), ["v0", "v1", "v2", "i1", "i2"]);
  assert.equal(handles.filter((handle) => hasRoom({ scale: 8, x: 0, y: 0 }, handle)).length, 6);
});

test("where a border can be followed, words at the pointer tell what happens and what Tab does", () => {
  const bench = drawPolygon({}, { n: path("polygon", NEIGHBOUR) }).give(...click(201, 51), pointer("move", at(201.5, 149.5)));
  const words = () => bench.preview()?.note?.text ?? null;
  assert.equal(words(), "Along the border · Tab: the other way round");
  assert.equal((bench.give(key("Tab")), words()), "Along the border · Tab: straight");
  assert.equal((bench.give(key("Tab")), words()), "Straight · Tab: along the border");
  assert.equal((bench.give(pointer("move", at(300, 149.5))), words()), null);
});

test("a point is put somewhere by its numbers, inside the picture and on whole pixels where the task asks for them", () => {
  assert.deepEqual(PointGeometry.numbers?.(at(5, 6), FREE).map(({ id, value, min, max }) => [id, value, min, max]), [["x", 5, 0, 400], ["y", 6, 0, 300]]);
  assert.deepEqual(PointGeometry.withNumber?.(at(5, 6), "x", 1000, FREE), at(400, 6));
  const whole = { bounds: SIZE, rule: readTaxonomy({ geometries: { point: { objects_to_annotate: ["a"], integer_pixels: true } } }).geometries.point };
  assert.deepEqual(PointGeometry.withNumber?.(at(5, 6), "y", 7.6, whole), at(5, 8));
});

test("several vertices are chosen by Shift and click or by Alt and drag, and moved, nudged and removed together in one step", () => {
  const star = circle(200, 150, 80, 12).map(({ x, y }) => at(Math.round(x), Math.round(y)));
  const choose = (...inputs: Input[]) => {
    const bench = new Bench(SelectTool as Tool<never>, polygons(), { p: path("polygon", star) });
    bench.selection = ["p"];
    return bench.give(...inputs);
  };
  const shift = { shift: true }, alt = { alt: true };
  const byClick = [...click(star[0].x, star[0].y, shift), ...click(star[1].x, star[1].y, shift), ...click(star[5].x, star[5].y, shift), ...click(star[5].x, star[5].y, shift)];
  const around = [pointer("down", at(250, 120), alt), pointer("move", at(270, 160), alt), pointer("move", at(300, 200), alt), pointer("up", at(300, 200), alt)];
  for (const inputs of [byClick, around]) {
    const bench = choose(...inputs);
    assert.equal(bench.preview()?.marks?.length, 1);
    bench.give(key("ArrowRight"));
    assert.deepEqual(verticesOf(bench.objects.p), star.map(({ x, y }, i) => at(i < 2 ? x + 1 : x, y)));
    bench.give(pointer("down", at(281, 150)), pointer("move", at(300, 160)), pointer("move", at(311, 170)), pointer("up", at(311, 170)));
    assert.deepEqual(verticesOf(bench.objects.p), star.map(({ x, y }, i) => (i < 2 ? at(x + 31, y + 20) : at(x, y))));
    bench.give(key("Delete"));
    assert.deepEqual(verticesOf(bench.objects.p), star.slice(2));
    assert.equal(bench.steps.length, 3);
  }
  const all = choose(pointer("down", at(110, 60), alt), pointer("move", at(200, 150), alt), pointer("move", at(300, 240), alt), pointer("up", at(300, 240), alt), key("Delete"));
  assert.equal(all.notice, "This polygon cannot have fewer vertices.");
  assert.equal(choose(...byClick, { kind: "cancel" }, key("Delete")).objects.p, undefined);
});

test("a drawing that was given up can be taken up again, and another press forgets it", () => {
  const begun = () => drawPolygon().give(...click(50, 50), ...click(150, 50), ...click(150, 150), { kind: "cancel" });
  const bench = begun();
  assert.equal(bench.notice, "Given up. Undo takes it up again.");
  assert.deepEqual(verticesOf(bench.give(key("Undo"), key("Enter")).objects.new1), [at(50, 50), at(150, 50), at(150, 150)]);
  assert.deepEqual(begun().give(...click(300, 250), key("Undo"), key("Undo"), key("Enter")).objects, {});
});

test("a line that was taken hold of at its end but not drawn on stays as it is", () => {
  const bench = drawLine({}, { l: path("line", [at(100, 100), at(200, 100)]) });
  bench.selection = ["l"];
  bench.give(...click(200, 100), key("Enter"));
  assert.deepEqual([bench.steps.length, bench.preview()?.geometry ?? null], [0, null]);
});
