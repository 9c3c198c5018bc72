import { FILTER, type Adjustments } from "./adjustments.js";
import type { LoadedPicture } from "./picture.js";

/** Milliseconds for which the adjustments have to rest; while a slider is moved every frame would begin anew. */
const REST = 300;
/** Pixels that are prepared in one go, so that nothing has to wait long for it. */
const PORTION = 500_000;

/**
 * The whole picture as it is adjusted, prepared once in portions, so that panning over it costs no more than over the picture itself.
 * Pictures in tiles are too large for that.
 */
export class AdjustedPicture {
  #of: LoadedPicture | null = null;
  #as: Adjustments | null = null;
  #ready: HTMLCanvasElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What was prepared for this picture and these adjustments; null until it is, which `onReady` tells. */
  take(picture: LoadedPicture, value: Adjustments, onReady: () => void): HTMLCanvasElement | null {
    if (picture.tiles !== undefined) return null;
    if (this.#of !== picture || this.#as !== value) {
      this.forget();
      this.#of = picture;
      this.#as = value;
      this.#timer = setTimeout(() => this.#prepare(picture, onReady), REST);
    }
    return this.#ready;
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#of = null;
    this.#as = null;
    this.#ready = null;
  }

  #prepare({ source, width, height }: LoadedPicture, onReady: () => void): void {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) return;
    context.filter = `url(#${FILTER})`;
    const rows = Math.max(1, Math.floor(PORTION / width));
    const portion = (top: number): void => {
      if (top >= height) {
        this.#ready = canvas;
        onReady();
        return;
      }
      const high = Math.min(rows, height - top);
      context.drawImage(source, 0, top, width, high, 0, top, width, high);
      this.#timer = setTimeout(() => portion(top + high), 0);
    };
    portion(0);
  }
}
