/**
 * Colours that remain apart for people with the common colour-vision deficiencies (after Okabe and Ito, lightened where they would
 * vanish on dark pictures). When they are used up, a dash pattern tells the next round apart.
 */
const COLOURS = ["#56b4e9", "#e69f00", "#2fc08f", "#f0e442", "#e0609b", "#ff7a45", "#8f9bff", "#b5d334", "#f5b7d8"];
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const UNLABELLED = "#d5dbe3";

export interface Ink {
  readonly colour: string;
  readonly dash: readonly number[];
}

export class Palette {
  readonly #inks = new Map<string, Ink>();

  /** Colours that somebody has chosen stand in place of the palette's; the dash patterns stay. */
  constructor(labels: readonly string[], chosen: { readonly [label: string]: string } = {}) {
    labels.forEach((label, i) => this.#inks.set(label, {
      colour: chosen[label] ?? COLOURS[i % COLOURS.length],
      dash: DASHES[Math.floor(i / COLOURS.length) % DASHES.length],
    }));
  }

  of(label: string | null): Ink {
    return (label === null ? undefined : this.#inks.get(label)) ?? { colour: UNLABELLED, dash: [4, 3] };
  }
}
