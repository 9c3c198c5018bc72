/** Seconds in words that are short enough for an axis. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 6) / 10} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}

/** How long ago something was. */
export function ago(time: string, now: number = Date.now()): string {
  const minutes = Math.max(0, (now - new Date(time).getTime()) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 90) return plural(Math.round(minutes), "minute");
  if (minutes < 36 * 60) return plural(Math.round(minutes / 60), "hour");
  return plural(Math.round(minutes / 1440), "day");
}

export function plural(n: number, word: string): string {
  return `${n.toLocaleString()} ${word}${n === 1 ? "" : "s"}`;
}

/** A part of a whole; never 100 % of what is not whole, nor 0 % of what is there. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 1) return "< 1 %";
  if (part < whole && percent > 99) return "> 99 %";
  return `${Math.round(percent)} %`;
}

/** A day of the server, which counts them in UTC, for an axis or a sentence. */
export function dayName(day: string, long = false): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, { timeZone: "UTC", day: "numeric", month: "short", ...(long ? { weekday: "short" } : {}) });
}

/** A round number at or above the largest value, and the lines below it: 1, 2 or 5 of a power of ten apart. */
export function scale(most: number, lines = 4): { readonly top: number; readonly ticks: readonly number[] } {
  const rough = Math.max(most, 1) / lines, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power);
  const count = Math.max(1, Math.ceil(Math.max(most, 1) / step));
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
}

/** Every which label fits on an axis so wide. */
export function labelStep(count: number, width: number, room: number): number {
  return Math.max(1, Math.ceil((count * room) / Math.max(width, 1)));
}
