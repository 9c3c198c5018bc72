import { test } from "node:test";
import assert from "node:assert/strict";
import { checkDraft, checkResponse } from "../checks.js";
import { buildResponse } from "../response.js";
import { readTaxonomy } from "../taxonomy.js";
import { randomTask } from "./random.js";
import { OLDER_TYPES } from "./randomTasks.js";

const PICTURE = { width: 320, height: 240 };
const seeds = Array.from({ length: 300 }, (_, i) => i + 1);

test("random tasks are mostly solved, and random faults are mostly found", () => {
  const tasks = seeds.map((seed) => randomTask(seed, PICTURE));
  assert(tasks.filter(({ isSolved }) => isSolved).length > 200);
  const newer = tasks.filter(({ type }) => OLDER_TYPES[type] === undefined);
  const drafts = newer.flatMap(({ params, drafts: [first] }) => checkDraft(readTaxonomy(params), PICTURE, first).length);
  assert(drafts.filter((count) => count > 0).length > newer.length / 2);
});

test("whatever the draft, checking it ends, and a response that passes passes again", () => {
  for (const seed of seeds) {
    const { type, params, drafts } = randomTask(seed, PICTURE);
    if (OLDER_TYPES[type] !== undefined) continue;
    const taxonomy = readTaxonomy(params);
    for (const draft of drafts) {
      const response = buildResponse(taxonomy, draft);
      assert.deepEqual(checkResponse(taxonomy, PICTURE, response, "submit"), checkDraft(taxonomy, PICTURE, draft).filter(({ level }) => level === undefined), `seed ${seed}`);
    }
  }
});
