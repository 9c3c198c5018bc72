import { boxFromBounds, roundBox, type BoxShape } from "../../math/box.js";
import { boundsBetween, clampPoint, distance, type ImagePoint, type ScreenPoint } from "../../math/space.js";
import { addObject } from "../../model/plans.js";
import { ruleFor, type Input, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { BoxGeometry } from "./Shape.js";

/** `pressed`: the button is still down, so this may become a drag; `open`: the first corner was clicked, the second is awaited. */
type State =
  | { readonly phase: "idle" }
  | { readonly phase: "pressed" | "open"; readonly start: ImagePoint; readonly startScreen: ScreenPoint; readonly at: ImagePoint };

const IDLE: State = { phase: "idle" };
/** Pointer travel that makes a drag of a click, in CSS pixels. */
const DRAG_START = 4;

/** Draws boxes by dragging, or by clicking two opposite corners. */
export const BoxTool: Tool<State> = {
  id: "box",
  name: "Box",
  key: "B",
  draws: "box",
  hint: "Drag, or click two opposite corners.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": {
        const at = clampPoint(input.at, context.limits);
        if (state.phase === "open") return { state: { ...state, at } };
        return { state: { phase: "pressed", start: at, startScreen: input.screen, at } };
      }
      case "move":
        return state.phase === "idle" ? { state } : { state: { ...state, at: clampPoint(input.at, context.limits) } };
      case "up": {
        if (state.phase === "idle") return { state };
        const at = clampPoint(input.at, context.limits);
        const travelled = distance(state.startScreen, input.screen) > DRAG_START;
        if (!travelled) return { state: { ...state, phase: "open", at } };
        return finish({ ...state, at }, context);
      }
      case "cancel": return state.phase === "idle" ? { state, handled: false } : { state: IDLE };
      case "double": return { state };
      case "key": return { state, handled: false };
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") return null;
    return { shape: BoxGeometry, geometry: spanned(state, context), label: context.label, replaces: null, handles: false, emphasis: null };
  },
};

function spanned(state: Exclude<State, { phase: "idle" }>, context: ToolContext): BoxShape {
  const box = boxFromBounds(boundsBetween(state.start, state.at));
  return ruleFor(context, "box")?.integerPixels === true ? roundBox(box) : box;
}

function finish(state: Exclude<State, { phase: "idle" }>, context: ToolContext): ToolResult<State> {
  const box = spanned(state, context);
  const rule = ruleFor(context, "box");
  const minWidth = rule?.minWidth ?? 0, minHeight = rule?.minHeight ?? 0;
  if (box.width <= 0 || box.height <= 0 || box.width < minWidth || box.height < minHeight) {
    const least = minWidth > 0 || minHeight > 0 ? ` At least ${minWidth} × ${minHeight} px are needed.` : "";
    return { state: IDLE, notice: `This box is too small.${least}` };
  }
  const key = context.newKey();
  return { state: IDLE, plan: addObject(key, BoxGeometry.write(box, { type: "box", label: context.label, attributes: {} })), select: key };
}
