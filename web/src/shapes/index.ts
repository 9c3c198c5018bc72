import { RulerTool } from "../engine/RulerTool.js";
import { SelectTool } from "../engine/SelectTool.js";
import type { ShapeSet } from "../engine/Shape.js";
import type { Tool } from "../engine/Tool.js";
import { BoxGeometry } from "./box/Shape.js";
import { BoxTool } from "./box/Tool.js";
import { CuboidGeometry } from "./cuboid/Shape.js";
import { CuboidTool } from "./cuboid/Tool.js";
import { EllipseGeometry } from "./ellipse/Shape.js";
import { EllipseTool } from "./ellipse/Tool.js";
import { LineGeometry } from "./line/Shape.js";
import { LineTool } from "./line/Tool.js";
import { PointGeometry } from "./point/Shape.js";
import { PointTool } from "./point/Tool.js";
import { PolygonGeometry } from "./polygon/Shape.js";
import { PolygonTool } from "./polygon/Tool.js";
import { SplitTool } from "./split/Tool.js";

export { Drawing as fallbackShape } from "./other/Shape.js";

/** Every geometry that can be drawn; a new one is a folder beside these and a line in each list. */
export const shapes: ShapeSet = [BoxGeometry, PolygonGeometry, LineGeometry, PointGeometry, EllipseGeometry, CuboidGeometry] as ShapeSet;
export const tools: readonly Tool[] = [SelectTool, BoxTool, PolygonTool, LineTool, PointTool, EllipseTool, CuboidTool, SplitTool, RulerTool] as readonly Tool[];
