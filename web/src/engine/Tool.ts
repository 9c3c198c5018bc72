import type { CameraModel } from "../math/camera.js";
import type { ImageBounds, ImagePoint, ScreenPoint } from "../math/space.js";
import type { View } from "../math/view.js";
import type { Plan } from "../model/plans.js";
import type { GeometryRule, Taxonomy } from "../model/taxonomy.js";
import type { Items } from "./items.js";
import type { Guide, Modifiers, Shape, ShapeLimits } from "./Shape.js";

/** The main button and the pointer; other buttons are no tool's business. */
export interface PointerInput extends Modifiers {
  readonly kind: "down" | "move" | "up" | "double";
  readonly at: ImagePoint;
  readonly screen: ScreenPoint;
}

/**
 * A key for the tool by what it means, whatever key the person has chosen for it: "Enter" finishes, "Delete" removes, "Backspace" takes a vertex back, "Undo" takes back what
 * was done to the shape in hand last, "Tab" goes on to the next possibility, arrows nudge. Keys that mean nothing else come by their own name.
 */
export interface KeyInput extends Modifiers {
  readonly kind: "key";
  readonly key: string;
}

/** Leave one level: give up what is half done. */
export interface CancelInput {
  readonly kind: "cancel";
}

export type Input = PointerInput | KeyInput | CancelInput;

export interface SnapOptions {
  /** Objects that are not snapped to, such as the one in hand. */
  readonly exclude?: readonly string[];
  readonly modifiers?: Modifiers;
}

/** What a tool may know; it changes nothing itself. */
export interface ToolContext {
  readonly view: View;
  readonly limits: ImageBounds;
  readonly taxonomy: Taxonomy;
  readonly items: Items;
  /** The chosen objects in the order they were chosen; the last one is the primary. */
  readonly selection: readonly string[];
  readonly label: string | null;
  /** How near the pointer must be, in picture pixels. */
  readonly tolerance: number;
  /** The task asks for whole pixels in what this tool draws. */
  readonly integers: boolean;
  /** The camera that took the picture, where the task tells. */
  readonly camera: CameraModel | null;
  /** Locked objects cannot be changed by hand; hidden ones are not there for the pointer. */
  locked(key: string): boolean;
  /** What the person has locked stays; what the task has locked may still be removed where the task says so. */
  removable(key: string): boolean;
  hidden(key: string): boolean;
  /** The place that is meant by a place: what it is near to, exactly, or the place itself, rounded as it is kept. See snap.ts. */
  snap(point: ImagePoint, options?: SnapOptions): ImagePoint;
  newKey(): string;
}

/** A shape that is being drawn or changed and is not in the document yet. */
export interface Preview {
  readonly shape: Shape;
  readonly geometry: unknown;
  readonly label: string | null;
  /** The item this stands for, which is not drawn meanwhile. */
  readonly replaces: string | null;
  readonly handles: boolean;
  /** A vertex drawn larger, such as the first one, where a click closes the polygon. */
  readonly emphasis: ImagePoint | null;
  /** Further vertices drawn like it. */
  readonly marks?: readonly ImagePoint[];
  /** Lines that help to see what will happen; no part of any shape. */
  readonly guides?: readonly Guide[];
  /** Words at a place, on what happens there or would happen with a key. */
  readonly note?: { readonly at: ImagePoint; readonly text: string } | null;
  /** What the tool waits for now, in words; its hint where nothing is said. */
  readonly next?: string;
  /** Further shapes in hand. */
  readonly also?: readonly Preview[];
  /** Objects of the document that move together, and by how much in picture pixels. */
  readonly carried?: { readonly keys: ReadonlySet<string>; readonly dx: number; readonly dy: number };
}

/** Draws nothing itself: the ground for previews that have only guides. */
export const NOTHING: Preview = {
  shape: {
    type: "", noun: "", read: () => null, write: (_, object) => object, bounds: () => ({ left: 0, top: 0, right: 0, bottom: 0 }), area: () => 0,
    points: () => 0, nearness: () => ({ inside: false, distance: Infinity }), outline: () => ({ points: [], closed: false }), handles: () => [],
    pull: (geometry) => geometry, pulled: (handle) => handle, cut: () => null, move: (geometry) => geometry, fill: () => undefined, stroke: () => undefined,
  },
  geometry: null, label: null, replaces: null, handles: false, emphasis: null,
};

/** "only" replaces the selection, "add" widens it, "toggle" takes chosen ones out and others in. */
export type SelectMode = "only" | "toggle" | "add";

/** What came of an input. Only what is given changes. */
export interface ToolResult<S> {
  readonly state: S;
  readonly plan?: Plan;
  readonly select?: string | null | readonly string[];
  readonly mode?: SelectMode;
  readonly notice?: string;
  readonly cursor?: string;
  /** False when a key or a cancel meant nothing to the tool, so that the next level may have it. */
  readonly handled?: boolean;
}

/** A state machine over inputs: pure, so that it can be tested without a page. */
export interface Tool<S = unknown> {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  /** The geometry this tool draws; null for tools that draw none. */
  readonly draws: string | null;
  /** The geometries that it works on, where it is of use for these only. */
  readonly worksOn?: readonly string[];
  readonly hint: string;
  readonly start: S;
  on(state: S, input: Input, context: ToolContext): ToolResult<S>;
  /**
   * What of a state is worth going back to: when the person returns from another tool, or when what the tool wanted was refused. Null when
   * there is nothing.
   */
  kept?(state: S): S | null;
  preview(state: S, context: ToolContext): Preview | null;
}

export function ruleFor(context: ToolContext, type: string): GeometryRule | null {
  return context.taxonomy.geometries[type] ?? null;
}

export function limitsFor(context: ToolContext, type: string): ShapeLimits {
  return { bounds: context.limits, rule: ruleFor(context, type) };
}
