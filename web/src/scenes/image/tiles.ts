import { ancestorOf, boundsOfTile, levelFor, pixelsPer, tileKey, tilesWithin, wantedTiles, type TilePlace, type Tiling } from "../../math/tiles.js";
import type { ImageBounds } from "../../math/space.js";
import { toScreen, visibleBounds, type Size, type View } from "../../math/view.js";

/** Where a picture's tiles are; `url` has `{level}`, `{column}` and `{row}` in it. */
export interface TileSource extends Tiling {
  readonly url: string;
}

/** Gets the pixels of a tile; gives up when the signal says so. */
export type LoadTile = (url: string, signal: AbortSignal) => Promise<ImageBitmap>;

/** Loads at a time: as many as browsers open connections to one server. */
const LOADS = 6;
/** Tiles kept, of about a megabyte each: a large screen shows fewer than a hundred. */
const KEPT = 192;
/** Milliseconds after which tiles that could not be loaded are asked for again; doubled each time, up to the limit, but never given up. */
const AGAIN = 2000;
const LONGEST = 60_000;

/**
 * A picture that is too large for one bitmap: loads the tiles that a view needs, coarse before fine, keeps a bounded number of them, and
 * paints the best that is there.
 */
export class Tiles {
  readonly #source: TileSource;
  readonly #changed: () => void;
  readonly #load: LoadTile;
  readonly #again: number;
  /** By key; what was used last stands last. */
  readonly #ready = new Map<string, ImageBitmap>();
  readonly #loading = new Map<string, AbortController>();
  readonly #failed = new Map<string, number>();
  #wanted: readonly TilePlace[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** `changed` is called when there is more to paint. */
  constructor(source: TileSource, changed: () => void, load: LoadTile = loadTile, again = AGAIN) {
    this.#source = source;
    this.#changed = changed;
    this.#load = load;
    this.#again = again;
  }

  /** Paints what is in sight, and loads what is missing of it. */
  paint(context: CanvasRenderingContext2D, view: View, size: Size, ratio: number): void {
    const source = this.#source, part = this.#partInSight(view, size);
    if (part === null) return;
    const scale = view.scale * ratio;
    for (const place of tilesWithin(source, levelFor(source, scale), part)) this.#paintTile(context, place, view, ratio);
    this.#wanted = wantedTiles(source, scale, part);
    this.#work();
  }

  destroy(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const controller of this.#loading.values()) controller.abort();
    for (const bitmap of this.#ready.values()) bitmap.close();
    this.#ready.clear();
  }

  #partInSight(view: View, size: Size): ImageBounds | null {
    const { width, height } = this.#source.levels[this.#source.levels.length - 1];
    const seen = visibleBounds(view, size);
    const part = { left: Math.max(seen.left, 0), top: Math.max(seen.top, 0), right: Math.min(seen.right, width), bottom: Math.min(seen.bottom, height) };
    return part.right > part.left && part.bottom > part.top ? part : null;
  }

  /** The tile itself, or the part of the nearest coarser one that is there. */
  #paintTile(context: CanvasRenderingContext2D, place: TilePlace, view: View, ratio: number): void {
    for (let level = place.level; level >= 0; level--) {
      const from = ancestorOf(place, level), bitmap = this.#use(tileKey(from));
      if (bitmap === undefined) continue;
      const target = boundsOfTile(this.#source, place), origin = boundsOfTile(this.#source, from), per = pixelsPer(this.#source, level);
      const a = toScreen(view, { x: target.left, y: target.top }), b = toScreen(view, { x: target.right, y: target.bottom });
      // Edges on whole device pixels: neighbours meet without a seam.
      const snap = (at: number) => Math.round(at * ratio) / ratio;
      const left = snap(a.x), top = snap(a.y);
      context.drawImage(
        bitmap, (target.left - origin.left) / per, (target.top - origin.top) / per, (target.right - target.left) / per, (target.bottom - target.top) / per,
        left, top, snap(b.x) - left, snap(b.y) - top,
      );
      return;
    }
  }

  #use(key: string): ImageBitmap | undefined {
    const bitmap = this.#ready.get(key);
    if (bitmap === undefined) return undefined;
    this.#ready.delete(key);
    this.#ready.set(key, bitmap);
    return bitmap;
  }

  /** Stops what is no longer wanted and begins what is wanted most. */
  #work(): void {
    if (this.#ended) return;
    const keys = new Set(this.#wanted.map(tileKey));
    for (const [key, controller] of this.#loading) {
      if (keys.has(key)) continue;
      this.#loading.delete(key);
      controller.abort();
    }
    for (const place of this.#wanted) {
      if (this.#loading.size >= LOADS) return;
      const key = tileKey(place);
      if (this.#ready.has(key) || this.#loading.has(key) || (this.#failed.get(key) ?? 0) < 0) continue;
      this.#begin(place, key);
    }
  }

  #begin(place: TilePlace, key: string): void {
    const controller = new AbortController();
    this.#loading.set(key, controller);
    this.#load(tileURL(this.#source, place), controller.signal).then((bitmap) => {
      if (controller.signal.aborted || this.#ended) return bitmap.close();
      this.#loading.delete(key);
      this.#failed.delete(key);
      this.#ready.set(key, bitmap);
      this.#forget();
      this.#changed();
      this.#work();
    }, () => {
      if (controller.signal.aborted || this.#ended) return;
      this.#loading.delete(key);
      this.#fail(key);
      this.#work();
    });
  }

  /** A tile that failed rests for a while; the count is negative meanwhile. */
  #fail(key: string): void {
    const tries = Math.abs(this.#failed.get(key) ?? 0) + 1;
    this.#failed.set(key, -tries);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [other, count] of this.#failed) this.#failed.set(other, Math.abs(count));
      this.#work();
    }, Math.min(LONGEST, this.#again * 2 ** (tries - 1)));
  }

  /** Closes the tiles that were not used for longest and are not wanted. */
  #forget(): void {
    if (this.#ready.size <= KEPT) return;
    const keys = new Set(this.#wanted.map(tileKey));
    for (const [key, bitmap] of this.#ready) {
      if (this.#ready.size <= KEPT) return;
      if (keys.has(key)) continue;
      this.#ready.delete(key);
      bitmap.close();
    }
  }
}

/** The address of a tile. */
export function tileURL({ url }: TileSource, { level, column, row }: TilePlace): string {
  return url.replace("{level}", `${level}`).replace("{column}", `${column}`).replace("{row}", `${row}`);
}

/** Loads and decodes a tile. */
export async function loadTile(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`A part of the picture could not be loaded: ${response.status}.`);
  return createImageBitmap(await response.blob());
}
