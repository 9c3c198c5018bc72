import { clampPoint, type ImageBounds, type ImagePoint } from "../math/space.js";
import { toScreen, type View } from "../math/view.js";
import type { PointerInput } from "./Tool.js";

/** The pointer of people who draw without a mouse: a cross on the picture, moved by the arrow keys. */
export interface Crosshair {
  readonly at: ImagePoint;
  /** The button is held down, so that moving drags. */
  readonly pressed: boolean;
  /** The last thing done was placing a point here, so that placing once more means a double click. */
  readonly placed: boolean;
}

export interface Press {
  readonly key: string;
  readonly shift: boolean;
  readonly alt: boolean;
}

const DIRECTIONS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

export function isSteering({ key }: Press): boolean {
  return key in DIRECTIONS || key === "Enter";
}

export function crosshairAt(at: ImagePoint): Crosshair {
  return { at: { x: Math.round(at.x), y: Math.round(at.y) }, pressed: false, placed: false };
}

/**
 * What a key makes of the cross, and the pointer inputs that a mouse would have made. Arrows move by a pixel of the picture or of the
 * screen, whichever is larger; ten times as far with Shift, a hundred times with Alt. Enter clicks; Shift+Enter holds the button or lets go.
 */
export function steer(cross: Crosshair, press: Press, view: View, limits: ImageBounds): { readonly cross: Crosshair; readonly inputs: readonly PointerInput[] } {
  const input = (kind: PointerInput["kind"], at: ImagePoint): PointerInput => ({ kind, at, screen: toScreen(view, at), shift: false, alt: false, ctrl: false });
  const direction = DIRECTIONS[press.key];
  if (direction !== undefined) {
    const step = Math.max(1, Math.round(1 / view.scale)) * (press.alt ? 100 : press.shift ? 10 : 1);
    const at = clampPoint({ x: cross.at.x + direction[0] * step, y: cross.at.y + direction[1] * step }, limits);
    return { cross: { ...cross, at, placed: false }, inputs: [input("move", at)] };
  }
  const { at } = cross;
  if (press.shift || cross.pressed) return { cross: { at, pressed: !cross.pressed, placed: false }, inputs: [input(cross.pressed ? "up" : "down", at)] };
  const click = [input("move", at), input("down", at), input("up", at)];
  return cross.placed ? { cross: { ...cross, placed: false }, inputs: [...click, input("double", at)] } : { cross: { ...cross, placed: true }, inputs: click };
}
