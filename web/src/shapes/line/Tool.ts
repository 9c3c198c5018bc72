import { pathTool } from "../path/Tool.js";
import { LineGeometry } from "./Shape.js";

export const LineTool = pathTool(LineGeometry, false, {
  name: "Line", key: "L",
  hint: "Click each vertex, or hold and draw. Enter or a double click ends it; an end of the selected line is drawn on from there. Tab follows a neighbour's border. Ctrl keeps from snapping.",
});
