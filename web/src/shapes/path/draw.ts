import type { ImagePoint } from "../../math/space.js";
import type { View } from "../../math/view.js";

/** Radius of a path that is a single vertex, in CSS pixels. */
const DOT = 4;

export function fillPath(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View): void {
  traceVertices(context, vertices, view, true);
  context.fill("evenodd");
}

export function strokePath(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View, closed: boolean): void {
  if (vertices.length === 1) traceDot(context, vertices[0], view, DOT);
  else traceVertices(context, vertices, view, closed);
  context.stroke();
}

/** Vertices nearer than this to the one before cannot be told from it, in CSS pixels. */
const SAME = 0.75;

/** Begins a path along the vertices, without those that would fall on the one before: far out most of a fine outline does. */
export function traceVertices(context: CanvasRenderingContext2D, vertices: readonly ImagePoint[], view: View, closed: boolean): void {
  context.beginPath();
  const last = vertices.length - 1;
  let fromX = 0, fromY = 0;
  for (let i = 0; i <= last; i++) {
    const x = vertices[i].x * view.scale + view.x, y = vertices[i].y * view.scale + view.y;
    if (i === 0) context.moveTo(x, y);
    else if (i === last || Math.abs(x - fromX) >= SAME || Math.abs(y - fromY) >= SAME) context.lineTo(x, y);
    else continue;
    fromX = x;
    fromY = y;
  }
  if (closed) context.closePath();
}

/** Begins a path around a place, of the same size on screen at every zoom. */
export function traceDot(context: CanvasRenderingContext2D, { x, y }: ImagePoint, view: View, radius: number): void {
  context.beginPath();
  context.arc(x * view.scale + view.x, y * view.scale + view.y, radius, 0, 2 * Math.PI);
}
