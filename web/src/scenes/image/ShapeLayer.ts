import { grow, holds, intersects, union, type ImageBounds } from "../../math/space.js";
import { visibleBounds, type Size, type View } from "../../math/view.js";
import type { Item, Items } from "../../engine/items.js";
import { paintItems, type Strength } from "./paint.js";
import type { Palette } from "./palette.js";

interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

/** Free space around the view that is painted too, as a part of its sides, so that panning shows nothing unpainted. */
const MARGIN = 0.4;
/** The bitmap is stretched or shrunk at most this much before a new one is begun in the middle of a zoom. */
const STRETCH = 1.8;
/** Milliseconds of one frame that painting may take. */
const BUDGET = 7;
/**
 * Portions painted in one frame at most, while the view moves and while it rests: without a graphics card the browser only notes them
 * down here and paints when the frame ends.
 */
const PORTIONS_MOVING = 4;
const PORTIONS_RESTING = 22;
/** Outlines and casings reach this far beyond the geometry, in CSS pixels. */
const BLEED = 8;
/** Where more objects than this changed at once, all are painted anew in the background instead of the place where they are. */
const FEW = 300;
const NONE: ReadonlySet<string> = new Set();

/**
 * Shapes that keep still, painted once into a bitmap somewhat larger than the canvas. While the view moves, the bitmap is just
 * moved or stretched, and a new one is painted beside it over several frames, so the frame rate does not depend on the number of shapes.
 * When an object changes, only the place where it was and where it is now is painted again.
 */
export class ShapeLayer {
  readonly #palette: Palette;
  readonly #strength: Strength;
  #front: Picture = blank();
  #back: Picture = blank();
  /** The view that the bitmap was painted for, in its own pixels; null while there is none. */
  #view: View | null = null;
  #covered: ImageBounds | null = null;
  #items: Items | null = null;
  #lifted: ReadonlySet<string> = NONE;
  #work: { readonly steps: Generator<void>; readonly view: View; readonly covered: ImageBounds } | null = null;
  #ratio = 1;
  #lastView: View | null = null;
  #complete = false;

  constructor(palette: Palette, strength: Strength) {
    this.#palette = palette;
    this.#strength = strength;
  }

