import { placeOn } from "../math/border.js";
import { nearestOnSegment } from "../math/polygon.js";
import { boundsBetween, distance, type ImagePoint } from "../math/space.js";
import { toScreen } from "../math/view.js";
import { lockWords } from "../model/permissions.js";
import { changeObject, removeObjects, type Plan } from "../model/plans.js";
import { sharedShift, shiftTogether } from "./group.js";
import type { Item } from "./items.js";
import { takenBy } from "./marquee.js";
import { primaryOf, selectedOf } from "./selection.js";
import { handlePlace, hasRoom, NO_MODIFIERS, type Handle, type Modifiers } from "./Shape.js";
import { snapGuides, tidy } from "./snap.js";
import { limitsFor, NOTHING, type Input, type KeyInput, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "./Tool.js";
import { chosenOf, cutVertices, shiftVertices, verticesOf, verticesWithin } from "./vertices.js";

interface Travel {
  readonly from: ImagePoint;
  readonly to: ImagePoint;
  /** The pointer has left the place where it was pressed. */
  readonly moved: boolean;
}

/** What selecting around something does: it chooses vertices of the selected shape, or objects, in addition to others or alone. */
interface Around {
  readonly adds: boolean;
  readonly vertices?: true;
}

/** `group`: the vertices that are pulled along. `press`: it is not known yet whether this becomes a click or a drag, and of what; `key` is the object under the pointer. */
type State =
  | { readonly phase: "idle"; readonly vertices: readonly string[] }
  | ({ readonly phase: "press"; readonly key: string | null } & Around & Travel)
  | ({ readonly phase: "move" } & Travel)
  | ({ readonly phase: "marquee" } & Around & Travel)
  | ({ readonly phase: "pull"; readonly key: string; readonly handle: Handle; readonly group: readonly string[]; readonly modifiers: Modifiers } & Travel);

type Dragging = Exclude<State, { phase: "idle" }>;
type Result = ToolResult<State>;

const IDLE: State = { phase: "idle", vertices: [] };
/** How near to a handle the pointer must be, in CSS pixels. */
const HANDLE_REACH = 8;
const DRAG_START = 3;
const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
/** Handles that stand for one place of the shape, which may be meant to lie on another shape. */
const PLACES = new Set(["corner", "vertex", "insert"]);

/** Selects, moves and reshapes. Works on any shape through its handles. */
export const SelectTool: Tool<State> = {
  id: "select",
  name: "Select",
  key: "V",
  draws: null,
  hint: "Click to select, with Shift to add; drag to move, on free ground to select around. Pull a handle to reshape; a double click on an edge adds a vertex, Shift moves the whole edge. Shift and click, or Alt and drag, chooses several vertices. Alt and click removes a vertex or selects what lies beneath.",
  start: IDLE,

  on(state: State, input: Input, context: ToolContext): Result {
    switch (input.kind) {
      case "down": return down(state, input, context);
      case "move": return state.phase === "idle" ? { state, cursor: hoverCursor(input, context) } : drag(state, input, context);
      case "up": return state.phase === "idle" ? { state } : release(state, context);
      case "double": return state.phase === "idle" ? insertVertex(state, input, context) : { state };
      case "key": return key(state, input, context);
      case "cancel": return cancel(state, context);
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    if (state.phase === "idle") return heldVertices(state.vertices, context);
    if (!state.moved) return null;
    switch (state.phase) {
      case "press": return null;
      case "marquee": return { ...NOTHING, guides: [{ points: cornersOf(state), dashed: true }] };
      case "move": return carrying(state, context);
      case "pull": {
        const item = context.items.get(state.key);
        if (item === null) return null;
        const guides = PLACES.has(state.handle.kind) ? snapGuides(context, state.to, { exclude: [item.key] }) : [];
        return { ...NOTHING, ...drawnAs(item), geometry: pulled(item, state, context)(item.geometry), handles: true, guides };
      }
    }
  },
};

function drawnAs({ shape, geometry, label, key }: Item): Pick<Preview, "shape" | "geometry" | "label" | "replaces"> {
  return { shape, geometry, label, replaces: key };
}

function heldVertices(vertices: readonly string[], context: ToolContext): Preview | null {
  const item = single(context), held = chosenOf(item, vertices);
  if (item === null || held.length === 0) return null;
  return { ...NOTHING, ...drawnAs(item), handles: true, emphasis: held[0].at, marks: held.slice(1).map(({ at }) => at) };
}

function carrying(state: Travel, context: ToolContext): Preview | null {
  const items = movable(context);
  const shift = sharedShift(items.map(({ bounds }) => bounds), items, limits(context), state.to.x - state.from.x, state.to.y - state.from.y);
  if (items.length === 1) {
    const [item] = items;
    return { ...NOTHING, ...drawnAs(item), geometry: item.shape.move(item.geometry, shift.dx, shift.dy, limitsFor(context, item.type)) };
  }
  const all = selectedOf(context);
  return { ...NOTHING, carried: { ...shift, keys: items.length === all.size ? all : new Set(items.map(({ key }) => key)) } };
}

// Pointer

function down(state: State, input: PointerInput, context: ToolContext): Result {
  const item = single(context);
  const handle = item === null ? null : handleAt(item, input, context);
  // Shift means proportions, steps or whole edges to all handles but vertices; those have no use for it, so there it widens the selection.
  const chosen = state.phase === "idle" ? chosenOf(item, state.vertices).map(({ id }) => id) : [];
  if (item !== null && handle !== null) {
    if (context.locked(item.key)) return { state: IDLE, notice: lockedWords([item], context) };
    if (input.alt && handle.kind === "vertex") return cutChosen(item, [handle.id], context);
    if (input.shift && handle.kind === "vertex") {
      return { state: { phase: "idle", vertices: chosen.includes(handle.id) ? chosen.filter((id) => id !== handle.id) : [...chosen, handle.id] } };
    }
    const group = chosen.length > 1 && chosen.includes(handle.id) ? chosen : [];
    return { state: { phase: "pull", key: item.key, handle, group, from: handle.at, to: handle.at, moved: false, modifiers: input }, cursor: handle.cursor };
  }
  const under = context.items.under(input.at, context.tolerance, primaryOf(context));
  const hit = input.alt ? under[(under.findIndex(({ key }) => key === primaryOf(context)) + 1) % under.length] : under[0];
  const travel: Travel = { from: input.at, to: input.at, moved: false };
  if (input.alt && item !== null && !context.locked(item.key) && verticesOf(item.shape, item.geometry).length > 0) {
    return { state: { phase: "press", key: hit?.key ?? null, adds: false, vertices: true, ...travel } };
  }
  if (input.shift || input.ctrl) return { state: { phase: "press", key: hit?.key ?? null, adds: true, ...travel } };
  if (hit === undefined) return { state: { phase: "marquee", adds: false, ...travel }, select: null };
  if (selectedOf(context).has(hit.key) && !input.alt) return { state: { phase: "press", key: hit.key, adds: false, ...travel } };
  return { state: { phase: "move", ...travel }, select: hit.key };
}

function drag(state: Dragging, input: PointerInput, context: ToolContext): Result {
  const start = state.phase === "pull" ? handlePlace(context.view, state.handle) : toScreen(context.view, state.from);
  const moved = state.moved || distance(start, input.screen) > DRAG_START;
  const travel: Travel = { from: state.from, to: input.at, moved };
  switch (state.phase) {
    case "press": {
      if (!moved) return { state };
      // With a key that adds, a drag selects around whatever lies under it; without, it moves what is selected.
      if (state.vertices === true) return { state: { phase: "marquee", adds: false, vertices: true, ...travel } };
      if (state.adds) return { state: { phase: "marquee", adds: true, ...travel } };
      return movable(context).length === 0 ? { state: IDLE, notice: lockedWords(selectedItems(context), context) } : { state: { phase: "move", ...travel } };
    }
    case "move":
      if (moved && movable(context).length === 0) return { state: IDLE, notice: lockedWords(selectedItems(context), context) };
      return { state: { ...state, ...travel } };
    case "marquee": return { state: { ...state, ...travel } };
    case "pull": {
      const to = PLACES.has(state.handle.kind) ? context.snap(input.at, { exclude: [state.key], modifiers: input }) : input.at;
      return { state: { ...state, ...travel, to, modifiers: input } };
    }
  }
}

function release(state: Dragging, context: ToolContext): Result {
  switch (state.phase) {
    case "press": return state.key === null ? { state: IDLE } : { state: IDLE, select: state.key, mode: state.adds ? "toggle" : "only" };
    case "move": {
      const items = movable(context);
      return state.moved ? { state: IDLE, plan: shiftTogether(items, limits(context), state.to.x - state.from.x, state.to.y - state.from.y) } : { state: IDLE };
    }
    case "marquee": {
      if (!state.moved) return { state: IDLE };
      const item = single(context);
      if (state.vertices === true) return { state: { phase: "idle", vertices: item === null ? [] : verticesWithin(item, boundsBetween(state.from, state.to)) } };
      return { state: IDLE, select: takenBy(context.items, boundsBetween(state.from, state.to)).map(({ key }) => key), mode: state.adds ? "add" : "only" };
    }
    case "pull": return letGo(state, context);
  }
}

function letGo(state: Extract<State, { phase: "pull" }>, context: ToolContext): Result {
  const item = context.items.get(state.key), { handle } = state;
  const vertex = handle.kind === "vertex" || handle.kind === "insert" ? item?.shape.pulled(handle.id) ?? null : null;
  const next: State = { phase: "idle", vertices: state.group.length > 0 ? state.group : vertex === null ? [] : [vertex] };
  // A click on the middle of an edge inserts a vertex there; on any other handle it only takes hold of it.
  if (item === null || (!state.moved && handle.kind !== "insert")) return { state: next };
  const fault = faultOf(item, pulled(item, state, context)(item.geometry), context);
  if (fault !== null) return { state: IDLE, notice: fault };
  return { state: next, plan: rewrite(item, pulled(item, state, context)) };
}

/** Why the task refuses what would come of a change, in words; a shape that breaks a rule already may be changed all the same. */
function faultOf({ shape, geometry, type }: Item, changed: unknown, context: ToolContext): string | null {
  const rules = limitsFor(context, type), fault = shape.fault?.(changed, rules) ?? null;
  return fault !== null && (shape.fault?.(geometry, rules) ?? null) === null ? fault : null;
}

/** A double click on an edge of the selected shape puts a vertex there. */
function insertVertex(state: State, input: PointerInput, context: ToolContext): Result {
  const item = single(context);
  if (item === null || context.locked(item.key) || handleAt(item, input, context) !== null) return { state };
  const { points, closed } = item.shape.outline(item.geometry), place = placeOn(points, closed, input.at, context.tolerance);
  const edge = item.shape.handles(item.geometry, limitsFor(context, item.type)).filter(({ kind }) => kind === "insert")[place === null ? -1 : Math.floor(place)];
  if (place === null || edge === undefined) return { state };
  const at = nearestOnSegment(input.at, points[Math.floor(place)], points[(Math.floor(place) + 1) % points.length]);
  const change = (geometry: unknown): unknown => item.shape.pull(geometry, edge.id, tidy(at, false), limitsFor(context, item.type), NO_MODIFIERS);
  const fault = faultOf(item, change(item.geometry), context);
  return fault !== null ? { state, notice: fault } : { state: { phase: "idle", vertices: [item.shape.pulled(edge.id)] }, plan: rewrite(item, change) };
}

function pulled({ shape, type }: Item, { handle, group, to, modifiers }: Extract<State, { phase: "pull" }>, context: ToolContext): (geometry: unknown) => unknown {
  const rules = limitsFor(context, type);
  if (group.length > 0) return (geometry) => shiftVertices(shape, geometry, group, to.x - handle.at.x, to.y - handle.at.y, rules);
  return (geometry) => shape.pull(geometry, handle.id, to, rules, modifiers);
}

// Keys

function key(state: State, input: KeyInput, context: ToolContext): Result {
  if (context.selection.length === 0 || state.phase !== "idle") return { state, handled: false };
  const removes = input.key === "Delete" || input.key === "Backspace", arrow = ARROWS[input.key];
  if (!removes && arrow === undefined) return { state, handled: false };
  const items = removes ? selectedItems(context).filter(({ key: one }) => context.removable(one)) : movable(context);
  if (items.length === 0) return { state, notice: lockedWords(selectedItems(context), context) };
  const item = single(context);
  const held = chosenOf(item, state.vertices).map(({ id }) => id);
  if (removes) {
    if (item !== null && held.length > 0 && !context.locked(item.key)) return cutChosen(item, held, context);
    const left = context.selection.length - items.length;
    const kept = left === 0 ? {} : { notice: `${left} locked or hidden ${left === 1 ? "object was" : "objects were"} kept.` };
    return { state: IDLE, plan: removeObjects(items.map((one) => one.key)), ...kept };
  }
  const by = input.shift ? 10 : 1, dx = arrow[0] * by, dy = arrow[1] * by;
  if (item === null || held.length === 0) return { state, plan: shiftTogether(items, limits(context), dx, dy) };
  return { state, plan: rewrite(item, (geometry) => shiftVertices(item.shape, geometry, held, dx, dy, limitsFor(context, item.type))) };
}

function cancel(state: State, context: ToolContext): Result {
  if (state.phase !== "idle" || state.vertices.length > 0) return { state: IDLE };
  return context.selection.length === 0 ? { state, handled: false } : { state, select: null };
}

function cutChosen(item: Item, vertices: readonly string[], context: ToolContext): Result {
  const { shape, geometry, type } = item, rules = limitsFor(context, type);
  if (cutVertices(shape, geometry, vertices, rules) === null) return { state: IDLE, notice: `This ${shape.noun} cannot have fewer vertices.` };
  return { state: IDLE, plan: rewrite(item, (now) => cutVertices(shape, now, vertices, rules) ?? now) };
}

/** The plan works on the object as it is when its turn comes, which others may have changed meanwhile. */
function rewrite({ key: object, shape }: Item, change: (geometry: unknown) => unknown): Plan {
  return changeObject(object, (before) => {
    const geometry = shape.read(before);
    return geometry === null ? before : shape.write(change(geometry), before);
  });
}

// What is where

/** The selected object when it is the only one: it alone shows handles. */
function single(context: ToolContext): Item | null {
  return context.selection.length === 1 ? context.items.get(context.selection[0]) : null;
}

function selectedItems(context: ToolContext): Item[] {
  return context.selection.map((one) => context.items.get(one)).filter((item): item is Item => item !== null);
}

function movable(context: ToolContext): Item[] {
  return selectedItems(context).filter(({ key: object }) => !context.locked(object));
}

function limits(context: ToolContext): (type: string) => ReturnType<typeof limitsFor> {
  return (type) => limitsFor(context, type);
}

/** Why nothing of the selection can be changed; what is hidden is not among the items. */
function lockedWords(items: readonly Item[], context: ToolContext): string {
  if (items.length === 0) return context.selection.length === 1 ? "The selected object is hidden. Show it before you change it." : "The selected objects are hidden. Show them before you change them.";
  if (items.length > 1) return "All selected objects are locked. Unlock them before you change them.";
  return lockWords(context.taxonomy.base, items[0].key) ?? `Object ${context.items.numberOf(items[0].key)} is locked. Unlock it before you change it.`;
}

function cornersOf({ from, to }: Travel): ImagePoint[] {
  return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }, from];
}

function handleAt(item: Item, input: PointerInput, context: ToolContext): Handle | null {
  let best: Handle | null = null, bestDistance = HANDLE_REACH;
  for (const handle of item.shape.handles(item.geometry, limitsFor(context, item.type))) {
    if (!hasRoom(context.view, handle)) continue;
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
  const item = single(context);
  const handle = item === null || context.locked(item.key) ? null : handleAt(item, input, context);
  if (handle !== null) return handle.cursor;
  const hit = context.items.hit(input.at, context.tolerance, primaryOf(context));
  return hit === null ? "default" : context.locked(hit.key) ? "not-allowed" : "move";
}
