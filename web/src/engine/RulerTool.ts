import { clampPoint, distance, type ImagePoint } from "../math/space.js";
import { toScreen } from "../math/view.js";
import type { Shape } from "./Shape.js";
import { NOTHING, type Input, type Preview, type Tool, type ToolContext, type ToolResult } from "./Tool.js";

/** `held`: the first part is being dragged; `done`: the path stays to be read until the next one begins. */
interface State {
  readonly points: readonly ImagePoint[];
  readonly at: ImagePoint | null;
  readonly phase: "idle" | "held" | "open" | "done";
}

const IDLE: State = { points: [], at: null, phase: "idle" };
/** Pointer travel that makes a drag of a click, in CSS pixels. */
const DRAG_START = 4;

/** The ruler's path as a shape in hand. The scene paints it with its lengths; it is never stored. */
export const RULER: Shape<readonly ImagePoint[]> = {
  ...(NOTHING.shape as Shape<readonly ImagePoint[]>),
  type: "ruler",
  noun: "ruler",
  points: (points) => points.length,
  outline: (points) => ({ points, closed: false }),
};

/** Measures between two places and along a path, in pixels and in the picture's unit. */
export const RulerTool: Tool<State> = {
  id: "ruler",
  name: "Ruler",
  key: "R",
  draws: null,
  hint: "Drag to measure a distance, or click along a path; Enter or a double click ends it. Nothing is stored.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    const cursor = "crosshair";
    switch (input.kind) {
      case "down": {
        const at = clampPoint(context.snap(input.at, { modifiers: input }), context.limits);
        if (state.phase === "open") return { state: { ...state, points: [...state.points, at], at }, cursor };
        return { state: { points: [at], at, phase: "held" }, cursor };
      }
      case "move": {
        if (state.phase === "idle" || state.phase === "done") return { state, cursor };
        return { state: { ...state, at: clampPoint(context.snap(input.at, { modifiers: input }), context.limits) }, cursor };
      }
      case "up": {
        if (state.phase !== "held") return { state };
        const travelled = distance(toScreen(context.view, state.points[0]), input.screen) > DRAG_START;
        const at = clampPoint(context.snap(input.at, { modifiers: input }), context.limits);
        return { state: travelled ? { points: [...state.points, at], at: null, phase: "done" } : { ...state, phase: "open" } };
      }
      case "double": return { state: finished(state) };
      case "key": {
        if (input.key === "Enter" && state.phase === "open") return { state: finished(state) };
        if (input.key === "Backspace" && state.phase === "open" && state.points.length > 1) return { state: { ...state, points: state.points.slice(0, -1) } };
        return { state, handled: false };
      }
      case "cancel": return state.phase === "idle" ? { state, handled: false } : { state: IDLE };
    }
  },

  preview(state: State): Preview | null {
    const points = state.at === null || state.phase === "done" ? state.points : [...state.points, state.at];
    return points.length < 2 ? null : { ...NOTHING, shape: RULER as Shape, geometry: points };
  },
};

/** The path as it stays to be read; a double click has put its last point there twice. */
function finished(state: State): State {
  const points = state.points.filter((point, i) => i === 0 || distance(point, state.points[i - 1]) > 1e-6);
  return points.length < 2 ? IDLE : { points, at: null, phase: "done" };
}
