import { test } from "node:test";
import assert from "node:assert/strict";
import { ItemReader } from "../engine/items.js";
import { NO_MODIFIERS, shapeFor, type Modifiers } from "../engine/Shape.js";
import type { Input, PointerInput, Tool, ToolContext } from "../engine/Tool.js";
import type { CuboidDrawing } from "../math/cuboid.js";
import { ellipseOf } from "../math/ellipse.js";
import { seeded } from "../math/random.js";
import { clampPoint, type ImageBounds } from "../math/space.js";
import { checkDraft } from "../model/checks.js";
import { apply, collectionsOf, documentFrom, type Document } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import { changeObject } from "../model/plans.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { BoxTool } from "./box/Tool.js";
import { CuboidGeometry } from "./cuboid/Shape.js";
import { CuboidTool } from "./cuboid/Tool.js";
import { EllipseGeometry } from "./ellipse/Shape.js";
import { EllipseTool } from "./ellipse/Tool.js";
import { fallbackShape, shapes } from "./index.js";

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
const near = (a: number, b: number, tolerance: number, words: string) => assert(Math.abs(a - b) <= tolerance, `${words}: ${a} is not near ${b}`);

class Bench {
  document: Document = documentFrom({});
  state: unknown;
  notices: string[] = [];
  readonly #reader = new ItemReader(shapes, fallbackShape);
  #keys = 0;

  constructor(readonly tool: Tool<never>, readonly taxonomy = TAXONOMY, readonly limits = BOUNDS) {
    this.state = tool.start;
  }

  get objects(): JsonObject[] { return Object.values(collectionsOf(this.document).annotations ?? {}); }

  context(): ToolContext {
    const integers = this.taxonomy.geometries[this.tool.draws ?? ""]?.integerPixels === true;
    return {
      view: { scale: 2, x: 0, y: 0 }, limits: this.limits, taxonomy: this.taxonomy, items: this.#reader.read(this.document.get("annotations") ?? new Map()), selection: [],
      label: "car", tolerance: 3, newKey: () => `new${++this.#keys}`, integers, camera: this.taxonomy.geometries.cuboid?.camera ?? null,
      locked: () => false, removable: () => true, hidden: () => false, snap: (point) => clampPoint(point, this.limits),
    };
  }

  give(...inputs: Input[]): this {
    for (const input of inputs) {
      const result = (this.tool as Tool<unknown>).on(this.state, input, this.context());
      this.state = result.state;
      if (result.notice !== undefined) this.notices.push(result.notice);
      if (result.plan !== undefined) this.document = apply(this.document, result.plan(this.document)) as Document;
    }
    return this;
  }

  /** Every object with every handle, to anywhere. */
  pullAll(random: () => number): void {
    for (const [name, object] of Object.entries(collectionsOf(this.document).annotations ?? {})) {
      const shape = shapeFor(shapes, object.type as string), rule = this.taxonomy.geometries[object.type as string];
      let geometry: unknown = shape?.read(object) ?? null;
      if (shape === null || geometry === null) throw new Error(`${name} cannot be read`);
      for (let i = 0; i < 12; i++) {
        const limits = { bounds: this.limits, rule }, handles = shape.handles(geometry, limits);
        const to = { x: random() * 500 - 100, y: random() * 400 - 100 };
        geometry = shape.pull(geometry, handles[Math.floor(random() * handles.length)].id, to, limits, { ...NO_MODIFIERS, shift: random() < 0.3, alt: random() < 0.3 });
        if (i % 4 === 3) geometry = shape.move(geometry, random() * 200 - 100, random() * 200 - 100, limits);
      }
      const change = changeObject(name, (before) => shape.write(geometry, before));
      this.document = apply(this.document, change(this.document)) as Document;
    }
  }

  preview(): unknown { return (this.tool as Tool<unknown>).preview(this.state, this.context())?.geometry ?? null; }
}

type Keys = Partial<Modifiers>;
const pointer = (kind: PointerInput["kind"], [x, y]: [number, number], keys: Keys = {}): PointerInput => ({ kind, at: { x, y }, screen: { x: x * 2, y: y * 2 }, ...NO_MODIFIERS, ...keys });
const click = (at: [number, number], keys: Keys = {}): Input[] => [pointer("move", at, keys), pointer("down", at, keys), pointer("up", at, keys)];
const drag = (a: [number, number], b: [number, number], keys: Keys = {}): Input[] => [pointer("down", a, keys), pointer("move", b, keys), pointer("up", b, keys)];
const key = (name: string): Input => ({ kind: "key", key: name, ...NO_MODIFIERS });
const CANCEL: Input = { kind: "cancel" };
const SHIFT: Keys = { shift: true }, ALT: Keys = { alt: true };

