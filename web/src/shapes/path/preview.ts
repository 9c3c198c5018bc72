import { area } from "../../math/polygon.js";
import { boundsOf, type ImageBounds } from "../../math/space.js";
import { snapGuides } from "../../engine/snap.js";
import type { Guide, Handle, Shape } from "../../engine/Shape.js";
import { NOTHING, type Preview, type ToolContext } from "../../engine/Tool.js";
import { fillPath, strokePath } from "./draw.js";
import { closingWay, wayOf, wayWords, type Pen, type PenKind } from "./pen.js";
import type { Vertices } from "./Shape.js";

interface Sketch {
  readonly points: Vertices;
  /** How many of the points are vertices already. */
  readonly placed: number;
  readonly closed: boolean;
}

/** A path while it is drawn: an open line, over a faint area where it will be closed. */
const SketchShape: Shape<Sketch> = {
  ...(NOTHING.shape as Shape<Sketch>),
  bounds: ({ points }) => boundsOf(points) as ImageBounds,
  area: ({ points, closed }) => (closed ? area(points) : 0),
  points: ({ points }) => points.length,
  outline: ({ points }) => ({ points, closed: false }),
  handles: ({ points, placed }) => points.slice(0, placed).map((at, i): Handle => ({ id: `v${i}`, at, kind: "vertex", cursor: "crosshair" })),
  fill: (context, { points, closed }, view) => { if (closed) fillPath(context, points, view); },
  stroke: (context, { points }, view) => strokePath(context, points, view, false),
};

/** What a pen shows: the path up to the pointer, how it would be closed, and what the pointer snaps to. */
export function previewPen(pen: Pen, context: ToolContext, kind: PenKind, replaces: string | null): Preview | null {
  const { vertices, at, stroke } = pen;
  const guides = at === null ? [] : snapGuides(context, at, { exclude: kind.exclude });
  if (vertices.length === 0) return guides.length === 0 ? null : { ...NOTHING, guides };
  const points = stroke.length > 0 ? [...vertices, ...stroke]
    : at === null || pen.pressed !== null ? vertices : [...vertices, ...wayOf(pen, context, kind), at];
  const first = vertices[0];
  const sketch: Sketch = { points, placed: vertices.length, closed: kind.closed };
  const words = at === null || pen.pressed !== null || stroke.length > 0 ? null : wayWords(pen, context, kind);
  return {
    note: at === null || words === null ? null : { at, text: words },
    shape: SketchShape as Shape, geometry: sketch, label: context.label, replaces,
    handles: true, emphasis: kind.closed && vertices.length + stroke.length >= 3 ? first : null,
    guides: [...guides, ...closingGuide(pen, points, context, kind)],
  };
}

/** The edge that would close the outline. */
function closingGuide(pen: Pen, points: Vertices, context: ToolContext, kind: PenKind): Guide[] {
  if (!kind.closed || points.length < 3) return [];
  const last = points[points.length - 1], [first] = pen.vertices;
  const way = points.length === pen.vertices.length ? closingWay(pen, context, kind) : [];
  return [{ points: [last, ...way, first], dashed: true }];
}
