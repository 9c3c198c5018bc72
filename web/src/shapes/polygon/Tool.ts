import { pathTool } from "../path/Tool.js";
import { PolygonGeometry } from "./Shape.js";

export const PolygonTool = pathTool(PolygonGeometry, true, {
  name: "Polygon", key: "P",
  hint: "Click each corner, or hold and draw. Enter, a double click or a click on the first corner closes it. From one place on a neighbour's border to another it follows the border; Tab goes the other way round, or straight. Ctrl keeps from snapping.",
});
