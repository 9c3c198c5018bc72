import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../json.js";
import { addQuestion, keyFrom, questionsOf, removeQuestion, withCondition } from "./attributes.js";
import { labelsFrom, mapEntries, objectLabels, withColour, writeEntry } from "./labels.js";
import { at, moveMember, put, renameMember } from "./members.js";
import { renameAttribute, renameChoice, renameLabel, renameLink } from "./references.js";

/** Names stand wherever they can stand, beside members that the builder does not know. */
const PARAMS: JsonObject = {
  future: { kept: [1, null] },
  geometries: {
    box: { objects_to_annotate: ["cat", { choice: "animal", display: "Animal", note: 1, subchoices: ["dog", { choice: "cow", instance_label: true }] }], min_width: 4 },
    point: { objects_to_annotate: ["cat", "tail"], connections: [{ pair: ["cat", "tail"], connection_attribute: "whose" }] },
  },
  annotation_attributes: {
    sleeping: { choices: ["yes", "no"], conditions: { label_condition: { label: "cat", strict: true } } },
    dreaming: { type: "text", conditions: { label_condition: { label: ["cat", "dog"] }, attribute_conditions: [{ sleeping: ["yes"], whose: "x" }, { sleeping: "yes" }] } },
    whose: { type: "linked", allowed_labels: ["cat"] },
    total: { type: "number", conditions: { is_global: true } },
    how: { type: "text", conditions: { label_condition: { label: ["looks at"] } } },
  },
  links: { "looks at": { from_allowed_labels: ["dog"], to_allowed_labels: ["cat"], future: 1 }, near: [{ from_allowed_labels: ["cat"], to_allowed_labels: ["cat"] }] },
  label_colors: { cat: "#112233" },
};

test("a renamed label is renamed wherever it stands, and back again gives the same", () => {
  const renamed = renameLabel(PARAMS, "cat", "kitten");
  assert.equal(JSON.stringify(renamed).includes("\"cat\""), false);
  assert.deepEqual(at(renamed, ["geometries", "point", "connections", 0, "pair"]), ["kitten", "tail"]);
  assert.deepEqual(at(renamed, ["annotation_attributes", "sleeping", "conditions", "label_condition"]), { label: "kitten", strict: true });
  assert.equal(JSON.stringify(renameLabel(renamed, "kitten", "cat")), JSON.stringify(PARAMS));
  const nested = renameLabel(PARAMS, "dog", "hound");
  assert.equal(JSON.stringify(renameLabel(nested, "hound", "dog")), JSON.stringify(PARAMS));
  assert.deepEqual(objectLabels(nested), ["cat", "hound", "cow", "tail"]);
});

test("a renamed question is renamed in conditions and in the lines between points", () => {
  const renamed = renameAttribute(renameAttribute(PARAMS, "sleeping", "asleep"), "whose", "owner");
  assert.deepEqual(at(renamed, ["annotation_attributes", "dreaming", "conditions", "attribute_conditions"]), [{ asleep: ["yes"], owner: "x" }, { asleep: "yes" }]);
  assert.equal(at(renamed, ["geometries", "point", "connections", 0, "connection_attribute"]), "owner");
  assert.deepEqual(Object.keys(renamed.annotation_attributes as JsonObject), ["asleep", "dreaming", "owner", "total", "how"]);
  assert.equal(JSON.stringify(renameAttribute(renameAttribute(renamed, "asleep", "sleeping"), "owner", "whose")), JSON.stringify(PARAMS));
});

test("a renamed choice is renamed where conditions want it, and only there", () => {
  const renamed = renameChoice(PARAMS, "sleeping", "yes", "asleep");
  assert.deepEqual(at(renamed, ["annotation_attributes", "sleeping", "choices"]), ["asleep", "no"]);
  assert.deepEqual(at(renamed, ["annotation_attributes", "dreaming", "conditions", "attribute_conditions"]), [{ sleeping: ["asleep"], whose: "x" }, { sleeping: "asleep" }]);
});

test("a renamed link takes its questions along", () => {
  const renamed = renameLink(PARAMS, "looks at", "sees");
  assert.deepEqual(Object.keys(renamed.links as JsonObject), ["sees", "near"]);
  assert.equal(questionsOf(renamed).find(({ key }) => key === "how")?.level, "links");
});

test("a removed question leaves no condition on it behind", () => {
  const left = removeQuestion(PARAMS, "sleeping");
  assert.deepEqual(at(left, ["annotation_attributes", "dreaming", "conditions"]), { label_condition: { label: ["cat", "dog"] }, attribute_conditions: [{ whose: "x" }] });
  const all = Object.keys(PARAMS.annotation_attributes as JsonObject).reduce((params, key) => removeQuestion(params, key), PARAMS);
  assert.equal("annotation_attributes" in all, false);
  assert.equal(all.future, PARAMS.future);
});

test("labels are written as short as they came, and members that are not known stay", () => {
  assert.equal(writeEntry("cat", { choice: "kitten" }), "kitten");
  assert.deepEqual(writeEntry("cat", { display: "Cat" }), { choice: "cat", display: "Cat" });
  assert.equal(writeEntry({ choice: "cat", display: "Cat" }, { display: "" }), "cat");
  assert.deepEqual(writeEntry({ choice: "cat" }, { choice: "kitten" }), { choice: "kitten" });
  assert.deepEqual(writeEntry({ choice: "a", note: 1, subchoices: ["b"] }, { children: [] }), { choice: "a", note: 1 });
  assert.deepEqual(mapEntries(["a", 7, { choice: "b", subchoices: ["a", "c"] }], (item, { choice }) => (choice === "a" ? null : item)), [7, { choice: "b", subchoices: ["c"] }]);
  assert.deepEqual(labelsFrom(" cat\n\ndog\ncat\n", ["dog"]), ["cat"]);
});

test("questions know what they are about", () => {
  assert.deepEqual(questionsOf(PARAMS).map(({ key, level, isRequired }) => [key, level, isRequired]), [
    ["sleeping", "objects", true], ["dreaming", "objects", true], ["whose", "objects", false], ["total", "picture", true], ["how", "links", true],
  ]);
  const { params, key } = addQuestion(PARAMS, "picture", null);
  assert.equal(questionsOf(params).find((question) => question.key === key)?.level, "picture");
  assert.equal(addQuestion(params, "objects", "cat").key, "question_2");
  assert.deepEqual(withCondition({ conditions: { is_global: true } }, "is_global", undefined), {});
  assert.equal(keyFrom("  Wie viele Kätzchen? "), "wie_viele_katzchen");
});

test("members are put, taken away, moved and renamed in their place", () => {
  assert.deepEqual(put({}, ["a", "b", 0], 1), { a: { b: [1] } });
  assert.deepEqual(put({ a: [1, 2, 3] }, ["a", 1], undefined), { a: [1, 3] });
  assert.deepEqual(put({ a: 1 }, ["x", "y"], undefined), { a: 1 });
  assert.deepEqual(Object.keys(renameMember({ a: 1, b: 2, c: 3 }, "b", "c")), ["a", "c"]);
  assert.deepEqual(Object.keys(moveMember({ a: 1, b: 2, c: 3 }, "a", 5)), ["b", "c", "a"]);
  const coloured = withColour(PARAMS, "dog", "#ff0000");
  assert.deepEqual(withColour(coloured, "dog", null), PARAMS);
  assert.equal("label_colors" in withColour({ label_colors: { a: "#000000" } }, "a", null), false);
});
