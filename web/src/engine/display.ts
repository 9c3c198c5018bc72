/** How a person looks at an object. Not part of the answer, so it is kept on this computer and no step is made of it. */
export interface Display {
  readonly hidden?: true;
  readonly locked?: true;
}

export type DisplayMap = ReadonlyMap<string, Display>;
export type DisplayTrait = keyof Display;

/** Remembers small things of one piece of work in this browser. Storage may refuse; then they last as long as the page. */
export interface Memory {
  read(): string | null;
  write(text: string | null): void;
}

export const NO_MEMORY: Memory = { read: () => null, write: () => undefined };

/** Sets or clears a trait of some objects. Objects without any trait are not listed. */
export function withTrait(display: DisplayMap, keys: Iterable<string>, trait: DisplayTrait, on: boolean): DisplayMap {
  const result = new Map(display);
  for (const key of keys) {
    const { [trait]: _, ...others } = result.get(key) ?? {};
    const next: Display = on ? { ...others, [trait]: true } : others;
    if (Object.keys(next).length === 0) result.delete(key);
    else result.set(key, next);
  }
  return result;
}

export function keysWith(display: DisplayMap, trait: DisplayTrait): string[] {
  return [...display].filter(([, traits]) => traits[trait] === true).map(([key]) => key);
}

export function writeDisplay(display: DisplayMap): string | null {
  return display.size === 0 ? null : JSON.stringify({ hidden: keysWith(display, "hidden"), locked: keysWith(display, "locked") });
}

/** What was remembered; nothing when it cannot be read any more. */
export function readDisplay(text: string | null): DisplayMap {
  if (text === null) return new Map();
  try {
    const { hidden, locked } = JSON.parse(text) as { hidden?: unknown; locked?: unknown };
    return withTrait(withTrait(new Map(), stringsIn(hidden), "hidden", true), stringsIn(locked), "locked", true);
  } catch {
    return new Map();
  }
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
