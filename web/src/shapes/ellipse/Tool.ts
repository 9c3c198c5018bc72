import { boxCentre } from "../../math/box.js";
import { spanBox } from "../../math/boxChange.js";
import { axisEnd, ellipseFrom, type AxisEnds } from "../../math/ellipse.js";
import { distance, type ImagePoint, type ScreenPoint } from "../../math/space.js";
import { addObject } from "../../model/plans.js";
import { NO_MODIFIERS, type Modifiers } from "../../engine/Shape.js";
import { limitsFor, type Input, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { TURN_STEP } from "../turning.js";
import { EllipseGeometry, settled } from "./Shape.js";

/** What the first click stands for: the centre, or the end of an axis. */
type First = "centre" | "end";

type State =
  | { readonly phase: "idle" }
  /** The button is still down: a drag spans the ellipse's rectangle, a click begins with its axes. */
  | { readonly phase: "pressed"; readonly start: ImagePoint; readonly startScreen: ScreenPoint; readonly at: ImagePoint; readonly keys: Modifiers }
  /** An axis is drawn from its centre or from its end. */
  | { readonly phase: "axis"; readonly first: First; readonly start: ImagePoint; readonly at: ImagePoint; readonly keys: Modifiers }
  /** One axis stands, the other one follows the pointer. */
  | { readonly phase: "width"; readonly first: First; readonly start: ImagePoint; readonly end: ImagePoint; readonly at: ImagePoint; readonly keys: Modifiers };
type Drawing = Exclude<State, { phase: "idle" }>;

const IDLE: State = { phase: "idle" };
/** Pointer travel that makes a drag of a click, in CSS pixels. */
const DRAG_START = 4;
const NEXT: { readonly [phase in First | "pressed" | "width"]: string } = {
  pressed: "Drag to the opposite corner. Shift: circle. Alt: from the centre.",
  centre: "This is the centre: click the end of one axis. Shift: steps of 15°. Tab makes it the other end of the axis instead. Esc gives up.",
  end: "This is one end of an axis: click the other end. Shift: steps of 15°. Tab makes it the centre instead. Esc gives up.",
  width: "Click as far out as the ellipse is wide. Shift: circle. Undo takes the axis back.",
};

/** Draws ellipses in three ways: by their rectangle, from the centre by two radii, or by one axis from end to end and the width. */
export const EllipseTool: Tool<State> = {
  id: "ellipse",
  name: "Ellipse",
  key: "E",
  draws: "ellipse",
  hint: "Drag its rectangle, or click the centre and then two radii, or Alt and click one end of an axis, then the other end and the width. Shift draws a circle.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": {
        if (state.phase !== "idle") return { state: followed(state, input, context) };
        const start = context.snap(input.at, { modifiers: input });
        return { state: { phase: "pressed", start, startScreen: input.screen, at: start, keys: input } };
      }
      case "move": return { state: state.phase === "idle" ? state : followed(state, input, context) };
      case "up": return state.phase === "idle" ? { state } : released(followed(state, input, context), input, context);
      case "cancel": return state.phase === "idle" ? { state, handled: false } : { state: IDLE };
      case "double": return { state };
      case "key": return key(state, input.key);
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") return null;
    const [from, to] = state.phase === "pressed" ? [state.start, state.start] : axisOf(state, context);
    return {
      shape: EllipseGeometry, geometry: spanned(state, context), label: context.label, replaces: null, handles: false,
      emphasis: state.phase === "pressed" ? null : state.start,
      next: NEXT[state.phase === "axis" ? state.first : state.phase],
      guides: state.phase === "pressed" ? [] : [{ points: [from, to], dashed: true }],
    };
  },
};

function key(state: State, name: string): ToolResult<State> {
  if (name === "Undo" && state.phase !== "idle") return { state: state.phase === "width" ? { ...state, phase: "axis" } : IDLE };
  if (name === "Tab" && state.phase === "axis") return { state: { ...state, first: state.first === "centre" ? "end" : "centre" } };
  return { state, handled: false };
}

function followed(state: Drawing, input: PointerInput, context: ToolContext): Drawing {
  return { ...state, at: context.snap(input.at, { modifiers: input }), keys: input };
}

function released(state: Drawing, input: PointerInput, context: ToolContext): ToolResult<State> {
  switch (state.phase) {
    case "pressed":
      if (distance(state.startScreen, input.screen) > DRAG_START) return finish(state, context);
      return { state: { phase: "axis", first: input.alt ? "end" : "centre", start: state.start, at: state.at, keys: NO_MODIFIERS } };
    case "axis": {
      const [from, to] = axisOf(state, context);
      // The release of the very click that began the axis, or a click on the same place, draws nothing yet.
      return { state: distance(from, to) < 1 ? state : { ...state, phase: "width", end: to } };
    }
    case "width": return finish(state, context);
  }
}

/** The axis in hand from end to end. */
function axisOf(state: Exclude<Drawing, { phase: "pressed" }>, { limits }: ToolContext): readonly [ImagePoint, ImagePoint] {
  const { start, first } = state;
  const step = state.phase === "axis" && state.keys.shift ? TURN_STEP : null;
  const end = state.phase === "width" ? state.end : axisEnd(start, state.at, step, first === "centre", limits);
  return first === "end" ? [start, end] : [{ x: 2 * start.x - end.x, y: 2 * start.y - end.y }, end];
}

function spanned(state: Drawing, context: ToolContext): AxisEnds {
  if (state.phase === "pressed") {
    const box = spanBox(state.start, state.at, { bounds: context.limits, minWidth: 0, minHeight: 0, whole: false }, { square: state.keys.shift, centre: state.keys.alt });
    return settled({ centre: boxCentre(box), a: box.width / 2, b: box.height / 2, rotation: 0 });
  }
  const [from, end] = axisOf(state, context);
  const centre = { x: (from.x + end.x) / 2, y: (from.y + end.y) / 2 };
  if (state.phase === "axis") return settled(ellipseFrom(centre, end, centre, context.limits));
  // With Shift the second radius is as long as the first.
  const { x, y } = { x: end.x - centre.x, y: end.y - centre.y };
  return settled(ellipseFrom(centre, end, state.keys.shift ? { x: centre.x - y, y: centre.y + x } : state.at, context.limits));
}

/** An ellipse that is too thin stays in hand, so that its width can be set again. */
function finish(state: Drawing, context: ToolContext): ToolResult<State> {
  const ends = spanned(state, context);
  const fault = EllipseGeometry.fault?.(ends, limitsFor(context, "ellipse")) ?? null;
  // The button is up, so a rectangle that is too small is given up; of an axis the width is awaited still.
  if (fault !== null) return { state: state.phase === "pressed" ? IDLE : state, notice: `${fault} ${state.phase === "pressed" ? "Drag further." : "Click further away, or Esc."}` };
  const key = context.newKey();
  return { state: IDLE, plan: addObject(key, EllipseGeometry.write(ends, { type: "ellipse", label: context.label, attributes: {} })), select: key };
}
