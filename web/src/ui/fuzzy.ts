/** How well a text fits what was typed: the higher the better, and which letters were meant. */
export interface Match {
  readonly score: number;
  /** Places of the letters that fit, in order. */
  readonly places: readonly number[];
}

const WORD_START = 8, IN_A_ROW = 5, GAP = 1, LATE_START = 0.5;

/**
 * Looks for the letters of `query` in `text` in their order, not necessarily side by side; words of the query may come in any order.
 * Null when they are not all there. Starts of words and letters in a row count more.
 */
export function match(query: string, text: string): Match | null {
  const words = query.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  const lower = text.toLocaleLowerCase();
  let score = 0;
  const places = new Set<number>();
  for (const word of words) {
    const found = best(word, lower);
    if (found === null) return null;
    score += found.score;
    for (const place of found.places) places.add(place);
  }
  return { score: score - text.length * 0.01, places: [...places].sort((a, b) => a - b) };
}

/** The best of the matches that begin at each occurrence of the first letter. */
function best(word: string, text: string): Match | null {
  let top: Match | null = null;
  for (let start = text.indexOf(word[0]); start >= 0; start = text.indexOf(word[0], start + 1)) {
    const found = from(start, word, text);
    if (found === null) break;
    if (top === null || found.score > top.score) top = found;
  }
  return top;
}

function from(start: number, word: string, text: string): Match | null {
  const places: number[] = [];
  let score = -start * LATE_START, next = start;
  for (const letter of word) {
    const place = text.indexOf(letter, next);
    if (place < 0) return null;
    if (startsWord(text, place)) score += WORD_START;
    if (places.length > 0) score += place === next ? IN_A_ROW : -(place - next) * GAP;
    places.push(place);
    next = place + 1;
  }
  return { score, places };
}

function startsWord(text: string, place: number): boolean {
  return place === 0 || /[\s\-_/›(]/.test(text[place - 1]);
}

/** The things whose text fits, the best first; all of them in their own order while nothing is typed. */
export function ranked<T>(things: readonly T[], query: string, text: (thing: T) => string): { readonly thing: T; readonly places: readonly number[] }[] {
  if (query.trim() === "") return things.map((thing) => ({ thing, places: [] }));
  return things
    .flatMap((thing) => {
      const found = match(query, text(thing));
      return found === null ? [] : [{ thing, ...found }];
    })
    .sort((a, b) => b.score - a.score);
}
