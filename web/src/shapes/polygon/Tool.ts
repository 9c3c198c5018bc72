import { distance, clampPoint, type ImagePoint } from "../../math/space.js";
import { toScreen, type View } from "../../math/view.js";
import { addObject } from "../../model/plans.js";
import { area } from "../../math/polygon.js";
import type { Shape } from "../../engine/Shape.js";
import { ruleFor, type Input, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { traceVertices } from "./draw.js";
import { PolygonGeometry, type Vertices } from "./Shape.js";

interface State {
  readonly vertices: Vertices;
  /** Where the next vertex would be; null while the pointer has not moved since the start. */
  readonly at: ImagePoint | null;
  /** The button is down on the newest vertex, which follows the pointer. */
  readonly pressed: boolean;
}

const IDLE: State = { vertices: [], at: null, pressed: false };
/** How near to the first vertex a click closes the polygon, in CSS pixels. */
const CLOSE_REACH = 9;
/** Clicks nearer to the newest vertex than this belong to a double click, in CSS pixels. */
const SAME_PLACE = 3;

/** Draws polygons vertex by vertex. */
export const PolygonTool: Tool<State> = {
  id: "polygon",
  name: "Polygon",
  key: "P",
  draws: "polygon",
  hint: "Click each corner. Enter, a double click or a click on the first corner closes; Backspace takes the last one back.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": return place(state, input, context);
      case "move": {
        const at = clampPoint(input.at, context.limits);
        return { state: { ...state, at, vertices: state.pressed ? [...state.vertices.slice(0, -1), at] : state.vertices } };
      }
      case "up": return { state: { ...state, pressed: false } };
      case "double": return state.vertices.length > 0 ? close(state, context) : { state };
      case "key": return key(state, input.key, context);
      case "cancel": return state.vertices.length === 0 ? { state, handled: false } : { state: IDLE };
    }
  },

  preview({ vertices, at, pressed }: State, context: ToolContext): Preview | null {
    if (vertices.length === 0) return null;
    const drawn = at === null || pressed ? vertices : [...vertices, at];
    return { shape: OpenOutline, geometry: drawn, label: context.label, replaces: null, handles: true, emphasis: vertices.length >= 3 ? vertices[0] : null };
  },
};

/** The polygon while it is drawn: an open line over a faint area. */
const OpenOutline: Shape<Vertices> = {
  ...PolygonGeometry,
  handles: (vertices) => PolygonGeometry.handles(vertices).filter(({ kind }) => kind === "vertex"),
  stroke(context: CanvasRenderingContext2D, vertices: Vertices, view: View): void {
    traceVertices(context, vertices, view, false);
    context.stroke();
  },
};

function place(state: State, input: PointerInput, context: ToolContext): ToolResult<State> {
  const { vertices } = state;
  const at = clampPoint(input.at, context.limits);
  const screen = toScreen(context.view, at);
  if (vertices.length >= 3 && distance(toScreen(context.view, vertices[0]), screen) <= CLOSE_REACH) return close(state, context);
  const newest = vertices[vertices.length - 1];
  if (newest !== undefined && distance(toScreen(context.view, newest), screen) <= SAME_PLACE) return { state };
  const most = ruleFor(context, "polygon")?.maxVertices ?? null;
  if (most !== null && vertices.length >= most) return { state, notice: `At most ${most} vertices are allowed. Enter closes the polygon.` };
  return { state: { vertices: [...vertices, at], at, pressed: true } };
}

function key(state: State, name: string, context: ToolContext): ToolResult<State> {
  if (state.vertices.length === 0) return { state, handled: false };
  if (name === "Enter") return close(state, context);
  if (name === "Backspace" || name === "Delete") return { state: { ...state, vertices: state.vertices.slice(0, -1), pressed: false } };
  return { state, handled: false };
}

function close(state: State, context: ToolContext): ToolResult<State> {
  const { vertices } = state;
  const least = Math.max(3, ruleFor(context, "polygon")?.minVertices ?? 3);
  if (vertices.length < least) return { state: { ...state, pressed: false }, notice: `A polygon needs at least ${least} vertices here; this one has ${vertices.length}.` };
  if (area(vertices) === 0) return { state: IDLE, notice: "This polygon has no area." };
  const key = context.newKey();
  const object = PolygonGeometry.write(vertices, { type: "polygon", label: context.label, attributes: {} });
  return { state: IDLE, plan: addObject(key, object), select: key };
}
