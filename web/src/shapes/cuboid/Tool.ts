import { spanBox } from "../../math/boxChange.js";
import type { CuboidDrawing, SideEdge } from "../../math/cuboid.js";
import { settleCuboid, sideFrom } from "../../math/cuboidChange.js";
import { clamp, contains, distance, type ImagePoint, type ScreenPoint } from "../../math/space.js";
import { addObject } from "../../model/plans.js";
import { limitsFor, type Input, type KeyInput, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { CuboidGeometry } from "./Shape.js";

interface Corner {
  readonly start: ImagePoint;
  readonly startScreen: ScreenPoint;
  readonly at: ImagePoint;
  readonly square: boolean;
  readonly centre: boolean;
}

type State =
  | { readonly phase: "idle" }
  /** The face, as a box is drawn: `pressed` while the button is down, `open` between two clicks. */
  | (Corner & { readonly phase: "pressed" | "open" })
  /** The face stands and the pointer shows where the side would end. */
  | { readonly phase: "side"; readonly face: CuboidDrawing; readonly at: ImagePoint; readonly corner: Corner }
  /** The button is down where the side's lower corner is; a drag from there draws the edge up to its upper corner. */
  | { readonly phase: "edge"; readonly face: CuboidDrawing; readonly foot: ImagePoint; readonly footScreen: ScreenPoint; readonly at: ImagePoint; readonly corner: Corner };

const IDLE: State = { phase: "idle" };
/** Pointer travel that makes a drag of a click, in CSS pixels. */
const DRAG_START = 4;
const NEXT: { readonly [phase in Exclude<State["phase"], "idle">]: string } = {
  pressed: "Drag to the opposite corner of the face.",
  open: "Click the opposite corner of the face. Esc gives up.",
  side: "Now the side: click its far lower corner, or drag from there up its edge. Enter, or a click in the face, leaves the side out.",
  edge: "Drag up to the far upper corner, or release for a height in perspective.",
};

/** Draws cuboids in perspective: the face, then the side by its lower corner, by its whole far edge, or not at all. */
export const CuboidTool: Tool<State> = {
  id: "cuboid",
  name: "Cuboid",
  key: "C",
  draws: "cuboid",
  hint: "Drag the face, or click two corners of it; then click the far lower corner of the side, or Enter for the face alone.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": return down(state, input, context);
      case "move": return { state: followed(state, input, context) };
      case "up": return up(followed(state, input, context), input, context);
      case "cancel": return state.phase === "idle" ? { state, handled: false } : { state: IDLE };
      case "double": return { state };
      case "key": return key(state, input, context);
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") return null;
    const geometry = state.phase === "side" || state.phase === "edge" ? withSide(state, context) : faceOf(state, context);
    return { shape: CuboidGeometry, geometry, label: context.label, replaces: null, handles: false, emphasis: null, next: NEXT[state.phase] };
  },
};

function down(state: State, input: PointerInput, context: ToolContext): ToolResult<State> {
  const at = context.snap(input.at, { modifiers: input });
  switch (state.phase) {
    case "idle": return { state: { phase: "pressed", start: at, startScreen: input.screen, at, square: input.shift, centre: input.alt } };
    case "side": return { state: { phase: "edge", face: state.face, foot: at, footScreen: input.screen, at, corner: state.corner } };
    default: return { state: followed(state, input, context) };
  }
}

function followed(state: State, input: PointerInput, context: ToolContext): State {
  const at = context.snap(input.at, { modifiers: input });
  switch (state.phase) {
    case "idle": return state;
    case "pressed":
    case "open": return { ...state, at, square: input.shift, centre: input.alt };
    default: return { ...state, at };
  }
}

function up(state: State, input: PointerInput, context: ToolContext): ToolResult<State> {
  switch (state.phase) {
    case "pressed":
    case "open": return distance(state.startScreen, input.screen) > DRAG_START ? finishFace(state, context) : { state: { ...state, phase: "open" } };
    case "edge": return finish(withSide(state, context), context);
    default: return { state };
  }
}

function key(state: State, { key: name }: KeyInput, context: ToolContext): ToolResult<State> {
  if (name === "Enter" && state.phase === "side") return finish(state.face, context);
  if (name !== "Undo" || state.phase === "idle") return { state, handled: false };
  return { state: state.phase === "side" || state.phase === "edge" ? { ...state.corner, phase: "open" } : IDLE };
}

function faceOf({ start, at, square, centre }: Corner, context: ToolContext): CuboidDrawing {
  const { left, top, width, height } = spanBox(start, at, { bounds: context.limits, minWidth: 0, minHeight: 0, whole: false }, { square, centre });
  return settleCuboid({ left, top, right: left + width, bottom: top + height, side: null });
}

/** A face that the task would refuse stays in hand, so that its second corner can be set again. */
function finishFace(state: Corner, context: ToolContext): ToolResult<State> {
  const face = faceOf(state, context);
  const fault = CuboidGeometry.fault?.(face, limitsFor(context, "cuboid")) ?? null;
  if (fault !== null) return { state: { ...state, phase: "open" }, notice: `${fault} Click further away, or Esc.` };
  return { state: { phase: "side", face, at: state.at, corner: state } };
}

/** The cuboid as the pointer has it; in the face itself there is no side. */
function withSide(state: Extract<State, { phase: "side" | "edge" }>, context: ToolContext): CuboidDrawing {
  const { face } = state, foot = state.phase === "edge" ? state.foot : state.at;
  if (contains(face, foot)) return face;
  const side = sideFrom(face, foot, context.limits, context.camera);
  return { ...face, side: state.phase === "edge" ? pulledUp(side, state, context) : side };
}

function pulledUp(side: SideEdge, { foot, footScreen, at }: Extract<State, { phase: "edge" }>, { view, limits }: ToolContext): SideEdge {
  const now = { x: at.x * view.scale + view.x, y: at.y * view.scale + view.y };
  if (distance(footScreen, now) <= DRAG_START || Math.abs(at.y - foot.y) < 1) return side;
  // Drawn downwards it is as good.
  const [top, bottom] = at.y < foot.y ? [at.y, foot.y] : [foot.y, at.y];
  return { x: side.x, top: clamp(top, limits.top, limits.bottom), bottom: clamp(bottom, limits.top, limits.bottom) };
}

function finish(cuboid: CuboidDrawing, context: ToolContext): ToolResult<State> {
  const key = context.newKey();
  const note = CuboidGeometry.aids?.(cuboid, limitsFor(context, "cuboid")).note ?? null;
  const done = { state: IDLE, plan: addObject(key, CuboidGeometry.write(cuboid, { type: "cuboid", label: context.label, attributes: {} })), select: key };
  return note === null ? done : { ...done, notice: note };
}