test("boxes: dragged or clicked, square, from the centre, up to the border", () => {
  const table: [string, Input[], [number, number, number, number] | null][] = [
    ["drag", drag([100, 100], [40, 60]), [40, 60, 60, 40]],
    ["two clicks", [...click([40, 60]), ...click([100, 100])], [40, 60, 60, 40]],
    ["square", drag([100, 100], [40, 90], SHIFT), [40, 40, 60, 60]],
    ["square to the border", drag([100, 100], [250, 500], SHIFT), [100, 100, 100, 100]],
    ["centre", drag([100, 100], [130, 110], ALT), [70, 90, 60, 20]],
    ["square from the centre at the border", drag([10, 100], [90, 100], { ...SHIFT, ...ALT }), [-20, 70, 60, 60]],
    ["beyond the border", drag([300, 150], [900, 900]), [300, 150, 20, 50]],
    ["given up", [...click([40, 60]), CANCEL, pointer("move", [90, 90])], null],
    ["taken back", [...click([40, 60]), key("Undo")], null],
  ];
  for (const [name, inputs, expected] of table) {
    const bench = new Bench(BoxTool as Tool<never>).give(...inputs);
    const [box] = bench.objects;
    assert.deepEqual(box === undefined ? null : [box.left, box.top, box.width, box.height], expected, name);
    assert.equal(bench.preview(), null, name);
  }
});

test("a box that is too small stays in hand until it is large enough", () => {
  const bench = new Bench(BoxTool as Tool<never>).give(...drag([50, 50], [60, 54]));
  assert.deepEqual(bench.notices, ["This box is 10 × 4 px; at least 8 × 6 px are needed. Click further away, or Esc."]);
  assert.deepEqual(bench.objects, []);
  assert.deepEqual(bench.preview(), { left: 50, top: 50, width: 10, height: 4, rotation: 0 });
  bench.give(...click([80, 90]));
  assert.deepEqual([bench.objects[0].width, bench.objects[0].height], [30, 40]);
});

test("boxes are drawn on whole pixels where the task asks for them", () => {
  const taxonomy = readTaxonomy({ geometries: { box: { objects_to_annotate: ["car"], integer_pixels: true } } });
  for (const keys of [{}, SHIFT, ALT, { ...SHIFT, ...ALT }]) {
    const [box] = new Bench(BoxTool as Tool<never>, taxonomy).give(...drag([10.4, 10.6], [40.7, 33.3], keys)).objects;
    for (const side of ["left", "top", "width", "height"]) assert(Number.isInteger(box[side]), side);
    if (keys.shift === true) assert.equal(box.width, box.height);
  }
});

const ellipse = (bench: Bench) => {
  const read = bench.objects[0] === undefined ? null : EllipseGeometry.read(bench.objects[0]);
  if (read === null) return null;
  const { centre, a, b, rotation } = ellipseOf(read);
  return [centre.x, centre.y, a, b, (rotation * 180) / Math.PI].map((value) => Math.round(value * 10) / 10);
};

test("ellipses: by the rectangle, from the centre by two radii, by one axis and the width", () => {
  const table: [string, Input[], number[] | null][] = [
    ["rectangle", drag([40, 60], [100, 100]), [70, 80, 30, 20, 0]],
    ["circle", drag([40, 60], [100, 70], SHIFT), [70, 90, 30, 30, 0]],
    ["rectangle from the centre", drag([100, 100], [140, 120], ALT), [100, 100, 40, 20, 0]],
    ["two radii", [...click([100, 100]), ...click([140, 100]), ...click([110, 85])], [100, 100, 40, 15, 0]],
    ["two radii, turned", [...click([100, 100]), ...click([100, 140]), ...click([120, 100])], [100, 100, 40, 20, 90]],
    ["steps of an angle", [...click([100, 100]), ...click([139, 3 + 100], SHIFT), ...click([100, 120])], [100, 100, 39.1, 20, 0]],
    ["circle by radius", [...click([100, 100]), ...click([140, 100]), ...click([101, 101], SHIFT)], [100, 100, 40, 40, 0]],
    ["axis and width", [...click([60, 100], ALT), ...click([140, 100]), ...click([90, 125])], [100, 100, 40, 25, 0]],
    ["a centre that becomes an end", [...click([60, 100]), pointer("move", [90, 100]), key("Tab"), ...click([140, 100]), ...click([90, 125])], [100, 100, 40, 25, 0]],
    ["the axis taken back", [...click([100, 100]), ...click([140, 100]), key("Undo"), ...click([120, 100]), ...click([100, 110])], [100, 100, 20, 10, 0]],
    ["up to the border", [...click([0, 100]), ...click([200, 100]), ...click([0, 110])], [0, 100, 20, 10, 0]],
    ["given up", [...click([100, 100]), ...click([140, 100]), CANCEL, ...click([90, 90]), CANCEL], null],
  ];
  for (const [name, inputs, expected] of table) assert.deepEqual(ellipse(new Bench(EllipseTool as Tool<never>).give(...inputs)), expected, name);
});

test("an ellipse without width stays in hand", () => {
  const bench = new Bench(EllipseTool as Tool<never>).give(...click([100, 100]), ...click([140, 100]), ...click([120, 100]));
  assert(/both axes must be at least 2 px long/.test(bench.notices[0]));
  assert.deepEqual(ellipse(bench.give(...click([120, 110]))), [100, 100, 40, 10, 0]);
});

