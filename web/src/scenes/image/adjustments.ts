import { Store } from "../../engine/store.js";
import { isObject, type Json } from "../../model/json.js";

/** How the picture is shown; its pixels stay as they are. 1 means unchanged. */
export interface Adjustments {
  readonly brightness: number;
  readonly contrast: number;
  readonly gamma: number;
  readonly saturation: number;
  readonly invert: boolean;
}

/** The id of the filter in the page that the picture is drawn through. */
export const FILTER = "picture-adjustments";

export const UNCHANGED: Adjustments = { brightness: 1, contrast: 1, gamma: 1, saturation: 1, invert: false };

export const RANGES: readonly (readonly [name: "brightness" | "contrast" | "gamma" | "saturation", least: number, most: number])[] = [
  ["brightness", 0.2, 3], ["contrast", 0.2, 3], ["gamma", 0.2, 3], ["saturation", 0, 3],
];

/** The adjustments of the picture that is open. */
export const adjustments = new Store<Adjustments>(UNCHANGED);

export function isUnchanged(value: Adjustments): boolean {
  return RANGES.every(([name]) => value[name] === 1) && !value.invert;
}

/** What was remembered, as far as it makes sense. */
export function readAdjustments(value: Json | undefined): Adjustments {
  if (!isObject(value)) return UNCHANGED;
  const numbers = RANGES.map(([name, least, most]) => {
    const number = value[name];
    return [name, typeof number === "number" && number >= least && number <= most ? number : 1];
  });
  return { ...UNCHANGED, ...Object.fromEntries(numbers), invert: value.invert === true };
}

const STEPS = 64;

/** The output for each of evenly spaced inputs of a channel, from 0 to 1: gamma, then contrast about the middle grey, then brightness. */
export function curveOf({ brightness, contrast, gamma, invert }: Adjustments): number[] {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const bright = ((i / STEPS) ** (1 / gamma) - 0.5) * contrast + 0.5;
    const value = Math.max(0, Math.min(1, bright * brightness));
    return Math.round((invert ? 1 - value : value) * 10000) / 10000;
  });
}
