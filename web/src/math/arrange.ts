import { limitShift, union, type ImageBounds } from "./space.js";

export interface Shift {
  readonly dx: number;
  readonly dy: number;
}

export type Side = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "across" | "down";

const NONE: Shift = { dx: 0, dy: 0 };

export function unionOf(all: readonly ImageBounds[]): ImageBounds | null {
  return all.length === 0 ? null : all.reduce(union);
}

/** The part of a wished shift that keeps all of a group inside, so that its members stay as they lie to each other. */
export function groupShift(group: readonly ImageBounds[], limits: ImageBounds, dx: number, dy: number): Shift {
  const all = unionOf(group);
  return all === null ? NONE : limitShift(all, limits, dx, dy);
}

/** How far each has to move until all have one side, or their middles, in line with the whole group's. */
export function alignShifts(group: readonly ImageBounds[], side: Side): Shift[] {
  const all = unionOf(group);
  if (all === null) return [];
  return group.map(({ left, top, right, bottom }) => {
    switch (side) {
      case "left": return { dx: all.left - left, dy: 0 };
      case "centre": return { dx: (all.left + all.right - left - right) / 2, dy: 0 };
      case "right": return { dx: all.right - right, dy: 0 };
      case "top": return { dx: 0, dy: all.top - top };
      case "middle": return { dx: 0, dy: (all.top + all.bottom - top - bottom) / 2 };
      case "bottom": return { dx: 0, dy: all.bottom - bottom };
    }
  });
}

/** How far each has to move until the gaps between neighbours are the same; the outermost two stay. Gaps may be negative: overlaps. */
export function distributeShifts(group: readonly ImageBounds[], axis: Axis): Shift[] {
  const spans = group.map((bounds, index) => (axis === "across"
    ? { index, low: bounds.left, high: bounds.right } : { index, low: bounds.top, high: bounds.bottom }));
  const ordered = [...spans].sort((a, b) => a.low + a.high - b.low - b.high);
  const shifts: Shift[] = group.map(() => NONE);
  if (ordered.length < 3) return shifts;
  const first = ordered[0], last = ordered[ordered.length - 1];
  const room = last.low - first.high - ordered.slice(1, -1).reduce((sum, { low, high }) => sum + high - low, 0);
  const gap = room / (ordered.length - 1);
  let at = first.high + gap;
  for (const { index, low, high } of ordered.slice(1, -1)) {
    shifts[index] = axis === "across" ? { dx: at - low, dy: 0 } : { dx: 0, dy: at - low };
    at += high - low + gap;
  }
  return shifts;
}

/** The shift that brings bounds inside others; what is larger than them is brought to their left or top. */
export function shiftInside(inner: ImageBounds, outer: ImageBounds): Shift {
  return { dx: inside(inner.left, inner.right, outer.left, outer.right), dy: inside(inner.top, inner.bottom, outer.top, outer.bottom) };
}

function inside(low: number, high: number, least: number, most: number): number {
  if (low < least || high - low > most - least) return least - low;
  return high > most ? most - high : 0;
}
