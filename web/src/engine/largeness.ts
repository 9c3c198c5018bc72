import type { Operation } from "../model/document.js";

/** Beyond this the server does not take a step; in characters of JSON, which are few bytes more. */
const LARGEST_STEP = 8_000_000;
/** Steps with fewer operations are not measured: objects are small. */
const MANY = 200;

/** Why a step cannot be sent as one, in words; null when it can. */
export function largeness(operations: readonly Operation[]): string | null {
  if (operations.length < MANY || JSON.stringify(operations).length <= LARGEST_STEP) return null;
  return `${operations.length} objects with so many vertices are too much for one step. Choose fewer of them.`;
}
