import { apply, objectAt, overwrite, type Document, type Operation, type Step } from "../model/document.js";
import { sameJson } from "../model/json.js";
import type { JournalEntry } from "./journal.js";

/** Characters of operations that one request carries; the server takes ten megabytes. */
const REQUEST = 2_000_000;
/** What a single step may be, a little below what the server takes. */
const STEP = 9_000_000;
/** Operations that the server takes in one step. */
const OPERATIONS = 20_000;

/** A text of JSON whose lone surrogates, which no server can store, have become replacement characters. */
function wellFormed(text: string): string {
  // JSON.stringify escapes only lone surrogates as \ud…; an escaped backslash in front of such letters is passed over.
  return text.includes("\\ud") ? text.replace(/\\(?:\\|ud[89a-f][0-9a-f]{2})/g, (found) => (found === "\\\\" ? found : "\ufffd")) : text;
}

const sizes = new WeakMap<readonly Operation[], number>();

/** Operations as they arrive at the server: without members that are undefined, without numbers that JSON does not have. */
export function asSent(operations: readonly Operation[]): readonly Operation[] {
  const text = wellFormed(JSON.stringify(operations));
  const sent = JSON.parse(text) as readonly Operation[];
  sizes.set(sent, text.length);
  return sent;
}

function sizeOf(operations: readonly Operation[]): number {
  let size = sizes.get(operations);
  if (size === undefined) {
    size = JSON.stringify(operations).length;
    sizes.set(operations, size);
  }
  return size;
}

/** Why a step is more than the server takes, in words; null where it is not. */
export function tooMuch(operations: readonly Operation[]): string | null {
  if (operations.length > OPERATIONS) return `it changes ${operations.length.toLocaleString()} things at once, and ${OPERATIONS.toLocaleString()} are possible. Do it in parts.`;
  if (sizeOf(operations) > STEP) return `it is ${Math.ceil(sizeOf(operations) / 1_000_000)} megabytes large, and 9 are possible. Do it in parts.`;
  return null;
}

/**
 * The steps of the next request: the oldest of one writer, at most so many, and not too much for one request. A step that is sent again
 * behind later ones begins a request of its own, because the server takes those of one request in the order of their making.
 */
export function nextBatch(queue: readonly JournalEntry[], limit: number): readonly JournalEntry[] {
  let size = 0;
  const end = queue.findIndex((entry, i) => {
    size += sizeOf(entry.operations);
    return i > 0 && (i >= limit || size > REQUEST || entry.writer !== queue[0].writer || entry.sequence < queue[i - 1].sequence);
  });
  return end < 0 ? queue : queue.slice(0, end);
}

/**
 * The base after the steps that others made and the own ones that were accepted. The reply does not tell how the two interleaved, but for
 * each object any order in which every `before` fits ends with the same value. Null when neither order fits, or when it is unclear
 * whether an accepted step is in the base already.
 */
export function follow(base: Document, missed: readonly Step[], accepted: readonly Step[]): Document | null {
  for (const order of [[...missed, ...accepted], [...accepted, ...missed]]) {
    const result = order.reduce<Document | null>((document, { operations }) => {
      if (document === null) return null;
      const next = apply(document, operations);
      if (next !== null) return next;
      const already = operations.every(({ collection, key, after }) => sameJson(objectAt(document, collection, key), after));
      return already ? overwrite(document, operations) : null;
    }, base);
    if (result !== null) return result;
  }
  return null;
}

export function sameOperations(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a.length === b.length && a.every((operation, i) => {
    const other = b[i];
    return operation.collection === other.collection && operation.key === other.key
      && sameJson(operation.before, other.before) && sameJson(operation.after, other.after);
  });
}
