import { distance, type ImagePoint } from "../math/space.js";
import { toScreen } from "../math/view.js";
import { changeObject, removeObject, type Plan } from "../model/plans.js";
import type { Item } from "./items.js";
import { handlePlace, NO_MODIFIERS, type Handle, type Modifiers, type Shape, type ShapeLimits } from "./Shape.js";
import { primaryOf } from "./selection.js";
import { limitsFor, type Input, type KeyInput, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "./Tool.js";

type State =
  | { readonly phase: "idle"; readonly vertex: string | null }
  | { readonly phase: "move"; readonly key: string; readonly from: ImagePoint; readonly to: ImagePoint; readonly moved: boolean }
  | { readonly phase: "pull"; readonly key: string; readonly handle: Handle; readonly to: ImagePoint; readonly moved: boolean; readonly modifiers: Modifiers };

type Result = ToolResult<State>;

const IDLE: State = { phase: "idle", vertex: null };
/** How near to a handle the pointer must be, in CSS pixels. */
const HANDLE_REACH = 8;
const DRAG_START = 3;
const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** Selects, moves and reshapes. Works on any shape through its handles. */
export const SelectTool: Tool<State> = {
  id: "select",
  name: "Select",
  key: "V",
  draws: null,
  hint: "Click to select, drag to move, pull a handle to reshape. Alt and click removes a vertex.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): Result {
    switch (input.kind) {
      case "down": return down(input, context);
      case "move": return state.phase === "idle" ? { state, cursor: hoverCursor(input, context) } : drag(state, input, context);
      case "up": return release(state, context);
      case "double": return { state };
      case "key": return key(state, input, context);
      case "cancel": return cancel(state, context);
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") {
      const item = context.items.get(primaryOf(context));
      const handle = item === null || state.vertex === null ? undefined : item.shape.handles(item.geometry).find(({ id }) => id === state.vertex);
      return item === null || handle === undefined ? null
        : { shape: item.shape, geometry: item.geometry, label: item.label, replaces: item.key, handles: true, emphasis: handle.at };
    }
    const item = context.items.get(state.key);
    if (item === null || !state.moved) return null;
    const geometry = changed(state, item.shape, item.geometry, limitsFor(context, item.type));
    return { shape: item.shape, geometry, label: item.label, replaces: item.key, handles: state.phase === "pull", emphasis: null };
  },
};

function down(input: PointerInput, context: ToolContext): Result {
  const selected = context.items.get(primaryOf(context));
  const handle = selected === null ? null : handleAt(selected, input, context);
  if (selected !== null && handle !== null) {
    if (input.alt && handle.kind === "vertex") return cutVertex(selected, handle.id, context);
    return { state: { phase: "pull", key: selected.key, handle, to: handle.at, moved: false, modifiers: input }, cursor: handle.cursor };
  }
  const hit = context.items.hit(input.at, context.tolerance, primaryOf(context));
  if (hit === null) return { state: IDLE, select: null };
  return { state: { phase: "move", key: hit.key, from: input.at, to: input.at, moved: false }, select: hit.key };
}

function drag(state: Exclude<State, { phase: "idle" }>, input: PointerInput, context: ToolContext): Result {
  const from = state.phase === "move" ? toScreen(context.view, state.from) : handlePlace(context.view, state.handle);
  const moved = state.moved || distance(from, toScreen(context.view, input.at)) > DRAG_START;
  return { state: state.phase === "pull" ? { ...state, to: input.at, moved, modifiers: input } : { ...state, to: input.at, moved } };
}

function release(state: State, context: ToolContext): Result {
  if (state.phase === "idle") return { state };
  const item = context.items.get(state.key);
  if (state.phase === "move") {
    return state.moved && item !== null ? { state: IDLE, plan: reshape(item, context, state) } : { state: IDLE };
  }
  const { handle } = state;
  const vertex = handle.kind === "vertex" || handle.kind === "insert" ? item?.shape.pulled(handle.id) ?? null : null;
  const next: State = { phase: "idle", vertex };
  // A click on the middle of an edge inserts a vertex there; on any other handle it only takes hold of it.
  if (item === null || (!state.moved && handle.kind !== "insert")) return { state: next };
  const { rule } = limitsFor(context, item.type);
  const count = item.shape.handles(item.geometry).filter(({ kind }) => kind === "vertex").length;
  if (handle.kind === "insert" && rule !== null && rule.maxVertices !== null && count >= rule.maxVertices) {
    return { state: IDLE, notice: `At most ${rule.maxVertices} vertices are allowed here.` };
  }
  return { state: next, plan: reshape(item, context, state) };
}