test("cuboids: face and side by clicks or drags, or the face alone", () => {
  const plain = readTaxonomy({ geometries: { cuboid: { objects_to_annotate: ["car"], min_width: 10, min_height: 12 } } });
  const face: Input[] = drag([100, 50], [150, 90]);
  const table: [string, Input[], CuboidDrawing["side"] | "nothing"][] = [
    ["side by a click", [...face, ...click([80, 85])], { x: 80, top: 50, bottom: 85 }],
    ["side by its edge", [...face, ...drag([180, 85], [182, 55])], { x: 180, top: 55, bottom: 85 }],
    ["edge drawn downwards", [...face, ...drag([180, 55], [182, 85])], { x: 180, top: 55, bottom: 85 }],
    ["face by clicks", [...click([100, 50]), ...click([150, 90]), ...drag([180, 85], [180, 55])], { x: 180, top: 55, bottom: 85 }],
    ["skipped by Enter", [...face, key("Enter")], null],
    ["skipped by a click in the face", [...face, ...click([120, 70])], null],
    ["given up", [...face, CANCEL], "nothing"],
    ["face taken back and drawn again", [...face, key("Undo"), ...click([150, 90]), key("Enter")], null],
  ];
  for (const [name, inputs, side] of table) {
    const bench = new Bench(CuboidTool as Tool<never>, plain).give(...inputs);
    const read = bench.objects[0] === undefined ? "nothing" : CuboidGeometry.read(bench.objects[0]);
    if (side === "nothing" || read === "nothing" || read === null) assert.equal(read, side, name);
    else {
      assert.deepEqual({ ...read, side: null }, { left: 100, top: 50, right: 150, bottom: 90, side: null }, name);
      if (name === "side by a click") assert(read.side !== null && read.side.x === 80 && read.side.bottom === 85 && read.side.top > 40 && read.side.top < 60, JSON.stringify(read.side));
      else assert.deepEqual(read.side, side, name);
    }
  }
});

test("with a camera the side gets the height that the shared edge has, and a face that is too small stays in hand", () => {
  const wide: ImageBounds = { left: 0, top: 0, right: 1920, bottom: 1080 };
  const bench = new Bench(CuboidTool as Tool<never>, TAXONOMY, wide).give(...drag([1278, 502], [1416, 638]), ...click([1115, 602]));
  const drawn = CuboidGeometry.read(bench.objects[0]);
  near(drawn?.side?.top ?? NaN, 503.5, 1, "top of the side");
  assert.deepEqual(bench.notices, []);
  const small = new Bench(CuboidTool as Tool<never>).give(...drag([100, 50], [150, 55]));
  assert.deepEqual(small.notices, ["This face is 50 × 5 px; at least 10 × 12 px are needed. Click further away, or Esc."]);
  assert.deepEqual(small.give(...click([150, 90]), key("Enter")).objects.length, 1);
  assert(/only the face is drawn/.test(small.notices[1]));
});

test("whatever is done with the tools and the handles, the rules find nothing wrong with what was drawn", () => {
  const integers = readTaxonomy({ geometries: { box: { objects_to_annotate: ["car"], integer_pixels: true, can_rotate: true, min_width: 7.5 } }, paddingX: 20 });
  const padded = readTaxonomy({
    geometries: { ...PARAMS.geometries as JsonObject, cuboid: { objects_to_annotate: ["car"], min_width: 9.995, min_height: 11.995 } }, paddingX: 20,
  });
  const tools: [Tool<never>, typeof padded][] = [
    [BoxTool as Tool<never>, padded], [BoxTool as Tool<never>, integers], [EllipseTool as Tool<never>, padded], [CuboidTool as Tool<never>, padded],
  ];
  for (const [tool, taxonomy] of tools) {
    let drawn = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed), bench = new Bench(tool, taxonomy);
      const place = (): [number, number] => [random() * 400 - 50, random() * 260 - 30];
      const keys = (): Keys => ({ shift: random() < 0.25, alt: random() < 0.25 });
      for (let i = 0; i < 40; i++) {
        const what = random(), at = place(), near: [number, number] = random() < 0.5 ? place() : [at[0] + random() * 4, at[1] + random() * 4];
        if (what < 0.4) bench.give(...drag(at, near, keys()));
        else if (what < 0.9) bench.give(...click(at, keys()));
        else bench.give(what < 0.93 ? key("Enter") : what < 0.96 ? key("Undo") : what < 0.98 ? key("Tab") : CANCEL);
      }
      bench.pullAll(random);
      drawn += bench.objects.length;
      const issues = checkDraft(taxonomy, { width: 300, height: 200 }, collectionsOf(bench.document));
      assert.deepEqual(issues, [], `${tool.id}, seed ${seed}: ${JSON.stringify(issues[0])} ${JSON.stringify(bench.objects)}`);
    }
    assert(drawn > 100, `${tool.id}: ${drawn}`);
  }
});
