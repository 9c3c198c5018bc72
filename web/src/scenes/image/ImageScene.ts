import { turnSize, turnTransform } from "../../math/turn.js";
import { visibleBounds, toScreen, type Size, type View } from "../../math/view.js";
import type { Editor } from "../../engine/Editor.js";
import { Items, type Item } from "../../engine/items.js";
import { preferences } from "../../engine/preferences.js";
import { selectedOf } from "../../engine/selection.js";
import type { ShapeLimits } from "../../engine/Shape.js";
import { NOTHING, type Preview } from "../../engine/Tool.js";
import { AdjustedPicture } from "./AdjustedPicture.js";
import { adjustments, FILTER, isUnchanged } from "./adjustments.js";
import { uprightCorner, upright, type Frame } from "./frame.js";
import type { Overlays } from "./overlays/Overlays.js";
import { Gestures } from "./Gestures.js";
import { ACTIVE, AT_REST, paintActive, paintHover, paintTag } from "./paint.js";
import type { Palette } from "./palette.js";
import type { LoadedPicture } from "./picture.js";
import { ShapeLayer } from "./ShapeLayer.js";
import { Tiles } from "./tiles.js";

const BACKGROUND = "#14181e";
const PADDING_COLOUR = "#20262f";
/** From this scale on, pixels are shown as squares, and from the next with a grid between them. */
const SQUARES = 4;
const GRID = 14;
/** How much is left of the shapes at rest while one is drawn. */
const DIMMED = 0.45;
/** Tags of all objects: on objects wider than this, in CSS pixels, and as long as there are not more in sight than these. */
const TAG_ROOM = 24;
const MOST_TAGS = 300;
const NONE: ReadonlySet<string> = new Set();
const STILL = { dx: 0, dy: 0 };

/** The view is kept from one picture to the next of the same size. */
let lastView: { readonly view: View; readonly width: number; readonly height: number } | null = null;

/** A picture with its shapes on a canvas: paints when something changed and hands pointer input to the editor. */
export class ImageScene {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #editor: Editor;
  readonly #palette: Palette;
  readonly #layer: ShapeLayer;
  readonly #selectedLayer: ShapeLayer;
  readonly #gestures: Gestures;
  readonly #observer: ResizeObserver;
  readonly #stops: (() => void)[];
  readonly #font: string;
  readonly #overlays: Overlays;
  readonly #adjusted = new AdjustedPicture();
  #apart: HTMLCanvasElement | null = null;
  #picture: LoadedPicture | null = null;
  #tiles: Tiles | null = null;
  /** The size of the canvas, and the same as the turned picture sees it, in CSS pixels. */
  #outer: Size = { width: 0, height: 0 };
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #frame = 0;
  #lifted: ReadonlySet<string> = NONE;
  /** The selected objects, when there are several, and where they were shown last while they were carried. */
  #several: { readonly keys: ReadonlySet<string>; readonly of: Items; readonly items: Items } | null = null;
  #carried: Preview["carried"];

