// The table of rules that the server's tests run too: both sides must write the same responses and find the same faults at the same
// places. The words differ, because the server speaks to programs and this side to the person who labels.
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import assert from "node:assert/strict";
import { checkDraft, checkResponse } from "./checks.js";
import type { DraftCollections } from "./document.js";
import { isObject, objectsOf, type Json, type JsonObject } from "./json.js";
import { buildResponse } from "./response.js";
import { RULES, ruleNames, without, type RuleBook } from "./rules/book.js";
import { readTaxonomy, type Taxonomy } from "./taxonomy.js";

/** Files about task types that have no picture, and so no editor that draws on one. */
const OTHER_FILES: { readonly [file: string]: string } = {
  "categories.json": "categories are chosen in a form",
  "documents.json": "documents are answered in a form",
  "field-texts.json": "fields are answered in a form",
  "form-fields.json": "fields are answered in a form",
  "spans.json": "entities are marked in texts",
};
/** The older types with the geometry that each of them draws. */
const OLDER_TYPES: { readonly [type: string]: string } = {
  annotation: "box", polygonannotation: "polygon", lineannotation: "line", pointannotation: "point", cuboidannotation: "cuboid",
};
const MEMBERS = ["name", "params", "attachments", "document", "given", "strictness", "issues", "response"];
const FIXTURES = new URL("../../../Tests/Fixtures/", import.meta.url);

interface Case {
  readonly title: string;
  readonly taxonomy: Taxonomy;
  readonly picture: { readonly width: number; readonly height: number } | null;
  readonly rule: JsonObject;
}

const files = readdirSync(new URL("rules/", FIXTURES)).filter((name) => name.endsWith(".json") && OTHER_FILES[name] === undefined);
const cases = files.flatMap(casesIn);

test("every file that is left out is there", () => {
  const names = readdirSync(new URL("rules/", FIXTURES));
  assert.deepEqual(Object.keys(OTHER_FILES).filter((name) => !names.includes(name)), []);
});

test("there are many rules about pictures and no two of a name", () => {
  assert(cases.length >= 300, `${cases.length} cases`);
  assert.equal(new Set(cases.map(({ title }) => title)).size, cases.length);
});

for (const one of cases) test(one.title, () => holds(one, RULES));

test("the server keeps rules of the same names", () => {
  const names = ruleNames(RULES);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual([...names].sort(), JSON.parse(readFileSync(new URL("rule-names.json", FIXTURES), "utf8")));
});

for (const name of ruleNames(RULES)) {
  test(`some case needs the rule that ${name}`, () => {
    const book = without(RULES, name);
    assert(cases.some((one) => !doesHold(one, book)));
  });
}

function casesIn(file: string): Case[] {
  const table = objectIn(JSON.parse(readFileSync(new URL(`rules/${file}`, FIXTURES), "utf8")) as Json, file);
  return objectsOf(table.cases).map((rule) => {
    const title = `${file}: ${String(rule.name)}`;
    assert.deepEqual(Object.keys(rule).filter((member) => !MEMBERS.includes(member)), [], title);
    const [size] = objectsOf(rule.attachments ?? table.attachments);
    return {
      title, rule,
      taxonomy: taxonomyOf(String(table.type), { ...objectIn(table.params), ...objectIn(rule.params) }),
      picture: size === undefined ? null : { width: Number(size.width), height: Number(size.height) },
    };
  });
}

/** The taxonomy as the editor gets it: of older types in the form of the newer one. */
function taxonomyOf(type: string, params: JsonObject): Taxonomy {
  const geometry = OLDER_TYPES[type];
  if (geometry !== undefined) return readTaxonomy({ ...params, geometries: { [geometry]: params } }, { isLegacy: true });
  assert.equal(type, "imageannotation");
  return readTaxonomy(params);
}

function holds({ rule, taxonomy, picture }: Case, book: RuleBook): void {
  const wanted = objectsOf(rule.issues);
  if (rule.given !== undefined) {
    const found = checkResponse(taxonomy, picture, rule.given, rule.strictness === "draft" ? "draft" : "submit", book);
    assert.deepEqual(found.map(({ path }) => path).sort(), wanted.map(({ path }) => String(path)).sort());
    return;
  }
  const document = objectIn(rule.document) as DraftCollections;
  const found = checkDraft(taxonomy, picture, document, book).filter(({ level }) => level === undefined).map(({ path, key }) => `${path} of ${String(key)}`).sort();
  assert.deepEqual(found, wanted.map(({ path, key }) => `${String(path)} of ${String(key)}`).sort());
  if (rule.response !== undefined) assert.deepEqual(rounded(buildResponse(taxonomy, document, book)), rounded(rule.response));
}

function doesHold(one: Case, book: RuleBook): boolean {
  try {
    holds(one, book);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "AssertionError") return false;
    throw error;
  }
}

/** Numbers to six decimals; the last bits of computed corners may differ. */
function rounded(value: Json): Json {
  if (typeof value === "number") return Math.round(value * 1e6) / 1e6 + 0;
  if (Array.isArray(value)) return (value as readonly Json[]).map(rounded);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member)])) : value;
}

function objectIn(value: Json | undefined, name = ""): JsonObject {
  if (value === undefined && name === "") return {};
  assert(isObject(value), `${name} is not an object`);
  return value;
}
