import { spanBox } from "../../math/boxChange.js";
import type { BoxShape } from "../../math/box.js";
import { distance, type ImagePoint, type ScreenPoint } from "../../math/space.js";
import { addObject } from "../../model/plans.js";
import { limitsFor, type Input, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { BoxGeometry, boxLimits } from "./Shape.js";

/** `pressed`: the button is still down, so this may become a drag; `open`: the first corner was clicked, the second is awaited. */
type State =
  | { readonly phase: "idle" }
  | {
    readonly phase: "pressed" | "open"; readonly start: ImagePoint; readonly startScreen: ScreenPoint; readonly at: ImagePoint;
    readonly square: boolean; readonly centre: boolean;
  };
type Drawing = Exclude<State, { phase: "idle" }>;

const IDLE: State = { phase: "idle" };
/** Pointer travel that makes a drag of a click, in CSS pixels. */
const DRAG_START = 4;
const CORNER = "Click the opposite corner. Shift: square. Alt: from the centre. Esc gives up.";

/** Draws boxes by dragging, or by clicking two opposite corners. */
export const BoxTool: Tool<State> = {
  id: "box",
  name: "Box",
  key: "B",
  draws: "box",
  hint: "Drag, or click two opposite corners. Shift draws a square, Alt from the centre.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": {
        if (state.phase !== "idle") return { state: followed(state, input, context) };
        const start = context.snap(input.at, { modifiers: input });
        return { state: { phase: "pressed", start, startScreen: input.screen, at: start, square: input.shift, centre: input.alt } };
      }
      case "move": return { state: state.phase === "idle" ? state : followed(state, input, context) };
      case "up": {
        if (state.phase === "idle") return { state };
        const next = followed(state, input, context);
        // A click that stays where it began only sets the first corner.
        return distance(state.startScreen, input.screen) > DRAG_START ? finish(next, context) : { state: { ...next, phase: "open" } };
      }
      case "cancel": return state.phase === "idle" ? { state, handled: false } : { state: IDLE };
      case "double": return { state };
      case "key": return input.key === "Undo" && state.phase !== "idle" ? { state: IDLE } : { state, handled: false };
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") return null;
    return { shape: BoxGeometry, geometry: spanned(state, context), label: context.label, replaces: null, handles: false, emphasis: null, next: CORNER };
  },
};

function followed(state: Drawing, input: PointerInput, context: ToolContext): Drawing {
  return { ...state, at: context.snap(input.at, { modifiers: input }), square: input.shift, centre: input.alt };
}

function spanned({ start, at, square, centre }: Drawing, context: ToolContext): BoxShape {
  return spanBox(start, at, boxLimits(limitsFor(context, "box")), { square, centre });
}

/** A box that the task would refuse stays in hand, so that its second corner can be set again. */
function finish(state: Drawing, context: ToolContext): ToolResult<State> {
  const box = spanned(state, context);
  const fault = BoxGeometry.fault?.(box, limitsFor(context, "box")) ?? null;
  if (fault !== null) return { state: { ...state, phase: "open" }, notice: `${fault} Click further away, or Esc.` };
  const key = context.newKey();
  return { state: IDLE, plan: addObject(key, BoxGeometry.write(box, { type: "box", label: context.label, attributes: {} })), select: key };
}
