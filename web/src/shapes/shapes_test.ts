import { test } from "node:test";
import assert from "node:assert/strict";
import { ItemReader, type Items } from "../engine/items.js";
import { Grid } from "../engine/grid.js";
import { SelectTool } from "../engine/SelectTool.js";
import { choose, primaryOf } from "../engine/selection.js";
import { NO_MODIFIERS, type Shape, type ShapeLimits } from "../engine/Shape.js";
import type { Input, PointerInput, Tool, ToolContext } from "../engine/Tool.js";
import { boxCorners, type BoxShape } from "../math/box.js";
import { seeded } from "../math/random.js";
import { intersects, type ImageBounds, type ImagePoint } from "../math/space.js";
import { apply, collectionsOf, documentFrom, type Document } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { BoxGeometry } from "./box/Shape.js";
import { BoxTool } from "./box/Tool.js";
import { fallbackShape, shapes } from "./index.js";
import type { Vertices } from "./path/Shape.js";
import { PolygonGeometry } from "./polygon/Shape.js";
import { PolygonTool } from "./polygon/Tool.js";

const BOUNDS: ImageBounds = { left: 0, top: 0, right: 100, bottom: 100 };
const FREE: ShapeLimits = { bounds: BOUNDS, rule: null };
const near = (a: number, b: number, tolerance = 1e-6) => assert(Math.abs(a - b) <= tolerance, `${a} is not near ${b}`);

/** Records what a shape draws, as a list of calls. */
function recorder(): { context: CanvasRenderingContext2D; calls: string[] } {
  const calls: string[] = [];
  const context = new Proxy({}, { get: (_, name) => (...values: unknown[]) => calls.push([String(name), ...values].join(" ")) });
  return { context: context as CanvasRenderingContext2D, calls };
}

const box = (left: number, top: number, width: number, height: number, rotation = 0): BoxShape => ({ left, top, width, height, rotation });
const triangle: Vertices = [{ x: 10, y: 10 }, { x: 50, y: 10 }, { x: 10, y: 50 }];

test("a box is read and written with everything else kept", () => {
  const object = { type: "box", label: "car", left: 1, top: 2, width: 3, height: 4, attributes: { a: 1 }, order: "a0" };
  const read = BoxGeometry.read(object) as BoxShape;
  assert.deepEqual(read, box(1, 2, 3, 4));
  assert.deepEqual(BoxGeometry.write(read, object), object);
  assert.deepEqual(BoxGeometry.write(box(1, 2, 3, 4, 0.5), object), { ...object, rotation: 0.5 });
  assert.equal(BoxGeometry.read({ left: 1, top: 2, width: "3", height: 4 }), null);
});

test("a rotated box is hit where it is drawn, not where it would lie unrotated", () => {
  const turned = box(0, 40, 100, 20, Math.PI / 2);
  assert(BoxGeometry.nearness(turned, { x: 50, y: 5 }).inside);
  assert(!BoxGeometry.nearness(turned, { x: 5, y: 50 }).inside);
  near(BoxGeometry.nearness(turned, { x: 62, y: 50 }).distance, 2);
  const bounds = BoxGeometry.bounds(turned);
  near(bounds.left, 40); near(bounds.top, 0);
});

test("pulling a corner keeps the opposite one in place, also on a rotated box", () => {
  assert.deepEqual(BoxGeometry.pull(box(10, 10, 20, 20), "se", { x: 50, y: 45 }, FREE, NO_MODIFIERS), box(10, 10, 40, 35));
  assert.deepEqual(BoxGeometry.pull(box(10, 10, 20, 20), "n", { x: 0, y: 5 }, FREE, NO_MODIFIERS), box(10, 5, 20, 25));
  assert.deepEqual(BoxGeometry.pull(box(10, 10, 20, 20), "e", { x: 5, y: 0 }, FREE, NO_MODIFIERS), box(10, 10, 1, 20));
  assert.deepEqual(BoxGeometry.pull(box(10, 10, 20, 20), "se", { x: 500, y: 500 }, FREE, NO_MODIFIERS), box(10, 10, 90, 90));
  const turned = box(30, 30, 30, 20, 0.6);
  const corner = boxCorners(turned)[0];
  const pulled = BoxGeometry.pull(turned, "se", { x: 70, y: 75 }, FREE, NO_MODIFIERS);
  near(boxCorners(pulled)[0].x, corner.x, 0.02); near(boxCorners(pulled)[0].y, corner.y, 0.02);
  near(boxCorners(pulled)[2].x, 70, 0.02); near(boxCorners(pulled)[2].y, 75, 0.02);
});

