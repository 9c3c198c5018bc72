import type { DraftCollections } from "./document.js";
import type { JsonObject } from "./json.js";
import { RULES, type RuleBook } from "./rules/book.js";
import { writtenResponse } from "./rules/writing.js";
import type { Taxonomy } from "./taxonomy.js";

/** The response that a draft amounts to, as the server writes it on submission. */
export function buildResponse(taxonomy: Taxonomy, draft: DraftCollections, book: RuleBook = RULES): JsonObject {
  return writtenResponse({ taxonomy, draft, book });
}
