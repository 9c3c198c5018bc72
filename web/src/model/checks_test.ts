import { test } from "node:test";
import assert from "node:assert/strict";
import { answerFault, checkDraft } from "./checks.js";
import { visibleAnswers, visibleAttributes } from "./conditions.js";
import type { JsonObject } from "./json.js";
import { labelChoices, leavesOf, readTaxonomy } from "./taxonomy.js";

const PARAMS: JsonObject = {
  geometries: {
    box: {
      objects_to_annotate: ["sign", { choice: "vehicle", subchoices: ["car", { choice: "truck", display: "truck or SUV" }] }],
      min_width: "5", min_height: 4, integer_pixels: false,
    },
    polygon: { objects_to_annotate: ["road", "car"], max_vertices: 5 },
  },
  annotation_attributes: {
    occlusion: { description: "Hidden", choices: ["0%", "50%"], conditions: { label_condition: { label: ["car", "truck"] } } },
    hidden_by: { type: "text", description: "What hides it", conditions: { attribute_conditions: [{ occlusion: ["50%"] }] } },
    wheels: { type: "number", description: "Wheels", min: 2, max: 8, step: 2, required: false },
    night: { description: "Night", choices: ["yes", "no"], conditions: { is_global: true } },
  },
  paddingX: 10,
};
const taxonomy = readTaxonomy(PARAMS);
const picture = { width: 100, height: 80 };
const box = (over: JsonObject = {}): JsonObject => ({ type: "box", label: "sign", left: 10, top: 10, width: 20, height: 20, attributes: {}, order: "a0", ...over });
const night = { night: { value: "no" } };
const paths = (annotations: { [key: string]: JsonObject }, attributes: { [key: string]: JsonObject } = night) =>
  checkDraft(taxonomy, picture, { annotations, attributes }).map(({ path }) => path);

test("only leaves are labels, and a label knows every geometry that may carry it", () => {
  assert.deepEqual(labelChoices(taxonomy).map(({ choice, display, headings, geometries }) => [choice, display, headings, geometries]), [
    ["sign", "sign", [], ["box"]],
    ["car", "car", ["vehicle"], ["box", "polygon"]],
    ["truck", "truck or SUV", ["vehicle"], ["box"]],
    ["road", "road", [], ["polygon"]],
  ]);
  assert.deepEqual(leavesOf([{ choice: "a", display: "a", children: [] }]).length, 1);
});

test("a right draft has no issues", () => {
  assert.deepEqual(paths({
    a: box(), b: box({ label: "car", attributes: { occlusion: "50%", hidden_by: "a tree", wheels: 4 }, order: "a1" }),
    c: { type: "polygon", label: "road", vertices: [{ x: -10, y: 0 }, { x: 110, y: 0 }, { x: 50, y: 80 }], order: "a2" },
  }), []);
});

const broken: [string, JsonObject, string[]][] = [
  ["no label", box({ label: null }), ["annotations[0].label"]],
  ["a heading as label", box({ label: "vehicle" }), ["annotations[0].label"]],
  ["a label of another geometry", box({ label: "road" }), ["annotations[0].label"]],
  ["a geometry that is not asked for", { type: "point", label: "sign", x: 1, y: 1 }, ["annotations[0].type"]],
  ["too narrow", box({ width: 4.99 }), ["annotations[0].width"]],
  ["just wide enough", box({ width: 5, height: 4 }), []],
  ["beyond the padding", box({ left: -10.5 }), ["annotations[0]"]],
  ["within the padding", box({ left: -10 }), []],
  ["above the picture where no padding is", box({ top: -1 }), ["annotations[0]"]],
  ["no complete position", { type: "box", label: "sign", left: 1, top: 2 }, ["annotations[0].width", "annotations[0].height"]],
  ["a vertex outside", { type: "polygon", label: "road", vertices: [{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 5, y: 81 }] }, ["annotations[0].vertices[2]"]],
  ["an answer to no question", box({ attributes: { smell: "good" } }), ["annotations[0].attributes.smell"]],
  ["rotated where it must not be", box({ rotation: 0.2 }), ["annotations[0].rotation"]],
  ["two vertices", { type: "polygon", label: "road", vertices: [{ x: 1, y: 1 }, { x: 2, y: 2 }] }, ["annotations[0].vertices"]],
  ["six vertices", { type: "polygon", label: "road", vertices: [1, 2, 3, 4, 5, 6].map((x) => ({ x, y: x * x })) }, ["annotations[0].vertices"]],
  ["a visible question without an answer", box({ label: "car" }), ["annotations[0].attributes.occlusion"]],
  ["a question opened by an answer", box({ label: "car", attributes: { occlusion: "50%" } }), ["annotations[0].attributes.hidden_by"]],
  ["only blanks as text", box({ label: "car", attributes: { occlusion: "50%", hidden_by: "  " } }), ["annotations[0].attributes.hidden_by"]],
  ["an unknown choice", box({ label: "car", attributes: { occlusion: "75%" } }), ["annotations[0].attributes.occlusion"]],
  ["a number beyond its range", box({ attributes: { wheels: 10 } }), ["annotations[0].attributes.wheels"]],
  ["a number between the steps", box({ attributes: { wheels: 3 } }), ["annotations[0].attributes.wheels"]],
  ["a wrong answer to a hidden question", box({ attributes: { occlusion: "nonsense", hidden_by: "" } }), []],
];
for (const [name, object, expected] of broken) {
  test(`check: ${name}`, () => assert.deepEqual(paths({ a: object }), expected));
}