test("moving stops at the border of the padded picture, and whole pixels stay whole", () => {
  assert.deepEqual(BoxGeometry.move(box(10, 10, 20, 20), -30, 200, FREE), box(0, 80, 20, 20));
  const whole: ShapeLimits = { bounds: BOUNDS, rule: readTaxonomy({ geometries: { box: { objects_to_annotate: ["a"], integer_pixels: true } } }).geometries.box };
  assert.deepEqual(BoxGeometry.move(box(10, 10, 20, 20), 0.6, 0.4, whole), box(11, 10, 20, 20));
  assert.deepEqual(PolygonGeometry.move(triangle, 90, -90, FREE), [{ x: 60, y: 0 }, { x: 100, y: 0 }, { x: 60, y: 40 }]);
});

test("vertices are moved, inserted on edges and removed, but never too many", () => {
  assert.deepEqual(PolygonGeometry.pull(triangle, "v1", { x: 60, y: 20 }, FREE, NO_MODIFIERS)[1], { x: 60, y: 20 });
  const more = PolygonGeometry.pull(triangle, "i2", { x: 5, y: 30 }, FREE, NO_MODIFIERS);
  assert.deepEqual(more[3], { x: 5, y: 30 });
  assert.equal(PolygonGeometry.pulled("i2"), "v3");
  assert.deepEqual(PolygonGeometry.cut(more, "v3", FREE), triangle);
  assert.equal(PolygonGeometry.cut(triangle, "v0", FREE), null);
  assert.deepEqual(PolygonGeometry.handles(triangle).map(({ id }) => id), ["v0", "v1", "v2", "i0", "i1", "i2"]);
  assert.equal(PolygonGeometry.read({ vertices: [{ x: 1, y: 1 }, { x: 2, y: 2 }] }), null);
});

test("drawing goes through the view: rectangles for boxes, paths for polygons and rotated boxes", () => {
  const view = { scale: 2, x: 5, y: 7 };
  const plain = recorder();
  BoxGeometry.stroke(plain.context, box(1, 2, 3, 4), view);
  BoxGeometry.fill(plain.context, box(1, 2, 3, 4), view);
  assert.deepEqual(plain.calls, ["strokeRect 7 11 6 8", "fillRect 7 11 6 8"]);
  const turned = recorder();
  BoxGeometry.stroke(turned.context, box(0, 0, 2, 2, Math.PI), view);
  assert.deepEqual(turned.calls.map((call) => call.split(" ")[0]), ["beginPath", "moveTo", "lineTo", "lineTo", "lineTo", "closePath", "stroke"]);
  const path = recorder();
  PolygonGeometry.fill(path.context, triangle, view);
  assert.deepEqual(path.calls, ["beginPath", "moveTo 25 27", "lineTo 105 27", "lineTo 25 107", "closePath", "fill evenodd"]);
});

test("geometries without a tool are shown by their edges, vertices or position", () => {
  const kinds: [JsonObject, ImageBounds][] = [
    [{ type: "point", x: 3, y: 4 }, { left: 3, top: 4, right: 3, bottom: 4 }],
    [{ type: "line", vertices: [{ x: 0, y: 0 }, { x: 9, y: 1 }] }, { left: 0, top: 0, right: 9, bottom: 1 }],
    [{ type: "ellipse", vertices: [{ x: 5, y: 0 }, { x: 10, y: 5 }, { x: 5, y: 10 }, { x: 0, y: 5 }] }, { left: 0, top: 0, right: 10, bottom: 10 }],
    [{ type: "cuboid", vertices: [{ x: 1, y: 1 }], edges: [{ x1: 0, y1: 0, x2: 4, y2: 0 }, { x1: 0, y1: 0, x2: 0, y2: 6 }] }, { left: 0, top: 0, right: 4, bottom: 6 }],
  ];
  for (const [object, expected] of kinds) {
    const geometry = fallbackShape.read(object);
    assert(geometry !== null, String(object.type));
    const bounds = fallbackShape.bounds(geometry);
    near(bounds.left, expected.left, 0.05); near(bounds.right, expected.right, 0.05); near(bounds.top, expected.top, 0.05); near(bounds.bottom, expected.bottom, 0.05);
    const { context, calls } = recorder();
    fallbackShape.stroke(context, geometry, { scale: 1, x: 0, y: 0 });
    assert(calls.includes("stroke"), String(object.type));
  }
  assert.equal(fallbackShape.read({ type: "mystery" }), null);
});

