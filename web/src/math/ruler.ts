import { distance, type ImagePoint } from "./space.js";

/** The lengths of the parts of a path, in pixels. */
export function partLengths(points: readonly ImagePoint[]): number[] {
  return points.slice(1).map((point, i) => distance(points[i], point));
}

export function pathLength(points: readonly ImagePoint[]): number {
  return partLengths(points).reduce((sum, length) => sum + length, 0);
}

/** A length in words: in pixels, and in the unit that is known for a pixel. */
export function lengthWords(pixels: number, resolution: { readonly perPixel: number; readonly unit: string } | null): string {
  const inPixels = `${(Math.round(pixels * 10) / 10).toLocaleString("en", { maximumFractionDigits: 1 })} px`;
  if (resolution === null) return inPixels;
  return `${significant(pixels * resolution.perPixel)} ${resolution.unit}`.trim() + ` · ${inPixels}`;
}

/** Four figures that count, without an exponent where one can do without. */
function significant(value: number): string {
  if (value === 0) return "0";
  const digits = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
