import { selfCrossing } from "../../math/crossings.js";
import { distance } from "../../math/space.js";
import { toScreen } from "../../math/view.js";
import { addObject, changeObject } from "../../model/plans.js";
import type { Item } from "../../engine/items.js";
import { primaryOf } from "../../engine/selection.js";
import type { Shape } from "../../engine/Shape.js";
import { limitsFor, ruleFor, type Input, type PointerInput, type Preview, type Tool, type ToolContext, type ToolResult } from "../../engine/Tool.js";
import { closingWay, glide, lift, LIFTED, otherWay, press, shorter, undone, type Drawn, type Pen, type PenKind } from "./pen.js";
import { previewPen } from "./preview.js";
import type { Vertices } from "./Shape.js";

export interface PathState {
  readonly pen: Pen;
  /** The object that is drawn on, and whether from its first vertex backwards. */
  readonly continued: { readonly key: string; readonly backwards: boolean } | null;
  /** What was given up last, which can be taken up again. */
  readonly givenUp: PathState | null;
}

const IDLE: PathState = { pen: LIFTED, continued: null, givenUp: null };
/** Fewer vertices than these are not worth keeping. */
const WORTH_KEEPING = 3;
/** How near to the end of a selected line a press must be to draw on there, in CSS pixels. */
const END_REACH = 9;

/** A tool that draws a path vertex by vertex, by hand, and along the borders of neighbours. */
export function pathTool(shape: Shape<Vertices>, closed: boolean, named: { readonly name: string; readonly key: string; readonly hint: string }): Tool<PathState> {
  const { type, noun } = shape;
  const kindFor = ({ continued }: PathState, context: ToolContext): PenKind => ({
    closed, noun, most: ruleFor(context, type)?.maxVertices ?? null, exclude: continued === null ? [] : [continued.key],
  });

  return {
    id: type, ...named, draws: type, start: IDLE,

    on(state: PathState, input: Input, context: ToolContext): ToolResult<PathState> {
      const { pen } = state, kind = kindFor(state, context);
      switch (input.kind) {
        case "down": {
          const started = pen.vertices.length === 0 && !closed ? continuing(input, context) : null;
          return started ?? after({ ...state, givenUp: null }, press(pen, input, context, kind), context);
        }
        case "move": return after(state, glide(pen, input, context, kind), context);
        case "up": return after(state, lift(pen, input, context, kind), context);
        case "double":
          // The second click of a double click that ended a shape has begun another one.
          if (pen.vertices.length === 1 && state.continued === null) return { state: { ...IDLE, pen: { ...LIFTED, at: pen.at } } };
          return pen.vertices.length > 0 ? finish(state, context) : { state };
        case "key": return key(state, input.key, context);
        case "cancel": return pen.vertices.length === 0 ? { state, handled: false } : giveUp(state);
      }
    },

    kept,

    preview: (state: PathState, context: ToolContext): Preview | null => previewPen(state.pen, context, kindFor(state, context), state.continued?.key ?? null),
  };

  function after(state: PathState, { pen, notice, done }: Drawn, context: ToolContext): ToolResult<PathState> {
    const result = done === true ? finish({ ...state, pen }, context) : { state: { ...state, pen } };
    return notice === undefined ? result : { notice, ...result };
  }

  function key(state: PathState, name: string, context: ToolContext): ToolResult<PathState> {
    const { pen } = state;
    if (pen.vertices.length === 0) return name === "Undo" && state.givenUp !== null ? { state: state.givenUp } : { state, handled: false };
    switch (name) {
      case "Enter": return finish(state, context);
      case "Backspace":
      case "Delete": return { state: rest({ ...state, pen: shorter(pen) }) };
      case "Undo": return { state: rest({ ...state, pen: undone(pen) }) };
      case "Tab": {
        const turned = otherWay(pen, context, kindFor(state, context));
        return turned === null ? { state, handled: false } : { state: { ...state, pen: turned } };
      }
      default: return { state, handled: false };
    }
  }

  function finish(state: PathState, context: ToolContext): ToolResult<PathState> {
    const { pen, continued } = state;
    if (continued !== null && pen.acts.length === 0) return { state: { ...IDLE, pen: { ...LIFTED, at: pen.at } } };
    const vertices = [...pen.vertices, ...closingWay(pen, context, kindFor(state, context))];
    const limits = limitsFor(context, type);
    const fault = shape.fault?.(vertices, limits) ?? null;
    if (fault !== null) return { state: { ...state, pen: { ...pen, pressed: null, stroke: [] } }, notice: fault };
    const idle = { ...IDLE, pen: { ...LIFTED, at: pen.at } };
    const drawn = continued?.backwards === true ? [...vertices].reverse() : vertices;
    const crossing = closed && selfCrossing(vertices, true) !== null ? { notice: `This ${noun} crosses itself. Pull its vertices apart if that is not meant.` } : {};
    if (continued !== null) return { state: idle, plan: changeObject(continued.key, (object) => shape.write(drawn, object)), select: continued.key, ...crossing };
    const added = context.newKey();
    const object = shape.write(drawn, { type, label: context.label, attributes: {} });
    return { state: idle, plan: addObject(added, object), select: added, ...crossing };
  }

  /** A press on an end of the selected line draws on from there. */
  function continuing(input: PointerInput, context: ToolContext): ToolResult<PathState> | null {
    const item = context.items.get(primaryOf(context));
    if (item === null || item.type !== type || context.locked(item.key)) return null;
    const vertices = verticesOf(item), near = (i: number): boolean => distance(toScreen(context.view, vertices[i]), input.screen) <= END_REACH;
    const backwards = !near(vertices.length - 1);
    if (backwards && !near(0)) return null;
    const ordered = backwards ? [...vertices].reverse() : vertices;
    const pen = { ...LIFTED, vertices: ordered, at: ordered[ordered.length - 1], pressed: input.screen };
    return { state: { pen, continued: { key: item.key, backwards }, givenUp: null } };
  }

  function verticesOf(item: Item): Vertices {
    return item.geometry as Vertices;
  }
}

/** What is drawn so far, with nothing pressed. */
function kept(state: PathState): PathState | null {
  return state.pen.vertices.length < WORTH_KEEPING ? null : { ...state, pen: { ...state.pen, pressed: null, stroke: [] } };
}

function giveUp(state: PathState): ToolResult<PathState> {
  const givenUp = kept(state);
  return { state: { ...IDLE, givenUp }, ...(givenUp === null ? {} : { notice: "Given up. Undo takes it up again." }) };
}

/** With nothing left in hand, nothing is continued either. */
function rest(state: PathState): PathState {
  return state.pen.vertices.length === 0 ? { ...IDLE, pen: { ...LIFTED, at: state.pen.at } } : state;
}