test("issues name the object, in the order of the screen, and global questions are asked too", () => {
  const issues = checkDraft(taxonomy, picture, { annotations: { z: box({ order: "a0" }), a: box({ label: null, order: "a1" }) } });
  assert.deepEqual(issues.map(({ path, key }) => [path, key]), [["annotations[1].label", "a"], ["global_attributes.night", "night"]]);
});

test("conditions: any of the alternatives, all within one, hidden answers count as missing", () => {
  const { attributes } = readTaxonomy({
    annotation_attributes: {
      a: { choices: ["1", "2"], description: "a" },
      n: { type: "number", description: "n" },
      m: { choices: ["p", "q", "r"], allow_multiple: true, description: "m" },
      both: { type: "text", description: "b", conditions: { attribute_conditions: [{ a: "1", n: ["3", "4"] }] } },
      either: { type: "text", description: "e", conditions: { attribute_conditions: [{ a: "2" }, { m: ["p", "q"] }] } },
      chained: { type: "text", description: "c", conditions: { attribute_conditions: [{ both: ["x"] }] } },
      circle1: { type: "text", description: "1", conditions: { attribute_conditions: [{ circle2: "x" }] } },
      circle2: { type: "text", description: "2", conditions: { attribute_conditions: [{ circle1: "x" }] } },
    },
  });
  const shown = (answers: JsonObject) => visibleAttributes(attributes, "object", null, answers).map(({ key }) => key).filter((key) => key.length > 1);
  assert.deepEqual(shown({ a: "1" }), []);
  assert.deepEqual(shown({ a: "1", n: 3 }), ["both"]);
  assert.deepEqual(shown({ a: "2", m: [] }), ["either"]);
  assert.deepEqual(shown({ m: ["r", "q"] }), ["either"]);
  assert.deepEqual(shown({ a: "1", n: 4, both: "x" }), ["both", "chained"]);
  assert.deepEqual(shown({ a: "2", n: 4, both: "x" }), ["either"]);
  assert.deepEqual(shown({ circle1: "x", circle2: "x" }), []);
  assert.deepEqual(visibleAnswers(attributes, "object", null, { a: "2", both: "stale", either: "kept" }), { a: "2", either: "kept" });
});

test("an answer is judged by its type", () => {
  const read = (attribute: JsonObject) => readTaxonomy({ annotation_attributes: { k: { description: "K", ...attribute } } }).attributes[0];
  assert.equal(answerFault(read({ choices: ["a"], allow_multiple: true }), ["a"]), null);
  assert.equal(answerFault(read({ choices: ["a"], allow_multiple: true }), []), '"K" needs an answer.');
  assert.equal(answerFault(read({ choices: ["a"], allow_multiple: true }), "a"), '"K" takes a list of choices.');
  assert.equal(answerFault(read({ choices: ["a"] }), ["a"]), '"K" takes one choice.');
  assert.equal(answerFault(read({ type: "number", step: 0.1 }), 0.3), null);
  assert.equal(answerFault(read({ type: "number", min: 1, step: 2 }), 4), '"K" goes in steps of 2 from 1.');
  assert.equal(answerFault(read({ type: "number" }), "3"), '"K" must be a number.');
  assert.equal(answerFault(read({ type: "angle" }), 361), '"K" must be between 0 and 360 degrees.');
  assert.equal(answerFault(read({ type: "linked", allowed_labels: ["cat"] }), undefined), null);
  assert.equal(answerFault(read({ type: "linked", allowed_labels: ["cat"] }), "u", { u: { label: "cat" } }), null);
  assert.equal(answerFault(read({ type: "linked", allowed_labels: ["cat"] }), "u", { u: { label: "dog" } }), '"K" must point to cat.');
  assert.equal(answerFault(read({ type: "linked", allowed_labels: ["cat"] }), "v", {}), '"K" points to an object that is not there. Pick another.');
});
