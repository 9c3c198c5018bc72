import type { ImagePoint } from "../../math/space.js";
import type { View } from "../../math/view.js";

export function fillPolygon(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View): void {
  traceVertices(context, vertices, view, true);
  context.fill("evenodd");
}

export function strokePolygon(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View): void {
  traceVertices(context, vertices, view, true);
  context.stroke();
}

/** Begins a path along the vertices. */
export function traceVertices(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View, closed: boolean): void {
  context.beginPath();
  for (let i = 0; i < vertices.length; i++) {
    const x = vertices[i].x * view.scale + view.x, y = vertices[i].y * view.scale + view.y;
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  if (closed) context.closePath();
}
