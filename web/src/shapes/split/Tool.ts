import type { Input, Preview, Tool, ToolContext, ToolResult } from "../../engine/Tool.js";
import { glide, lift, LIFTED, press, shorter, undone, type Drawn, type Pen, type PenKind } from "../path/pen.js";
import { previewPen } from "../path/preview.js";
import { cutAt, cutThrough, divisionPlan, type CutResult } from "./divide.js";

const CUT: PenKind = { closed: false, noun: "cut", most: null, exclude: [] };

/** Divides polygons and lines along a drawn cut, and lines at a place on them. */
export const SplitTool: Tool<Pen> = {
  id: "split",
  name: "Split",
  key: "S",
  draws: null,
  worksOn: ["polygon", "line"],
  hint: "Drag through a polygon or click from border to border to divide it; click a line to divide it there. The larger part stays the object, the other one gets its label and answers.",
  start: LIFTED,

  on(pen: Pen, input: Input, context: ToolContext): ToolResult<Pen> {
    switch (input.kind) {
      case "down": return after(pen, press(pen, input, context, CUT), context);
      case "move": return after(pen, glide(pen, input, context, CUT), context);
      case "up": {
        const clicked = pen.vertices.length === 1 && pen.stroke.length === 0 ? cutAt(pen.vertices[0], context) : null;
        if (clicked !== null && (clicked.divisions.length > 0 || clicked.reason !== null)) return outcome(pen, clicked, context);
        return after(pen, lift(pen, input, context, CUT), context);
      }
      case "double": return pen.vertices.length > 1 ? give(pen, context) : { state: { ...LIFTED, at: pen.at } };
      case "key": return key(pen, input.key, context);
      case "cancel": return pen.vertices.length === 0 ? { state: pen, handled: false } : { state: LIFTED };
    }
  },

  preview: (pen: Pen, context: ToolContext): Preview | null => previewPen(pen, context, CUT, null),
};

function key(pen: Pen, name: string, context: ToolContext): ToolResult<Pen> {
  if (pen.vertices.length === 0) return { state: pen, handled: false };
  switch (name) {
    case "Enter": return give(pen, context);
    case "Backspace":
    case "Delete": return { state: shorter(pen) };
    case "Undo": return { state: undone(pen) };
    default: return { state: pen, handled: false };
  }
}

/** As soon as a cut divides something it is done; a stroke that cannot lead to anything is given up with the reason. */
function after(before: Pen, { pen, notice }: Drawn, context: ToolContext): ToolResult<Pen> {
  const grew = pen.vertices.length > before.vertices.length;
  if (!grew || pen.vertices.length < 2) return notice === undefined ? { state: pen } : { state: pen, notice };
  const result = cutThrough(pen.vertices, context);
  const byHand = before.stroke.length > 0;
  return result.divisions.length > 0 || (result.reason !== null && byHand) ? outcome(pen, result, context) : { state: pen };
}

/** The cut is finished as it is. */
function give(pen: Pen, context: ToolContext): ToolResult<Pen> {
  const { divisions, reason } = cutThrough(pen.vertices, context);
  return outcome(pen, { divisions, reason: reason ?? "This cut divides nothing: it has to run through a shape from border to border." }, context);
}

function outcome(pen: Pen, { divisions, reason }: CutResult, context: ToolContext): ToolResult<Pen> {
  const state = { ...LIFTED, at: pen.at };
  if (divisions.length === 0) return { state, ...(reason === null ? {} : { notice: reason }) };
  const keys = divisions.map(({ parts }) => parts.slice(1).map(() => context.newKey()));
  return { state, plan: divisionPlan(divisions, keys), select: keys.flat() };
}