test("searching the grid finds exactly what a look at everything finds", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seeded(seed);
    const things = Array.from({ length: 400 }, () => {
      const left = random() * 2000 - 500, top = random() * 2000 - 500, size = random() < 0.05 ? 1500 : random() * 60;
      return { bounds: { left, top, right: left + size, bottom: top + size * random() } as ImageBounds };
    });
    const grid = new Grid(things);
    for (let i = 0; i < 30; i++) {
      const left = random() * 2000 - 500, top = random() * 2000 - 500, size = random() * 800;
      const area: ImageBounds = { left, top, right: left + size, bottom: top + size };
      assert.deepEqual(new Set(grid.search(area)), new Set(things.filter(({ bounds }) => intersects(bounds, area))), `seed ${seed}`);
    }
  }
});

/** A tool at work on a document, as the editor runs it but without one. */
class Bench {
  document: Document;
  state: unknown;
  selected: readonly string[] = [];
  notice = "";
  readonly #reader = new ItemReader(shapes, fallbackShape);
  #keys = 0;

  constructor(readonly tool: Tool<never>, readonly params: JsonObject, annotations: { [key: string]: JsonObject } = {}) {
    this.document = documentFrom({ annotations });
    this.state = tool.start;
  }

  get selection(): string | null { return primaryOf({ selection: this.selected }); }
  get items(): Items { return this.#reader.read(this.document.get("annotations") ?? new Map()); }
  get objects(): { readonly [key: string]: JsonObject } { return collectionsOf(this.document).annotations ?? {}; }

  context(): ToolContext {
    return {
      view: { scale: 2, x: 0, y: 0 }, limits: BOUNDS, taxonomy: readTaxonomy(this.params), items: this.items, selection: this.selected,
      label: "car", tolerance: 3, newKey: () => `new${++this.#keys}`,
      integers: false, camera: null, locked: () => false, removable: () => true, hidden: () => false, snap: (point) => point,
    };
  }

  give(...inputs: Input[]): this {
    for (const input of inputs) {
      const result = (this.tool as Tool<unknown>).on(this.state, input, this.context());
      this.state = result.state;
      if (result.notice !== undefined) this.notice = result.notice;
      if (result.plan !== undefined) this.document = apply(this.document, result.plan(this.document)) as Document;
      if (result.select !== undefined) this.selected = choose(this.selected, result.select === null ? [] : [result.select].flat(), result.mode ?? "only");
    }
    return this;
  }
}

const pointer = (kind: PointerInput["kind"], x: number, y: number, alt = false): PointerInput => ({ kind, at: { x, y } as ImagePoint, screen: { x: x * 2, y: y * 2 }, shift: false, alt, ctrl: false });
const click = (x: number, y: number, alt = false): Input[] => [pointer("move", x, y), pointer("down", x, y, alt), pointer("up", x, y, alt)];
const drag = (a: [number, number], b: [number, number]): Input[] => [pointer("down", ...a), pointer("move", (a[0] + b[0]) / 2, (a[1] + b[1]) / 2), pointer("move", ...b), pointer("up", ...b)];
const key = (name: string, shift = false): Input => ({ kind: "key", key: name, shift, alt: false, ctrl: false });
const PARAMS: JsonObject = { geometries: { box: { objects_to_annotate: ["car"], min_width: 5 }, polygon: { objects_to_annotate: ["car"], max_vertices: 5 } } };
const car = (left: number, top: number, width: number, height: number): JsonObject => ({ type: "box", label: "car", left, top, width, height, attributes: {}, order: "a0" });

test("a box is drawn by dragging and by two clicks alike", () => {
  for (const inputs of [drag([10, 60], [40, 20]), [...click(10, 60), ...click(40, 20)]]) {
    const bench = new Bench(BoxTool as Tool<never>, PARAMS).give(...inputs);
    assert.deepEqual(bench.objects, { new1: car(10, 20, 30, 40) });
    assert.equal(bench.selection, "new1");
  }
});

test("a box ends at the border, and one that is too small is refused in words", () => {
  assert.deepEqual(new Bench(BoxTool as Tool<never>, PARAMS).give(...drag([80, 80], [400, 120])).objects, { new1: car(80, 80, 20, 20) });
  const small = new Bench(BoxTool as Tool<never>, PARAMS).give(...drag([10, 10], [14, 40]));
  assert.deepEqual(small.objects, {});
  assert.equal(small.notice, "This box is 4 × 30 px; it must be at least 5 px wide. Click further away, or Esc.");
  assert.deepEqual(new Bench(BoxTool as Tool<never>, PARAMS).give(...click(10, 10), { kind: "cancel" }, ...click(50, 50)).objects, {});
});

test("a polygon is closed by Enter, by a double click and by a click on its first vertex", () => {
  const three = [...click(10, 10), ...click(50, 10), ...click(10, 50)];
  const endings: Input[][] = [[key("Enter")], [...click(10, 50), pointer("double", 10, 50)], click(12, 11)];
  for (const ending of endings) {
    const bench = new Bench(PolygonTool as Tool<never>, PARAMS).give(...three, ...ending);
    assert.deepEqual(bench.objects, { new1: { type: "polygon", label: "car", vertices: triangle, attributes: {}, order: "a0" } });
  }
});

test("while a polygon is drawn Backspace takes a vertex back, Escape everything, and the limits are said", () => {
  const bench = new Bench(PolygonTool as Tool<never>, PARAMS).give(...click(10, 10), ...click(50, 10), key("Enter"));
  assert.equal(bench.notice, "A polygon needs at least 3 vertices here; this one has 2.");
  bench.give(...click(90, 90), key("Backspace"), ...click(10, 50), key("Enter"));
  assert.deepEqual(bench.objects.new1.vertices, triangle);
  bench.give(...click(10, 10), ...click(50, 10), { kind: "cancel" }, key("Enter"));
  assert.equal(Object.keys(bench.objects).length, 1);
  bench.give(...[10, 30, 50, 70, 90, 95].flatMap((x) => click(x, x === 95 ? 5 : 60 + (x % 20))));
  assert.equal(bench.notice, "A polygon may have at most 5 vertices here. Enter closes it.");
});

test("the select tool takes the outline near the pointer, else the smallest around it, moves it and lets go", () => {
  const bench = new Bench(SelectTool as Tool<never>, PARAMS, { big: car(0, 0, 90, 90), small: { ...car(30, 30, 20, 20), order: "a1" } });
  assert.equal(bench.give(...click(40, 40)).selection, "small");
  assert.equal(bench.give(...click(1, 60)).selection, "big");
  assert.equal(bench.give(...click(97, 97)).selection, null);
  bench.give(...drag([40, 40], [45, 38]));
  assert.deepEqual(bench.objects.small, { ...car(35, 28, 20, 20), order: "a1" });
  bench.give(key("ArrowLeft"), key("ArrowUp", true));
  assert.deepEqual(bench.objects.small, { ...car(34, 18, 20, 20), order: "a1" });
  bench.give(key("Delete"));
  assert.deepEqual(Object.keys(bench.objects), ["big"]);
});

test("a click that does not move changes nothing, and Escape gives up a drag", () => {
  const bench = new Bench(SelectTool as Tool<never>, PARAMS, { a: car(10, 10, 20, 20) });
  bench.give(pointer("down", 20, 20), pointer("move", 21, 20), pointer("up", 21, 20));
  assert.deepEqual(bench.objects.a, car(10, 10, 20, 20));
  bench.give(pointer("down", 20, 20), pointer("move", 60, 60), { kind: "cancel" }, pointer("up", 60, 60));
  assert.deepEqual(bench.objects.a, car(10, 10, 20, 20));
});

test("handles reshape the selected shape: corners, vertices, edge middles, and Alt removes", () => {
  const bench = new Bench(SelectTool as Tool<never>, PARAMS, { a: car(10, 10, 20, 20), p: { type: "polygon", label: "car", vertices: [{ x: 50, y: 50 }, { x: 90, y: 50 }, { x: 90, y: 90 }, { x: 50, y: 90 }], attributes: {}, order: "a1" } });
  bench.give(...click(20, 20), ...drag([30, 30], [42, 35]));
  assert.deepEqual(bench.objects.a, car(10, 10, 32, 25));
  bench.give(...click(70, 70), ...drag([50, 50], [45, 45]));
  assert.deepEqual((bench.objects.p.vertices as JsonObject[])[0], { x: 45, y: 45 });
  bench.give(...drag([90, 70], [95, 72]));
  assert.equal((bench.objects.p.vertices as JsonObject[]).length, 5);
  bench.give(key("Delete"));
  assert.equal((bench.objects.p.vertices as JsonObject[]).length, 4);
  bench.give(...click(90, 90, true));
  assert.equal((bench.objects.p.vertices as JsonObject[]).length, 3);
  bench.give(...click(45, 45, true));
  assert.equal(bench.notice, "This polygon cannot have fewer vertices.");
});

test("every shape keeps its geometry over write and read", () => {
  const random = seeded(5);
  for (let i = 0; i < 100; i++) {
    const value = () => Math.round(random() * 9000) / 100;
    const samples: [Shape, unknown][] = [
      [BoxGeometry, box(value(), value(), value(), value(), i % 2 === 0 ? 0 : random() * 6)],
      [PolygonGeometry, Array.from({ length: 3 + (i % 5) }, () => ({ x: value(), y: value() }))],
    ];
    for (const [shape, geometry] of samples) assert.deepEqual(shape.read(shape.write(geometry, {})), geometry);
  }
});
