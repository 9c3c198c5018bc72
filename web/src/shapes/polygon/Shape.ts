import { pathShape } from "../path/Shape.js";

/** Closed polygons; the first vertex is not repeated at the end. */
export const PolygonGeometry = pathShape({ type: "polygon", noun: "polygon", closed: true, least: 3, readable: 3 });
