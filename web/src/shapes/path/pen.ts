import { simplify } from "../../math/simplify.js";
import { clampPoint, distance, type ImagePoint, type ScreenPoint } from "../../math/space.js";
import { toScreen } from "../../math/view.js";
import { tidy } from "../../engine/snap.js";
import type { PointerInput, ToolContext } from "../../engine/Tool.js";
import { waysTo } from "./follow.js";
import type { Vertices } from "./Shape.js";

/** What a pen has drawn so far. */
export interface Pen {
  readonly vertices: Vertices;
  /** How many vertices there were before each act, so that acts can be taken back one by one. */
  readonly acts: readonly number[];
  /** The place that the pointer means; null while it has not moved. */
  readonly at: ImagePoint | null;
  /** Where the button went down, while it is down. */
  readonly pressed: ScreenPoint | null;
  /** What is being drawn by hand: places of the pointer since the newest vertex. */
  readonly stroke: Vertices;
  /** Which of the ways to the next vertex is meant. */
  readonly way: number;
}

/** How a pen draws. */
export interface PenKind {
  readonly closed: boolean;
  readonly noun: string;
  readonly most: number | null;
  readonly exclude: readonly string[];
}

/** What came of a move of the pen; the words tell why something was not done. */
export interface Drawn {
  readonly pen: Pen;
  readonly notice?: string;
  /** The outline is to be closed, or the line ended. */
  readonly done?: true;
}

export const LIFTED: Pen = { vertices: [], acts: [], at: null, pressed: null, stroke: [], way: 0 };

/** How near to the first vertex a click closes an outline, in CSS pixels. */
const CLOSE_REACH = 9;
/** Clicks nearer to the newest vertex than this belong to a double click, in CSS pixels. */
const SAME_PLACE = 3;
/** Pointer travel with the button down from which on it draws by hand, in CSS pixels. */
const STROKE_START = 6;
/** The pointer's places are kept this far apart, and simplified within this distance, in CSS pixels. */
const STROKE_STEP = 1.5, STROKE_TOLERANCE = 1.2;

/** The place that a pointer means: the first vertex where that closes the outline, else what it snaps to. */
export function meant(pen: Pen, input: PointerInput, context: ToolContext, kind: PenKind): ImagePoint {
  if (closes(pen, input.screen, context, kind)) return pen.vertices[0];
  return context.snap(input.at, { modifiers: input, exclude: kind.exclude });
}

export function press(pen: Pen, input: PointerInput, context: ToolContext, kind: PenKind): Drawn {
  if (pen.stroke.length > 0) return endStroke(pen, input, context, kind);
  const at = meant(pen, input, context, kind), newest = pen.vertices[pen.vertices.length - 1];
  if (closes(pen, input.screen, context, kind)) return { pen: { ...pen, at }, done: true };
  if (newest !== undefined && distance(toScreen(context.view, newest), toScreen(context.view, at)) <= SAME_PLACE) return { pen };
  const added = newest === undefined ? [at] : [...wayOf({ ...pen, at }, context, kind), at];
  const room = roomOf(pen, kind);
  if (added.length > room) return { pen: { ...pen, at }, notice: full(added.length, room, kind) };
  return { pen: { ...grown(pen, added), at, pressed: input.screen } };
}

export function glide(pen: Pen, input: PointerInput, context: ToolContext, kind: PenKind): Drawn {
  const at = meant(pen, input, context, kind);
  const byButton = pen.pressed !== null && (pen.stroke.length > 0 || distance(pen.pressed, input.screen) > STROKE_START);
  const byShift = pen.pressed === null && input.shift && pen.vertices.length > 0;
  if (byButton || byShift) {
    if (roomOf(pen, kind) === 0) return { pen: { ...pen, at, pressed: null }, notice: full(1, 0, kind) };
    const last = pen.stroke[pen.stroke.length - 1] ?? pen.vertices[pen.vertices.length - 1];
    const here = tidy(clampPoint(input.at, context.limits), context.integers);
    const far = distance(last, here) * context.view.scale >= STROKE_STEP;
    return { pen: { ...pen, at, stroke: far ? [...pen.stroke, here] : pen.stroke } };
  }
  if (pen.stroke.length > 0) return endStroke(pen, input, context, kind);
  const same = pen.at !== null && at.x === pen.at.x && at.y === pen.at.y;
  return { pen: same ? pen : { ...pen, at, way: sameWays(pen, at, context, kind) ? pen.way : 0 } };
}

export function lift(pen: Pen, input: PointerInput, context: ToolContext, kind: PenKind): Drawn {
  return pen.pressed !== null && pen.stroke.length > 0 ? endStroke(pen, input, context, kind) : { pen: { ...pen, pressed: null } };
}

