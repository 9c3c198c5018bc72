import { loadPicture, type LoadedPicture } from "./picture.js";

/** A picture that is probably shown soon. */
export interface Expected {
  readonly url: string;
  /** Width times height; null where it is not known. */
  readonly pixels: number | null;
}

/** Decoded pictures take four bytes a pixel, so this is 160 MB at most. */
const MOST_PIXELS = 40_000_000;

/** The pictures of the list that may be decoded ahead: as many of the first ones as fit into the memory for them. */
export function affordable(expected: readonly Expected[], most = MOST_PIXELS): string[] {
  let left = most;
  const urls: string[] = [];
  for (const { url, pixels } of expected) {
    if (pixels === null || pixels > left || urls.includes(url)) continue;
    left -= pixels;
    urls.push(url);
  }
  return urls;
}

/** Fetches and decodes pictures of tasks to come, one after the other, and hands them over when they are asked for. */
export class PicturesAhead {
  readonly #load: (url: string) => Promise<LoadedPicture>;
  #wanted: readonly string[] = [];
  #held = new Map<string, Promise<LoadedPicture | null>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(load: (url: string) => Promise<LoadedPicture> = loadPicture) {
    this.#load = load;
  }

  /** From now on these are expected; what was held for others is given up. */
  expect(expected: readonly Expected[]): void {
    this.#wanted = affordable(expected);
    for (const [url, held] of this.#held) {
      if (this.#wanted.includes(url)) continue;
      this.#held.delete(url);
      void held.then(giveUp);
    }
    for (const url of this.#wanted) if (!this.#held.has(url)) this.#held.set(url, this.#fetch(url));
  }

  /** The picture of this address: the one held, or loaded now. */
  async take(url: string): Promise<LoadedPicture> {
    const held = this.#held.get(url);
    this.#held.delete(url);
    return (await held) ?? this.#load(url);
  }

  #fetch(url: string): Promise<LoadedPicture | null> {
    const fetched = this.#turn.then(() => (this.#wanted.includes(url) ? this.#load(url) : null)).catch(() => null);
    this.#turn = fetched;
    return fetched;
  }
}

/** Gives the memory of a picture back at once; the browser would do so some time later. */
export function giveUp(picture: LoadedPicture | null): void {
  if (picture !== null && "close" in picture.source) (picture.source as ImageBitmap).close();
}
