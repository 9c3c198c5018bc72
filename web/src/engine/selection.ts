import type { SelectMode } from "./Tool.js";

interface Selecting {
  readonly selection: readonly string[];
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The object that panels show and whose handles can be pulled: the one chosen last. */
export function primaryOf({ selection }: Selecting): string | null {
  return selection[selection.length - 1] ?? null;
}

/** The selection as a set, made once for each list. */
export function selectedOf({ selection }: Selecting): ReadonlySet<string> {
  const known = sets.get(selection);
  if (known !== undefined) return known;
  const made = new Set(selection);
  sets.set(selection, made);
  return made;
}

/** The selection after some keys were chosen. The same list when nothing changes, so that observers are left in peace. */
export function choose(before: readonly string[], keys: readonly string[], mode: SelectMode): readonly string[] {
  const after = chosen(before, [...new Set(keys)], mode);
  return after.length === before.length && after.every((key, i) => key === before[i]) ? before : after;
}

function chosen(before: readonly string[], keys: readonly string[], mode: SelectMode): readonly string[] {
  if (mode === "only") return keys;
  const given = new Set(keys), had = new Set(before);
  const kept = before.filter((key) => !given.has(key));
  return mode === "add" ? [...kept, ...keys] : [...kept, ...keys.filter((key) => !had.has(key))];
}
