import type { ScreenPoint } from "../../math/space.js";
import { turnCursor, unturn } from "../../math/turn.js";
import { toImage } from "../../math/view.js";
import { primaryOf } from "../../engine/selection.js";
import type { Editor } from "../../engine/Editor.js";
import type { PointerInput } from "../../engine/Tool.js";

const ZOOM_SPEED = 0.0016;

/**
 * Pointer and wheel on a canvas: panning with space or the middle button and zooming about the cursor are handled here for every tool,
 * everything else goes to the tool.
 */
export class Gestures {
  readonly #canvas: HTMLCanvasElement;
  readonly #editor: Editor;
  readonly #stop = new AbortController();
  #panning: ScreenPoint | null = null;
  #space = false;
  #pressed = false;

  constructor(canvas: HTMLCanvasElement, editor: Editor) {
    this.#canvas = canvas;
    this.#editor = editor;
    const { signal } = this.#stop;
    canvas.addEventListener("pointerdown", this.#down, { signal });
    canvas.addEventListener("pointermove", this.#move, { signal });
    canvas.addEventListener("pointerup", this.#up, { signal });
    canvas.addEventListener("pointercancel", this.#cancel, { signal });
    canvas.addEventListener("pointerleave", () => editor.hover.set(null), { signal });
    canvas.addEventListener("dblclick", (event) => editor.input(this.#input("double", event)), { signal });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    // Not passive: the page itself must not scroll or zoom.
    canvas.addEventListener("wheel", this.#wheel, { signal, passive: false });
    window.addEventListener("keydown", this.#key, { signal });
    window.addEventListener("keyup", this.#key, { signal });
    window.addEventListener("blur", () => { this.#space = false; this.#showCursor(); }, { signal });
    const forget = editor.cursor.subscribe(() => this.#showCursor());
    signal.addEventListener("abort", forget);
    this.#showCursor();
  }

  destroy(): void {
    this.#stop.abort();
  }

  #down = (event: PointerEvent): void => {
    this.#canvas.focus({ preventScroll: true });
    if (event.button === 1 || (event.button === 0 && this.#space)) {
      event.preventDefault();
      this.#panning = this.#place(event);
      this.#canvas.setPointerCapture(event.pointerId);
      this.#showCursor();
    } else if (event.button === 0) {
      this.#pressed = true;
      this.#canvas.setPointerCapture(event.pointerId);
      this.#editor.input(this.#input("down", event));
    }
  };

  #move = (event: PointerEvent): void => {
    if (this.#panning !== null) {
      const place = this.#place(event);
      this.#editor.pan(place.x - this.#panning.x, place.y - this.#panning.y);
      this.#panning = place;
      return;
    }
    const input = this.#input("move", event);
    this.#editor.input(input);
    if (!this.#pressed) this.#hover(input);
  };

  #up = (event: PointerEvent): void => {
    if (this.#panning !== null) {
      this.#panning = null;
      this.#showCursor();
    } else if (event.button === 0 && this.#pressed) {
      this.#pressed = false;
      this.#editor.input(this.#input("up", event));
    }
  };

  #cancel = (): void => {
    this.#panning = null;
    this.#pressed = false;
    this.#editor.input({ kind: "cancel" }, "drawing only");
    this.#showCursor();
  };

  #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    // A pinch on a touch pad arrives as a wheel with Ctrl and much smaller steps.
    const speed = event.ctrlKey ? ZOOM_SPEED * 6 : ZOOM_SPEED;
    this.#editor.zoom(Math.exp(-event.deltaY * lines * speed), this.#place(event));
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key !== " " || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (event.target === this.#canvas || event.target === document.body) event.preventDefault();
    this.#space = event.type === "keydown";
    this.#showCursor();
  };

  #hover(input: PointerInput): void {
    if (this.#editor.hand.get().picking !== null) return;
    const drawing = this.#editor.tools.find(({ id }) => id === this.#editor.state.get().tool)?.draws !== null;
    const state = this.#editor.state.get();
    const item = drawing ? null : state.shown.hit(input.at, 6 / this.#editor.view.get().scale, primaryOf(state));
    this.#editor.hover.set(item?.key ?? null);
  }

  #showCursor(): void {
    this.#canvas.style.cursor = this.#panning !== null ? "grabbing" : this.#space ? "grab" : turnCursor(this.#editor.cursor.get(), this.#editor.turn.get());
  }

  #place(event: MouseEvent): ScreenPoint {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return unturn({ x: event.clientX - left, y: event.clientY - top }, { width, height }, this.#editor.turn.get());
  }

  #input(kind: PointerInput["kind"], event: MouseEvent): PointerInput {
    const screen = this.#place(event);
    return { kind, screen, at: toImage(this.#editor.view.get(), screen), shift: event.shiftKey, alt: event.altKey, ctrl: event.ctrlKey || event.metaKey };
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(target.tagName));
}
