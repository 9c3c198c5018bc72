import type { ImageBounds, ImagePoint, ScreenPoint } from "../math/space.js";
import type { View } from "../math/view.js";
import type { Plan } from "../model/plans.js";
import type { GeometryRule, Taxonomy } from "../model/taxonomy.js";
import type { Items } from "./items.js";
import type { Shape, ShapeLimits } from "./Shape.js";

export interface PointerInput {
  readonly kind: "down" | "move" | "up" | "double";
  readonly at: ImagePoint;
  readonly screen: ScreenPoint;
  readonly shift: boolean;
  readonly alt: boolean;
}

export interface KeyInput {
  readonly kind: "key";
  readonly key: string;
  readonly shift: boolean;
}

/** Leave one level: give up what is half done. */
export interface CancelInput {
  readonly kind: "cancel";
}

export type Input = PointerInput | KeyInput | CancelInput;

/** What a tool may know; it changes nothing itself. */
export interface ToolContext {
  readonly view: View;
  readonly limits: ImageBounds;
  readonly taxonomy: Taxonomy;
  readonly items: Items;
  readonly selection: string | null;
  readonly label: string | null;
  /** How near the pointer must be, in picture pixels. */
  readonly tolerance: number;
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
}

/** What came of an input. Only what is given changes. */
export interface ToolResult<S> {
  readonly state: S;
  readonly plan?: Plan;
  readonly select?: string | null;
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
  readonly hint: string;
  readonly start: S;
  on(state: S, input: Input, context: ToolContext): ToolResult<S>;
  preview(state: S, context: ToolContext): Preview | null;
}

export function ruleFor(context: ToolContext, type: string): GeometryRule | null {
  return context.taxonomy.geometries[type] ?? null;
}

export function limitsFor(context: ToolContext, type: string): ShapeLimits {
  return { bounds: context.limits, rule: ruleFor(context, type) };
}
