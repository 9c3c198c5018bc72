import { sameJson, type JsonObject } from "./json.js";

/** A change of one object; null stands for "is not there". */
export interface Operation {
  readonly collection: string;
  readonly key: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** Operations that belong together: one undoable act of one writer, numbered by that writer from 1. */
export interface Step {
  readonly id: string;
  readonly sequence: number;
  readonly operations: readonly Operation[];
}

export type Collection = ReadonlyMap<string, JsonObject>;

/** Collections of objects by key. Values are never changed in place, so an old document stays valid while a new one is made. */
export type Document = ReadonlyMap<string, Collection>;

export interface DraftCollections {
  readonly [collection: string]: { readonly [key: string]: JsonObject };
}

/** Where two writers changed the same object: what this one wants it to be and what it is now. */
export interface Conflict {
  readonly collection: string;
  readonly key: string;
  readonly mine: JsonObject | null;
  readonly theirs: JsonObject | null;
}

const EMPTY: Collection = new Map();

export function documentFrom(collections: DraftCollections): Document {
  return new Map(Object.entries(collections).map(([name, objects]) => [name, new Map(Object.entries(objects))]));
}

export function collectionsOf(document: Document): DraftCollections {
  const entries = [...document].filter(([, objects]) => objects.size > 0);
  return Object.fromEntries(entries.map(([name, objects]) => [name, Object.fromEntries(objects)]));
}

export function collection(document: Document, name: string): Collection {
  return document.get(name) ?? EMPTY;
}

export function objectAt(document: Document, name: string, key: string): JsonObject | null {
  return document.get(name)?.get(key) ?? null;
}

/** Writes what the operations leave behind, whatever was there before. */
export function overwrite(document: Document, operations: readonly Operation[]): Document {
  const result = new Map(document);
  const opened = new Map<string, Map<string, JsonObject>>();
  for (const { collection: name, key, after } of operations) {
    let objects = opened.get(name);
    if (objects === undefined) {
      objects = new Map(result.get(name) ?? EMPTY);
      opened.set(name, objects);
      result.set(name, objects);
    }
    if (after === null) objects.delete(key);
    else objects.set(key, after);
  }
  return result;
}

/** Applies all operations, or none: null when any `before` differs from what is there. */
export function apply(document: Document, operations: readonly Operation[]): Document | null {
  const seen = new Map<string, JsonObject | null>();
  for (const { collection: name, key, before, after } of operations) {
    const address = addressOf(name, key);
    const current = seen.has(address) ? seen.get(address) ?? null : objectAt(document, name, key);
    if (!sameJson(current, before)) return null;
    seen.set(address, after);
  }
  return overwrite(document, operations);
}

/** The operations that take back these ones, in reverse order. */
export function inverse(operations: readonly Operation[]): Operation[] {
  return operations.map(({ collection: name, key, before, after }) => ({ collection: name, key, before: after, after: before })).reverse();
}

export interface Rebased {
  /** The base with the writer's steps on top; the writer's version where the two conflict. */
  readonly document: Document;
  readonly conflicts: readonly Conflict[];
}

/** Puts unsent steps on top of a base that others may have changed meanwhile. */
export function rebase(base: Document, steps: readonly Step[]): Rebased {
  const current = new Map<string, JsonObject | null>();
  const disputed = new Map<string, { collection: string; key: string; theirs: JsonObject | null }>();
  for (const { operations } of steps) {
    for (const { collection: name, key, before, after } of operations) {
      const address = addressOf(name, key);
      const here = current.has(address) ? current.get(address) ?? null : objectAt(base, name, key);
      if (!sameJson(here, before) && !disputed.has(address)) {
        disputed.set(address, { collection: name, key, theirs: objectAt(base, name, key) });
      }
      current.set(address, after);
    }
  }
  const document = overwrite(base, steps.flatMap((step) => step.operations));
  const conflicts = [...disputed].map(([address, at]) => ({ ...at, mine: current.get(address) ?? null }));
  // Both did the same: nothing is left to choose.
  return { document, conflicts: conflicts.filter(({ mine, theirs }) => !sameJson(mine, theirs)) };
}

export type Choice = "mine" | "theirs";

/**
 * Rewrites unsent steps so that they follow the base: operations on keys where "theirs" was chosen are dropped, all others get the
 * `before` they will find. Steps left without an operation disappear.
 */
export function settle(base: Document, steps: readonly Step[], choose: (collection: string, key: string) => Choice): Step[] {
  let document = base;
  const settled: Step[] = [];
  for (const step of steps) {
    const operations: Operation[] = [];
    for (const operation of step.operations) {
      const { collection: name, key, after } = operation;
      if (choose(name, key) === "theirs") continue;
      const before = objectAt(document, name, key);
      if (sameJson(before, after)) continue;
      operations.push({ collection: name, key, before, after });
      document = overwrite(document, operations.slice(-1));
    }
    if (operations.length > 0) settled.push({ ...step, operations });
  }
  return settled;
}

/** One string for a collection and a key; the separator cannot occur in a collection's name. */
export function addressOf(name: string, key: string): string {
  return `${name}/${key}`;
}
