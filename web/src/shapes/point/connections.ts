import type { Item, Items } from "../../engine/items.js";
import { isObject } from "../../model/json.js";
import type { Connection } from "../../model/taxonomy.js";

/** Two points that are joined by a line; which one comes first does not matter. */
export type Joined = readonly [Item, Item];

/**
 * The points that the task's connections join: all of the one label with all of the other, or where an attribute is named, those that
 * belong to the same object by it.
 */
export function joinedPoints(items: Items, connections: readonly Connection[], hidden: (key: string) => boolean): Joined[] {
  if (connections.length === 0) return [];
  const byLabel = new Map<string, Item[]>();
  for (const item of items.list) {
    if (item.type !== "point" || item.label === null || hidden(item.key)) continue;
    const group = byLabel.get(item.label);
    if (group === undefined) byLabel.set(item.label, [item]);
    else group.push(item);
  }
  return connections.flatMap(({ pair: [from, to], attribute }) => {
    const ends = byLabel.get(to) ?? [];
    return (byLabel.get(from) ?? []).flatMap((start, i) => (from === to ? ends.slice(i + 1) : ends)
      .filter((end) => attribute === null || belongsWith(start, end, attribute)).map((end): Joined => [start, end]));
  });
}

function belongsWith(one: Item, other: Item, attribute: string): boolean {
  const owner = ownerOf(one, attribute);
  return owner !== null && owner === ownerOf(other, attribute);
}

function ownerOf({ object: { attributes } }: Item, attribute: string): string | null {
  const owner = isObject(attributes) ? attributes[attribute] : null;
  return typeof owner === "string" && owner !== "" ? owner : null;
}