  /** Whether everything that should be seen was painted sharply in the last frame. */
  get complete(): boolean { return this.#complete; }

  /**
   * Puts the shapes on the canvas for this view, except the ones that are in hand, as far as they are painted; call again in the next frame
   * until it is complete. `share` is the part of a frame's time that painting may take, where several layers paint at once.
   */
  draw(target: CanvasRenderingContext2D, items: Items, lifted: ReadonlySet<string>, view: View, size: Size, ratio: number, share = 1): void {
    this.#ratio = ratio;
    this.#follow(items, lifted);
    const seen = visibleBounds(view, size);
    const sharp = this.#view !== null && Math.abs(this.#view.scale / view.scale - 1) < 1e-9;
    const roomy = this.#covered !== null && holds(this.#covered, seen);
    if (!sharp || !roomy) this.#paintAnew(items, view, size, roomy);
    this.#advance(Math.ceil(share * (view === this.#lastView || this.#view === null ? PORTIONS_RESTING : PORTIONS_MOVING)));
    this.#lastView = view;
    if (this.#view === null) return;
    this.#complete = this.#work === null && this.#view.scale === view.scale && this.#covered !== null && holds(this.#covered, seen);
    const scale = view.scale / this.#view.scale;
    // Within one scale the bitmap lands on whole device pixels, where it stays sharp.
    const snap = (value: number) => (scale === 1 ? Math.round(value * ratio) / ratio : value);
    const { canvas } = this.#front;
    // Better qualities would make a chain of smaller copies of the bitmap in every frame of a zoom.
    target.imageSmoothingQuality = "low";
    target.drawImage(canvas, snap(view.x - this.#view.x * scale), snap(view.y - this.#view.y * scale), (canvas.width / ratio) * scale, (canvas.height / ratio) * scale);
  }

  /** Forgets what is painted, for instance after the canvas changed its size. */
  reset(): void {
    this.#view = null;
    this.#covered = null;
    this.#work = null;
  }

  /** The shapes were moved as a whole and are where they were shown last: what is painted goes with them. */
  carry(dx: number, dy: number): void {
    this.#work = null;
    if (this.#view === null || this.#covered === null) return;
    const { scale, x, y } = this.#view, { left, top, right, bottom } = this.#covered;
    this.#view = { scale, x: x - dx * scale, y: y - dy * scale };
    this.#covered = { left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy };
  }

  /** Paints what changed since the last frame: objects by identity, and the ones that are taken in hand or put down. */
  #follow(items: Items, lifted: ReadonlySet<string>): void {
    const before = this.#items, wasLifted = this.#lifted;
    if (before === items && wasLifted === lifted) return;
    this.#items = items;
    this.#lifted = lifted;
    const dirty: ImageBounds[] = [];
    const touch = (item: Item | null) => { if (item !== null) dirty.push(item.bounds); };
    if (before !== null && before !== items) {
      for (const item of items.list) if (before.get(item.key) !== item) { touch(item); touch(before.get(item.key)); }
      for (const item of before.list) if (items.get(item.key) === null) touch(item);
    }
    for (const key of wasLifted) if (!lifted.has(key)) touch(items.get(key));
    for (const key of lifted) if (!wasLifted.has(key)) touch(items.get(key));
    if (dirty.length === 0) return;
    // What is being painted in the background shows the old objects; it starts again in this frame.
    const restarted = this.#work !== null;
    this.#work = null;
    if (dirty.length > FEW) this.#covered = null;
    else for (const place of joined(dirty)) this.#patch(items, place);
    if (restarted) this.#covered = null;
    this.#complete = false;
  }

  #patch(items: Items, dirty: ImageBounds): void {
    const view = this.#view;
    if (view === null || this.#covered === null) return;
    const place = grow(dirty, BLEED / view.scale);
    if (!intersects(place, this.#covered)) return;
    const { context } = this.#front;
    context.save();
    context.beginPath();
    const left = Math.floor(place.left * view.scale + view.x), top = Math.floor(place.top * view.scale + view.y);
    const width = Math.ceil((place.right - place.left) * view.scale) + 2, height = Math.ceil((place.bottom - place.top) * view.scale) + 2;
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
    const touched = items.within(grow(place, BLEED / view.scale)).filter(({ key }) => !this.#lifted.has(key));
    for (const _ of paintItems(context, inOrder(items, touched), view, this.#palette, this.#strength)) void _;
    context.restore();
  }

  /**
   * Begins a new bitmap where that is worth it. While the zoom keeps changing the old one is stretched, and a bitmap that is being painted is
   * finished rather than begun again in every frame.
   */
  #paintAnew(items: Items, view: View, size: Size, roomy: boolean): void {
    const settled = view.scale === this.#lastView?.scale;
    if (this.#work !== null) {
      if (settled && this.#work.view.scale !== view.scale) this.#begin(items, view, size);
      return;
    }
    const stretch = this.#view === null ? Infinity : Math.max(view.scale / this.#view.scale, this.#view.scale / view.scale);
    if (settled || !roomy || stretch > STRETCH) this.#begin(items, view, size);
  }

  #begin(items: Items, view: View, size: Size): void {
    const marginX = Math.round(size.width * MARGIN), marginY = Math.round(size.height * MARGIN);
    const width = size.width + 2 * marginX, height = size.height + 2 * marginY;
    const own: View = { scale: view.scale, x: view.x + marginX, y: view.y + marginY };
    const covered = visibleBounds(own, { width, height });
    const { canvas, context } = this.#back;
    canvas.width = Math.round(width * this.#ratio);
    canvas.height = Math.round(height * this.#ratio);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const touched = items.within(grow(covered, BLEED / own.scale)).filter(({ key }) => !this.#lifted.has(key));
    this.#work = { steps: paintItems(context, inOrder(items, touched), own, this.#palette, this.#strength), view: own, covered };
  }

  #advance(portions: number): void {
    if (this.#work === null) return;
    const end = performance.now() + BUDGET;
    for (let portion = 0; portion < portions && performance.now() < end; portion++) {
      if (this.#work.steps.next().done !== true) continue;
      [this.#front, this.#back] = [this.#back, this.#front];
      this.#view = this.#work.view;
      this.#covered = this.#work.covered;
      this.#work = null;
      return;
    }
  }
}

/** Places that touch as one, others apart: between two far objects lies most of the picture. */
function joined(places: readonly ImageBounds[]): ImageBounds[] {
  return places.reduce<ImageBounds[]>((apart, place) => {
    const touching = apart.filter((other) => intersects(other, place));
    return [...apart.filter((other) => !touching.includes(other)), touching.reduce(union, place)];
  }, []);
}

function inOrder(items: Items, some: readonly Item[]): readonly Item[] {
  return some.length === items.list.length ? items.list : [...some].sort((a, b) => items.numberOf(a.key) - items.numberOf(b.key));
}

function blank(): Picture {
  const canvas = document.createElement("canvas");
  return { canvas, context: canvas.getContext("2d") as CanvasRenderingContext2D };
}
