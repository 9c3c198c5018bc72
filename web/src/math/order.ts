/**
 * Fractional index strings: between any two there is another, compared byte by byte. A key is a head letter that tells how many
 * digits of the whole part follow (a: 1, b: 2, … upwards; Z: 1, Y: 2, … downwards), the whole part, and an optional fraction that does
 * not end in 0. Appending counts the whole part up, so keys stay short after thousands of objects.
 */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY = /^([A-Za-z])([0-9A-Za-z]*)$/;

export function compareOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A key after `low` and before `high`; null stands for no bound. Keys in a foreign form are treated as plain fractions. */
export function orderBetween(low: string | null, high: string | null): string {
  if (low !== null && high !== null && low >= high) return orderBetween(low, null);
  if (low === null && high === null) return "a0";
  if (high === null) return following(low as string);
  if (low === null) return preceding(high);
  const a = wholeOf(low), b = wholeOf(high);
  if (a === null || b === null) return midway(low, high);
  if (a === b) return a + midway(low.slice(a.length), high.slice(b.length));
  const next = step(a, 1);
  return next !== null && next < high ? next : a + midway(low.slice(a.length), null);
}

function following(low: string): string {
  const whole = wholeOf(low);
  return (whole === null ? null : step(whole, 1)) ?? midway(low, null);
}

function preceding(high: string): string {
  const whole = wholeOf(high);
  if (whole === null) return midway("", high);
  if (whole < high) return whole;
  return step(whole, -1) ?? whole + midway("", high.slice(whole.length));
}

function wholeLength(head: string): number {
  return head >= "a" ? head.charCodeAt(0) - 96 + 1 : 90 - head.charCodeAt(0) + 2;
}

function wholeOf(key: string): string | null {
  const match = KEY.exec(key);
  if (match === null) return null;
  const length = wholeLength(match[1]);
  return key.length >= length ? key.slice(0, length) : null;
}

/** Counts a whole part up or down; null when the letters are used up. */
function step(whole: string, by: 1 | -1): string | null {
  const digits = [...whole.slice(1)].map((digit) => DIGITS.indexOf(digit));
  for (let i = digits.length - 1; i >= 0; i--) {
    digits[i] += by;
    if (digits[i] >= 0 && digits[i] < DIGITS.length) return whole[0] + digits.map((digit) => DIGITS[digit]).join("");
    digits[i] = by === 1 ? 0 : DIGITS.length - 1;
  }
  const head = whole[0];
  if (by === 1 && head === "z") return null;
  if (by === -1 && head === "A") return null;
  const moved = by === 1 ? (head === "Z" ? "a" : String.fromCharCode(head.charCodeAt(0) + 1))
    : (head === "a" ? "Z" : String.fromCharCode(head.charCodeAt(0) - 1));
  return moved + DIGITS[by === 1 ? 0 : DIGITS.length - 1].repeat(wholeLength(moved) - 1);
}

/** The shortest fraction strictly between two; null as `high` means one. The result never ends in 0. */
function midway(low: string, high: string | null): string {
  let common = 0;
  if (high !== null) while (common < high.length && (low[common] ?? "0") === high[common]) common++;
  if (common > 0) return (high as string).slice(0, common) + midway(low.slice(common), (high as string).slice(common));
  const a = low === "" ? 0 : DIGITS.indexOf(low[0]);
  const b = high === null || high === "" ? DIGITS.length : DIGITS.indexOf(high[0]);
  if (b - a > 1) return DIGITS[Math.round((a + b) / 2)];
  if (high !== null && high.length > 1) return high[0];
  return DIGITS[a] + midway(low.slice(1), null);
}