  constructor(canvas: HTMLCanvasElement, editor: Editor, palette: Palette, overlays: Overlays) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    this.#editor = editor;
    this.#palette = palette;
    this.#overlays = overlays;
    this.#layer = new ShapeLayer(palette, AT_REST);
    this.#selectedLayer = new ShapeLayer(palette, ACTIVE);
    this.#font = `600 11.5px ${getComputedStyle(canvas).fontFamily}`;
    this.#gestures = new Gestures(canvas, editor);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    this.#stops = [
      editor.state.subscribe(this.#request), editor.view.subscribe(this.#request),
      editor.preview.subscribe(this.#request), editor.hover.subscribe(this.#request),
      overlays.watch(this.#request), editor.turn.subscribe(() => this.#turned()), preferences.subscribe(this.#request),
      // The filter in the page follows a moment later.
      adjustments.subscribe(() => requestAnimationFrame(this.#request)),
    ];
    this.#resize();
  }

  show(picture: LoadedPicture): void {
    this.#picture = picture;
    this.#tiles?.destroy();
    this.#tiles = picture.tiles === undefined ? null : new Tiles(picture.tiles, this.#request);
    this.#request();
  }

  destroy(): void {
    lastView = { view: this.#editor.view.get(), ...this.#editor.picture };
    cancelAnimationFrame(this.#frame);
    this.#adjusted.forget();
    this.#observer.disconnect();
    this.#gestures.destroy();
    this.#tiles?.destroy();
    for (const stop of this.#stops) stop();
  }

  #resize(): void {
    const { width, height } = this.#canvas.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const first = this.#size.width === 0;
    this.#outer = { width, height };
    this.#size = turnSize(this.#outer, this.#editor.turn.get());
    this.#ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * this.#ratio);
    this.#canvas.height = Math.round(height * this.#ratio);
    this.#editor.resize(this.#size);
    this.#layer.reset();
    this.#selectedLayer.reset();
    if (first) {
      const { picture } = this.#editor;
      if (lastView !== null && lastView.width === picture.width && lastView.height === picture.height) this.#editor.view.set(lastView.view);
      else this.#editor.fit();
    }
    // A canvas that changed its size is empty; painting at once leaves no black frame.
    this.#paint();
  }

  /** The picture was turned: it is shown whole again, as what was in sight is elsewhere now. */
  #turned(): void {
    this.#size = turnSize(this.#outer, this.#editor.turn.get());
    this.#editor.resize(this.#size);
    this.#layer.reset();
    this.#editor.fit();
    this.#request();
  }

  #request = (): void => {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  };

  #paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const context = this.#context;
    const view = this.#editor.view.get();
    const state = this.#editor.state.get(), preview = this.#editor.preview.get();
    const carried = preview?.carried ?? null;
    const several = carried?.keys ?? (state.selection.length > 1 ? selectedOf(state) : NONE);
    const single = state.selection.length === 1 ? state.shown.get(state.selection[0]) : null;
    const turn = this.#editor.turn.get();
    const frame: Frame = { context, view, size: this.#size, canvas: this.#outer, turn, ratio: this.#ratio, font: this.#font };
    context.setTransform(...turnTransform(this.#outer, turn, this.#ratio));
    context.fillStyle = BACKGROUND;
    context.fillRect(0, 0, this.#size.width, this.#size.height);
    this.#paintAdjusted(frame);
    this.#overlays.under(frame);

    // Shapes at rest step back while one is drawn.
    context.globalAlpha = preferences.get().dim && preview !== null && preview.shape !== NOTHING.shape && this.#draws(state.tool) ? DIMMED : 1;
    this.#layer.draw(context, state.shown, carried?.keys ?? this.#lift(preview?.replaces ?? single?.key ?? null), view, this.#size, this.#ratio, several.size > 0 ? 0.5 : 1);
    context.globalAlpha = 1;
    this.#paintSeveral(several, carried, view);
    const hovered = state.shown.get(this.#editor.hover.get());
    if (hovered !== null && hovered !== single && carried === null) paintHover(context, hovered, view, this.#palette.of(hovered.label));
    if (single !== null && preview?.replaces !== single.key) {
      paintActive(context, { shape: single.shape, geometry: single.geometry, handles: preview === null && !this.#editor.locked(single.key), emphasis: null }, view, this.#palette.of(single.label), this.#limits(single.type));
    }
    if (preview !== null) this.#paintPreview(preview, view);
    this.#paintTags([hovered, single], preview, frame);
    this.#overlays.over(frame);
    if (!this.#layer.complete || (several.size > 0 && !this.#selectedLayer.complete)) this.#request();
  }

  #draws(tool: string): boolean {
    return this.#editor.tools.find(({ id }) => id === tool)?.draws !== null;
  }

  /** The one object that is painted apart from the others, as a set that stays the same while it is the same one. */
  #lift(key: string | null): ReadonlySet<string> {
    if (key === null) return NONE;
    if (!this.#lifted.has(key)) this.#lifted = new Set([key]);
    return this.#lifted;
  }

  /** Several selected objects, shifted while they are carried. */
  #paintSeveral(keys: ReadonlySet<string>, carried: Preview["carried"] | null, view: View): void {
    const { shown } = this.#editor.state.get();
    if (this.#several === null || this.#several.keys !== keys || this.#several.of !== shown) {
      // They have been put down where they were shown last.
      if (this.#several?.keys === keys && this.#carried !== undefined && carried === null) this.#selectedLayer.carry(this.#carried.dx, this.#carried.dy);
      this.#several = { keys, of: shown, items: new Items([...keys].flatMap((key) => shown.get(key) ?? [])) };
    }
    this.#carried = carried ?? undefined;
    if (keys.size === 0) return;
    const { dx, dy } = carried ?? STILL;
    const shifted = carried === null ? view : { scale: view.scale, x: view.x + dx * view.scale, y: view.y + dy * view.scale };
    this.#selectedLayer.draw(this.#context, this.#several.items, NONE, shifted, this.#size, this.#ratio, this.#layer.complete ? 1 : 0.5);
  }

  #paintPreview(preview: Preview, view: View): void {
    for (const also of preview.also ?? []) this.#paintPreview(also, view);
    paintActive(this.#context, preview, view, this.#palette.of(preview.label), this.#limits(preview.shape.type));
  }

  /** Number and label beside objects: those that the person looks at, or all that are large enough to have room for it. */
  #paintTags(active: readonly (Item | null)[], preview: Preview | null, frame: Frame): void {
    const { view } = frame;
    const { tags } = preferences.get(), { shown } = this.#editor.state.get();
    const all = tags === "all" ? shown.within(visibleBounds(view, this.#size)) : [];
    const tagged = all.length > MOST_TAGS ? [] : all.filter(({ bounds }) => (bounds.right - bounds.left) * view.scale > TAG_ROOM);
    const wanted = tags === "none" ? [] : active;
    for (const item of new Set([...tagged, ...wanted])) {
      if (item === null || preview?.replaces === item.key || preview?.carried?.keys.has(item.key) === true) continue;
      const name = this.#editor.labels.find(({ choice }) => choice === item.label)?.display ?? item.label ?? "no label";
      upright(frame, () => paintTag(this.#context, `${shown.numberOf(item.key)} ${name}`, uprightCorner(frame, item.bounds), this.#palette.of(item.label), this.#font));
    }
  }

  #limits(type: string): ShapeLimits {
    return { bounds: this.#editor.limits, rule: this.#editor.taxonomy.geometries[type] ?? null };
  }

  /** The picture through the adjustments: prepared as a whole, or until then painted apart, so that it costs the same however many pixels it has. */
  #paintAdjusted(frame: Frame): void {
    const value = adjustments.get(), plain = this.#picture?.source ?? null;
    if (isUnchanged(value) || this.#picture === null) {
      this.#adjusted.forget();
      return this.#paintPicture(this.#context, frame.view, plain);
    }
    const prepared = this.#adjusted.take(this.#picture, value, this.#request);
    if (prepared !== null) return this.#paintPicture(this.#context, frame.view, prepared);
    this.#apart ??= document.createElement("canvas");
    const { width, height } = this.#canvas;
    if (this.#apart.width !== width || this.#apart.height !== height) Object.assign(this.#apart, { width, height });
    const apart = this.#apart.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    apart.setTransform(...turnTransform(frame.canvas, frame.turn, frame.ratio));
    apart.fillStyle = BACKGROUND;
    apart.fillRect(0, 0, frame.size.width, frame.size.height);
    this.#paintPicture(apart, frame.view, plain);
    const context = this.#context;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.filter = `url(#${FILTER})`;
    context.drawImage(this.#apart, 0, 0);
    context.restore();
  }

  #paintPicture(context: CanvasRenderingContext2D, view: View, source: CanvasImageSource | null): void {
    const { picture, limits } = this.#editor;
    const a = toScreen(view, { x: limits.left, y: limits.top }), b = toScreen(view, { x: limits.right, y: limits.bottom });
    context.fillStyle = PADDING_COLOUR;
    context.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
    if (this.#picture === null || source === null) return;
    context.imageSmoothingEnabled = view.scale < SQUARES;
    context.imageSmoothingQuality = "medium";
    const corner = toScreen(view, { x: 0, y: 0 });
    // Only the visible part: enlarging a whole large picture beyond the canvas is wasted work.
    const left = Math.max(0, Math.floor(-corner.x / view.scale)), top = Math.max(0, Math.floor(-corner.y / view.scale));
    const right = Math.min(picture.width, Math.ceil((this.#size.width - corner.x) / view.scale));
    const bottom = Math.min(picture.height, Math.ceil((this.#size.height - corner.y) / view.scale));
    if (right > left && bottom > top) {
      const perX = this.#picture.width / picture.width, perY = this.#picture.height / picture.height;
      context.drawImage(
        source, left * perX, top * perY, (right - left) * perX, (bottom - top) * perY,
        corner.x + left * view.scale, corner.y + top * view.scale, (right - left) * view.scale, (bottom - top) * view.scale,
      );
      this.#tiles?.paint(context, view, this.#size, this.#ratio);
      if (view.scale >= GRID) this.#paintGrid(context, view, left, top, right, bottom);
    }
    context.imageSmoothingEnabled = true;
  }

  #paintGrid(context: CanvasRenderingContext2D, view: View, left: number, top: number, right: number, bottom: number): void {
    context.strokeStyle = "rgba(255, 255, 255, 0.16)";
    context.lineWidth = 1;
    context.beginPath();
    for (let x = left; x <= right; x++) {
      const at = Math.round(x * view.scale + view.x) + 0.5;
      context.moveTo(at, top * view.scale + view.y);
      context.lineTo(at, bottom * view.scale + view.y);
    }
    for (let y = top; y <= bottom; y++) {
      const at = Math.round(y * view.scale + view.y) + 0.5;
      context.moveTo(left * view.scale + view.x, at);
      context.lineTo(right * view.scale + view.x, at);
    }
    context.stroke();
  }
}
