import { clampPoint, type ImagePoint } from "../../math/space.js";
import { addObject } from "../../model/plans.js";
import type { Shape } from "../../engine/Shape.js";
import { boundsAround, ON_EDGE, tidy } from "../../engine/snap.js";
import type { Input, Preview, Tool, ToolContext, ToolResult } from "../../engine/Tool.js";
import { PointGeometry } from "./Shape.js";

/** Where the point in hand is while the button is down; null otherwise. */
type State = ImagePoint | null;

/** Sets points, one with each click. They do not snap: what is near to a point is mostly the box or outline of the thing it is a part of. */
export const PointTool: Tool<State> = {
  id: "point",
  name: "Point",
  key: "K",
  draws: "point",
  hint: "Click to set a point; hold to place it finely.",
  start: null,

  on(state: State, input: Input, context: ToolContext): ToolResult<State> {
    switch (input.kind) {
      case "down": return { state: place(input.at, context) };
      case "move": return { state: state === null ? null : place(input.at, context) };
      case "up": return state === null ? { state } : set(place(input.at, context), context);
      case "cancel": return state === null ? { state, handled: false } : { state: null };
      case "double": return { state };
      case "key": return { state, handled: false };
    }
  },

  preview(state: State, context: ToolContext): Preview | null {
    return state === null ? null
      : { shape: PointGeometry as Shape, geometry: state, label: context.label, replaces: null, handles: false, emphasis: state };
  },
};

function place(at: ImagePoint, context: ToolContext): ImagePoint {
  return tidy(clampPoint(at, context.limits), context.integers);
}

function set(at: ImagePoint, context: ToolContext): ToolResult<State> {
  // The second click of a double click, or of a nervous finger, sets no second point.
  const there = context.items.within(boundsAround(at, ON_EDGE)).find(({ type, label }) => type === "point" && label === context.label);
  if (there !== undefined) return { state: null, select: there.key };
  const key = context.newKey();
  return { state: null, plan: addObject(key, PointGeometry.write(at, { type: "point", label: context.label, attributes: {} })), select: key };
}
