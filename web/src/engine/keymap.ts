import type { Command, Scope } from "./commands.js";

/** A key with what is held down with it, always in this order and spelling: "Ctrl+Alt+Shift+K". */
export type Chord = string;

/** The chords of each command, by its id. */
export type Bindings = ReadonlyMap<string, readonly Chord[]>;

/** What a person has chosen: a preset, and the keys of single commands that differ from it. */
export interface KeyChoices {
  readonly preset: string;
  readonly changed: { readonly [command: string]: readonly Chord[] };
}

/** Keys by command id where they differ from the commands' own. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly keys: { readonly [command: string]: readonly Chord[] };
}

/** The part of a keyboard event that chords are made of. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMES: { readonly [key: string]: string } = {
  " ": "Space", Escape: "Esc", Delete: "Del", ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down",
};
/** What keys beside the letters carry on the layout that chords are written for. */
const PLACES: { readonly [code: string]: string } = {
  BracketLeft: "[", BracketRight: "]", Backslash: "\\", Comma: ",", Period: ".", Slash: "/", Minus: "-", Equal: "=", Semicolon: ";", Quote: "'", Backquote: "`",
};
const HELD = /^(Control|Alt|AltGraph|Shift|Meta|CapsLock|NumLock|Dead|Process|Unidentified)$/;

/**
 * The chords that a key press can mean, likeliest first. A letter is meant by what is printed on it, and by its place where the layout
 * has other letters there; a digit of the upper row by its place, so that Shift and digits are the same everywhere; signs by
 * what they type, without the Shift that some layouts need for them, and then by their place.
 */
export function chordsOf(press: KeyPress): Chord[] {
  const { key, code } = press;
  if (HELD.test(key)) return [];
  const chords: Chord[] = [];
  const digit = /^Digit([0-9])$/.exec(code)?.[1], letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (digit !== undefined) chords.push(chord(press, digit));
  if (key.length > 1 || key === " ") chords.push(chord(press, NAMES[key] ?? key));
  else if (key.toLowerCase() !== key.toUpperCase()) chords.push(chord(press, key.toUpperCase()));
  else chords.push(chord({ ...press, shiftKey: false }, key));
  if (letter !== undefined) chords.push(chord(press, letter));
  const place = PLACES[code];
  if (place !== undefined) chords.push(chord(press, place));
  return [...new Set(chords)];
}

function chord({ ctrlKey, metaKey, altKey, shiftKey }: KeyPress, key: string): Chord {
  return [...(ctrlKey || metaKey ? ["Ctrl"] : []), ...(altKey ? ["Alt"] : []), ...(shiftKey ? ["Shift"] : []), key].join("+");
}

/** The parts of a chord, as they are printed on keys. */
export function partsOf(chord: Chord): string[] {
  const parts = chord.split(/\+(?=.)/);
  const signs: { readonly [part: string]: string } = { Left: "←", Right: "→", Up: "↑", Down: "↓", Enter: "⏎" };
  return parts.map((part) => signs[part] ?? part);
}

/** Where the keyboard is in the page. */
export type Focus = Exclude<Scope, "work">;

/** The scopes that hear a key, nearest first: what a list has no meaning for goes to the canvas, what a question is answered with does not. */
function hearing(focus: Focus): readonly Scope[] {
  switch (focus) {
    case "canvas": return ["canvas", "work"];
    case "list": return ["list", "canvas", "work"];
    case "answers": return ["answers", "work"];
  }
}

export function commandFor(commands: readonly Command[], bindings: Bindings, chords: readonly Chord[], focus: Focus): Command | null {
  for (const chord of chords) {
    for (const scope of hearing(focus)) {
      const found = commands.find((command) => command.scope === scope && bindings.get(command.id)?.includes(chord) === true);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The keys that hold: the person's own, else the preset's, else the command's. */
export function bindingsFor(commands: readonly Command[], presets: readonly Preset[], choices: KeyChoices): Bindings {
  const preset = presets.find(({ id }) => id === choices.preset);
  return new Map(commands.map(({ id, keys }) => [id, choices.changed[id] ?? preset?.keys[id] ?? keys]));
}

/** Two commands that one chord would mean at the same time. */
export interface Clash {
  readonly chord: Chord;
  readonly first: Command;
  readonly second: Command;
}

/** Keys of the whole page clash with all others; those of a list or a question may stand for something else on the canvas. */
export function clashesIn(commands: readonly Command[], bindings: Bindings): Clash[] {
  const clashes: Clash[] = [];
  const taken = new Map<Chord, Command[]>();
  for (const command of commands) {
    for (const chord of bindings.get(command.id) ?? []) {
      const others = taken.get(chord) ?? [];
      for (const first of others) if (overlap(first.scope, command.scope)) clashes.push({ chord, first, second: command });
      taken.set(chord, [...others, command]);
    }
  }
  return clashes;
}

function overlap(a: Scope, b: Scope): boolean {
  return a === b || a === "work" || b === "work";
}

/** The choices with other keys for a command; a clash when another command has one of them already. */
export function rebound(
  commands: readonly Command[], presets: readonly Preset[], choices: KeyChoices, id: string, keys: readonly Chord[],
): { readonly choices: KeyChoices } | { readonly clash: Clash } {
  const next: KeyChoices = { ...choices, changed: { ...choices.changed, [id]: keys } };
  const clash = clashesIn(commands, bindingsFor(commands, presets, next)).find(({ first, second }) => first.id === id || second.id === id);
  return clash === undefined ? { choices: next } : { clash };
}

/** The choices with a command's keys as the preset has them. */
export function restored(choices: KeyChoices, id: string): KeyChoices {
  return { ...choices, changed: Object.fromEntries(Object.entries(choices.changed).filter(([command]) => command !== id)) };
}

export const DEFAULT_CHOICES: KeyChoices = { preset: "vernier", changed: {} };

/** What was kept of a person's choices; the defaults when it cannot be read any more. */
export function readChoices(text: string | null): KeyChoices {
  try {
    const { preset, changed } = JSON.parse(text ?? "") as { preset?: unknown; changed?: unknown };
    if (typeof preset !== "string" || typeof changed !== "object" || changed === null) return DEFAULT_CHOICES;
    const kept = Object.entries(changed).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]) && entry[1].every((chord) => typeof chord === "string"));
    return { preset, changed: Object.fromEntries(kept) };
  } catch {
    return DEFAULT_CHOICES;
  }
}
