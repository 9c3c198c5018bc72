// The table of rules that the server's tests run too. Both sides must find the same faults at the same places; the words differ, because
// the server speaks to programs and this side to the person who labels.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import assert from "node:assert/strict";
import { checkDraft, isAnswered, orderedAnnotations } from "./checks.js";
import { visibleAnswers } from "./conditions.js";
import type { DraftCollections } from "./document.js";
import { isObject, objectsOf, type Json, type JsonObject } from "./json.js";
import { readTaxonomy, type Taxonomy } from "./taxonomy.js";

/** Whole files that are not about what a person draws on a picture here. */
const OTHER_FILES: { readonly [file: string]: string } = {
  "base-annotations.json": "locked base annotations have no editor yet",
  "categories.json": "categorization has no editor yet",
  "cuboid-counts.json": "cuboids have no tool yet",
  "documents.json": "documents have no editor yet",
  "field-texts.json": "forms have no editor yet",
  "form-fields.json": "forms have no editor yet",
  "spans.json": "texts have no editor yet",
  "unlabelled.json": "the server leaves labels out of the response; the editor always asks for them",
};
const FILES = ["answers.json", "responses.json", "shapes.json", "visibility.json"];

/** What a case is about when its document holds more than the shapes that can be drawn here. */
const OTHER_SHAPES: { readonly [type: string]: string } = {
  point: "points have no tool yet",
  line: "lines have no tool yet",
  ellipse: "ellipses have no tool yet",
  cuboid: "cuboids have no tool yet",
};
const SHAPES = ["box", "polygon"];
const OTHER_COLLECTIONS: { readonly [name: string]: string } = { links: "links have no tool yet" };
const COLLECTIONS = ["annotations", "attributes"];
/** Members of cases that are for the server alone. */
const OTHER_MEMBERS: { readonly [name: string]: string } = {
  given: "a response that a program sends is read by the server alone",
  strictness: "goes with it",
};
const MEMBERS = ["name", "params", "attachments", "document", "issues", "response"];

const FOLDER = new URL("../../../Tests/Fixtures/rules/", import.meta.url);
/** Where a case knows no size, no position is too far out. */
const UNKNOWN_SIZE = { width: 1e9, height: 1e9 };

test("every file of rules is run or left out for a reason", () => {
  const known = [...FILES, ...Object.keys(OTHER_FILES)].sort();
  assert.deepEqual(readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort(), known);
});

for (const file of FILES) {
  const table = objectIn(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Json, file);
  for (const rule of objectsOf(table.cases)) {
    if (reasonToSkip(rule) === null) test(`${file}: ${String(rule.name)}`, () => run(table, rule));
  }
}

function run(table: JsonObject, rule: JsonObject): void {
  const taxonomy = readTaxonomy({ ...objectIn(table.params), ...objectIn(rule.params) });
  const [size] = objectsOf(rule.attachments ?? table.attachments);
  const picture = size === undefined ? UNKNOWN_SIZE : { width: Number(size.width), height: Number(size.height) };
  const document = objectIn(rule.document) as DraftCollections;
  const found = checkDraft(taxonomy, picture, document).map(({ path, key }) => `${path} of ${key}`).sort();
  assert.deepEqual(found, objectsOf(rule.issues).map(({ path, key }) => `${String(path)} of ${String(key)}`).sort());
  if (rule.issues === undefined) assert.deepEqual(answersIn(taxonomy, document), givenIn(objectIn(rule.response)));
}

/** The answers that will be handed in: of each object in order, then of the whole picture. */
function answersIn(taxonomy: Taxonomy, { annotations = {}, attributes = {} }: DraftCollections): Json[] {
  const angles = new Set(taxonomy.attributes.filter(({ type }) => type === "angle").map(({ key }) => key));
  // A full turn is stored as none; only the server writes what is stored.
  const kept = (answers: JsonObject) => Object.fromEntries(Object.entries(answers)
    .flatMap(([key, answer]) => (isAnswered(answer) ? [[key, angles.has(key) && answer === 360 ? 0 : answer]] : [])));
  const globals = Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value ?? null]));
  return [
    ...orderedAnnotations(annotations).map(([, object]) => (
      kept(visibleAnswers(taxonomy.attributes, "object", typeof object.label === "string" ? object.label : null, objectIn(object.attributes)))
    )),
    kept(visibleAnswers(taxonomy.attributes, "global", null, globals)),
  ];
}

function givenIn(response: JsonObject): Json[] {
  return [...objectsOf(response.annotations).map(({ attributes }) => objectIn(attributes)), objectIn(response.global_attributes)];
}

/** Why a case is not for this side; null for one that is. Fails for kinds of cases that nobody has thought about. */
function reasonToSkip(rule: JsonObject): string | null {
  const document = objectIn(rule.document);
  const types = Object.values(objectIn(document.annotations)).map((object) => String(objectIn(object).type));
  return reasonAmong(Object.keys(rule), MEMBERS, OTHER_MEMBERS)
    ?? reasonAmong(Object.keys(document), COLLECTIONS, OTHER_COLLECTIONS)
    ?? reasonAmong(types, SHAPES, OTHER_SHAPES);
}

function reasonAmong(names: readonly string[], known: readonly string[], others: { readonly [name: string]: string }): string | null {
  const strange = names.find((name) => !known.includes(name));
  if (strange === undefined) return null;
  const reason = others[strange];
  assert(reason !== undefined, `the rules speak of "${strange}", which this test does not know`);
  return reason;
}

function objectIn(value: Json | undefined, name = ""): JsonObject {
  if (value === undefined && name === "") return {};
  assert(isObject(value), `${name} is not an object`);
  return value;
}