function key(state: State, input: KeyInput, context: ToolContext): Result {
  const item = context.items.get(primaryOf(context));
  if (item === null || state.phase !== "idle") return { state, handled: false };
  const vertex = state.vertex === null ? undefined : item.shape.handles(item.geometry).find(({ id }) => id === state.vertex);
  if (input.key === "Delete" || input.key === "Backspace") {
    if (vertex !== undefined) return cutVertex(item, vertex.id, context);
    return { state: IDLE, plan: removeObject(item.key), select: null };
  }
  const arrow = ARROWS[input.key];
  if (arrow === undefined) return { state, handled: false };
  const by = input.shift ? 10 : 1;
  const [dx, dy] = [arrow[0] * by, arrow[1] * by];
  const limits = limitsFor(context, item.type);
  return { state, plan: rewrite(item, (geometry) => {
    const held = vertex === undefined ? undefined : item.shape.handles(geometry).find(({ id }) => id === vertex.id);
    return held === undefined ? item.shape.move(geometry, dx, dy, limits)
      : item.shape.pull(geometry, held.id, { x: held.at.x + dx, y: held.at.y + dy }, limits, NO_MODIFIERS);
  }) };
}

function cancel(state: State, context: ToolContext): Result {
  if (state.phase !== "idle") return { state: IDLE };
  if (state.vertex !== null) return { state: IDLE };
  return context.selection.length === 0 ? { state, handled: false } : { state, select: null };
}

function cutVertex(item: Item, handle: string, context: ToolContext): Result {
  const limits = limitsFor(context, item.type);
  if (item.shape.cut(item.geometry, handle, limits) === null) return { state: IDLE, notice: `This ${item.shape.noun} cannot have fewer vertices.` };
  return { state: IDLE, plan: rewrite(item, (geometry) => item.shape.cut(geometry, handle, limits) ?? geometry) };
}

/** The plan works on the object as it is when its turn comes, which others may have changed meanwhile. */
function rewrite(item: Item, change: (geometry: unknown) => unknown): Plan {
  return changeObject(item.key, (object) => {
    const geometry = item.shape.read(object);
    return geometry === null ? object : item.shape.write(change(geometry), object);
  });
}

function reshape(item: Item, context: ToolContext, state: Exclude<State, { phase: "idle" }>): Plan {
  const limits = limitsFor(context, item.type);
  return rewrite(item, (geometry) => changed(state, item.shape, geometry, limits));
}

function changed(state: Exclude<State, { phase: "idle" }>, shape: Shape, geometry: unknown, limits: ShapeLimits): unknown {
  return state.phase === "move"
    ? shape.move(geometry, state.to.x - state.from.x, state.to.y - state.from.y, limits)
    : shape.pull(geometry, state.handle.id, state.to, limits, state.modifiers);
}

function handleAt(item: Item, input: PointerInput, context: ToolContext): Handle | null {
  let best: Handle | null = null, bestDistance = HANDLE_REACH;
  for (const handle of item.shape.handles(item.geometry, limitsFor(context, item.type))) {
    // Where an edge is short, its vertices matter more than its middle.
    const apart = distance(handlePlace(context.view, handle), input.screen) + (handle.kind === "insert" ? 2 : 0);
    if (apart <= bestDistance) {
      best = handle;
      bestDistance = apart;
    }
  }
  return best;
}

function hoverCursor(input: PointerInput, context: ToolContext): string {
  const selected = context.items.get(primaryOf(context));
  const handle = selected === null ? null : handleAt(selected, input, context);
  if (handle !== null) return handle.cursor;
  return context.items.hit(input.at, context.tolerance, primaryOf(context)) === null ? "default" : "move";
}
