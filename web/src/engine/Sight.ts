import { holds, type ImageBounds, type ScreenPoint } from "../math/space.js";
import { fitView, keepInReach, panBy, visibleBounds, zoomAbout, type Size, type View } from "../math/view.js";
import { Store } from "./store.js";

/** Objects that are brought into sight are not enlarged beyond this. */
const LARGEST = 8;
/** From this extent on an object can be seen well, in CSS pixels. */
const LEGIBLE = 40;

/** How the picture lies on the canvas, and the ways of looking elsewhere. */
export class Sight {
  readonly view = new Store<View>({ scale: 1, x: 0, y: 0 });
  readonly #limits: ImageBounds;
  #canvas: Size = { width: 1, height: 1 };

  constructor(limits: ImageBounds) {
    this.#limits = limits;
  }

  /** The canvas has another size: a picture that was fitted is fitted again, otherwise what was in the middle stays there. */
  resize(canvas: Size): void {
    const before = this.#canvas, view = this.view.get();
    this.#canvas = canvas;
    if (before.width <= 1) return;
    const fitted = fitView(this.#limits, before);
    if (view.scale === fitted.scale && view.x === fitted.x && view.y === fitted.y) this.fit();
    else this.pan((canvas.width - before.width) / 2, (canvas.height - before.height) / 2);
  }

  fit(): void {
    this.view.set(fitView(this.#limits, this.#canvas));
  }

  zoom(factor: number, about: ScreenPoint = { x: this.#canvas.width / 2, y: this.#canvas.height / 2 }): void {
    this.view.set(keepInReach(zoomAbout(this.view.get(), about, factor), this.#limits, this.#canvas));
  }

  pan(dx: number, dy: number): void {
    this.view.set(keepInReach(panBy(this.view.get(), dx, dy), this.#limits, this.#canvas));
  }

  /** Shows a part as large as is useful, with a margin that is a part of the canvas. */
  fill(bounds: ImageBounds, margin: number): void {
    this.view.set(fitView(bounds, this.#canvas, Math.min(this.#canvas.width, this.#canvas.height) * margin, LARGEST));
  }

  /** Brings a part into sight; the view stays where it can be seen well already. */
  bring(bounds: ImageBounds): void {
    const extent = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top) * this.view.get().scale;
    if (extent < LEGIBLE || !holds(visibleBounds(this.view.get(), this.#canvas), bounds)) this.fill(bounds, 0.3);
  }
}