/** What was drawn by hand becomes vertices, as few as show it and as many as are allowed. */
function endStroke(pen: Pen, input: PointerInput, context: ToolContext, kind: PenKind): Drawn {
  const newest = pen.vertices[pen.vertices.length - 1], room = roomOf(pen, kind);
  const back = kind.closed && pen.vertices.length + pen.stroke.length >= 3
    && distance(toScreen(context.view, pen.vertices[0]), input.screen) <= CLOSE_REACH;
  const end = back ? pen.vertices[0] : context.snap(input.at, { modifiers: input, exclude: kind.exclude });
  const drawn = [newest, ...pen.stroke, end], tolerance = STROKE_TOLERANCE / context.view.scale;
  // Coming back to the first vertex takes no vertex of its own.
  const simple = simplify(drawn, tolerance, room + (back ? 2 : 1)).slice(1, back ? -1 : undefined);
  const pressed = { ...grown({ ...pen, stroke: [] }, simple), at: end, pressed: null };
  const asDrawn = simplify(drawn, tolerance).length - (back ? 2 : 1);
  const notice = asDrawn > room ? `Simplified, as a ${kind.noun} may have at most ${kind.most} vertices here.` : undefined;
  return { pen: pressed, ...(notice === undefined ? {} : { notice }), ...(back ? { done: true as const } : {}) };
}

/** The vertices between the newest one and the place that is meant. */
export function wayOf(pen: Pen, context: ToolContext, kind: PenKind): Vertices {
  const ways = waysFrom(pen, pen.at, context, kind);
  return ways[pen.way % ways.length];
}

/** The next of the ways, for instance the other way round along a neighbour's border; null when there is only one. */
export function otherWay(pen: Pen, context: ToolContext, kind: PenKind): Pen | null {
  const { length } = waysFrom(pen, pen.at, context, kind);
  return length < 2 ? null : { ...pen, way: (pen.way + 1) % length };
}

/** What happens between the newest vertex and the pointer where there is a choice, and what Tab changes about it; null where there is none. */
export function wayWords(pen: Pen, context: ToolContext, kind: PenKind): string | null {
  const ways = waysFrom(pen, pen.at, context, kind);
  if (ways.length < 2) return null;
  const follows = ways[pen.way % ways.length].length > 0, next = ways[(pen.way + 1) % ways.length].length > 0;
  return `${follows ? "Along the border" : "Straight"} · Tab: ${next ? (follows ? "the other way round" : "along the border") : "straight"}`;
}

/** The vertices that close an outline behind its newest vertex: along a border that both its ends lie on, as it would be followed there. */
export function closingWay(pen: Pen, context: ToolContext, kind: PenKind): Vertices {
  const [first] = pen.vertices;
  if (!kind.closed || pen.vertices.length < 2) return [];
  const aimed = pen.at !== null && pen.at.x === first.x && pen.at.y === first.y;
  return wayOf({ ...pen, at: first, way: aimed ? pen.way : 0 }, context, kind);
}

/** Takes the newest vertex back. */
export function shorter(pen: Pen): Pen {
  const vertices = pen.vertices.slice(0, -1);
  return { ...pen, vertices, acts: pen.acts.filter((count) => count < vertices.length), stroke: [], pressed: null, way: 0 };
}

/** Takes back what was done last: a vertex, a border that was followed, or a stroke. */
export function undone(pen: Pen): Pen {
  return { ...pen, vertices: pen.vertices.slice(0, pen.acts[pen.acts.length - 1] ?? 0), acts: pen.acts.slice(0, -1), stroke: [], pressed: null, way: 0 };
}

function closes({ vertices }: Pen, screen: ScreenPoint, context: ToolContext, kind: PenKind): boolean {
  return kind.closed && vertices.length >= 3 && distance(toScreen(context.view, vertices[0]), screen) <= CLOSE_REACH;
}

function waysFrom(pen: Pen, to: ImagePoint | null, context: ToolContext, kind: PenKind): readonly Vertices[] {
  const newest = pen.vertices[pen.vertices.length - 1];
  if (newest === undefined || to === null) return [[]];
  return waysTo(context, newest, to, { drawn: pen.vertices, exclude: kind.exclude, straightFirst: !kind.closed });
}

function sameWays(pen: Pen, at: ImagePoint, context: ToolContext, kind: PenKind): boolean {
  return pen.way > 0 && waysFrom(pen, at, context, kind).length === waysFrom(pen, pen.at, context, kind).length;
}

function grown(pen: Pen, added: Vertices): Pen {
  return { ...pen, vertices: [...pen.vertices, ...added], acts: [...pen.acts, pen.vertices.length], way: 0 };
}

function roomOf({ vertices }: Pen, { most }: PenKind): number {
  return most === null ? Infinity : Math.max(0, most - vertices.length);
}

function full(wanted: number, room: number, { most, noun, closed }: PenKind): string {
  const rule = `A ${noun} may have at most ${most} vertices here`;
  return wanted > 1 && room > 0 ? `${rule}; this border takes ${wanted}. Tab goes straight.` : `${rule}. Enter ${closed ? "closes" : "ends"} it.`;
}
