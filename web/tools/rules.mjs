// The editor's rules for other programs: reads requests from standard input, one in a line, and answers each with a line.
//   {"make": seed, "picture"}                               → a random task with drafts for it
//   {"params", "is_legacy", "picture", "collections"}       → what the editor finds wrong with a draft, and the response it amounts to
// Bundle it first: esbuild tools/rules.mjs --bundle --platform=node --format=esm --target=node18 --outfile=rules.mjs
import { createInterface } from "node:readline";
import { checkDraft } from "../src/model/checks.ts";
import { buildResponse } from "../src/model/response.ts";
import { randomTask } from "../src/model/rules/random.ts";
import { readTaxonomy } from "../src/model/taxonomy.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  console.log(JSON.stringify(request.make === undefined ? judged(request) : randomTask(request.make, request.picture)));
}

function judged({ params, is_legacy: isLegacy, picture, collections }) {
  const taxonomy = readTaxonomy(params, { isLegacy });
  return { issues: checkDraft(taxonomy, picture, collections), response: buildResponse(taxonomy, collections) };
}
