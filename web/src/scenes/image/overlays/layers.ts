import { shapeFor, type Shape } from "../../../engine/Shape.js";
import { Store } from "../../../engine/store.js";
import { intersects, type ImageBounds } from "../../../math/space.js";
import { visibleBounds } from "../../../math/view.js";
import { isObject, objectsOf, type JsonObject } from "../../../model/json.js";
import { fallbackShape, shapes } from "../../../shapes/index.js";
import type { Frame } from "../frame.js";

/** One read-only drawing under the annotations. */
export interface Drawing {
  readonly shape: Shape;
  readonly geometry: unknown;
  readonly bounds: ImageBounds;
}

/** Drawings of one kind and label, which are shown and hidden together. */
export interface Layer {
  readonly id: string;
  readonly kind: string;
  readonly label: string | null;
  readonly drawings: readonly Drawing[];
}

export interface Layers {
  readonly list: readonly Layer[];
  /** Ids of layers that are not drawn. */
  readonly hidden: Store<ReadonlySet<string>>;
}

const KINDS: readonly (readonly [member: string, type: string])[] = [["boxes", "box"], ["lines", "line"], ["cuboids", "cuboid"], ["polygons", "polygon"]];
/** Pale and dotted, unlike any annotation, so that nobody takes a layer for one. */
const COLOUR = "rgba(235, 240, 246, 0.9)";
const CASING = "rgba(6, 10, 16, 0.55)";
const DOTS = [1.5, 4];

export function readLayers(params: JsonObject): Layers {
  const layers = isObject(params.layers) ? params.layers : {};
  const found = new Map<string, { kind: string; label: string | null; drawings: Drawing[] }>();
  for (const [member, type] of KINDS) {
    for (const object of objectsOf(layers[member])) {
      const drawing = read({ ...object, type });
      if (drawing === null) continue;
      const label = typeof object.label === "string" ? object.label : null;
      const id = `${type} ${label ?? ""}`;
      const known = found.get(id);
      if (known === undefined) found.set(id, { kind: type, label, drawings: [drawing] });
      else known.drawings.push(drawing);
    }
  }
  return { list: [...found].map(([id, layer]) => ({ id, ...layer })), hidden: new Store<ReadonlySet<string>>(new Set()) };
}

function read(object: JsonObject): Drawing | null {
  const own = shapeFor(shapes, String(object.type));
  for (const shape of [...(own === null ? [] : [own]), fallbackShape as Shape]) {
    const geometry = shape.read(object);
    if (geometry !== null) return { shape, geometry, bounds: shape.bounds(geometry) };
  }
  return null;
}

export function paintLayers({ context, view, size }: Frame, { list, hidden }: Layers): void {
  if (list.length === 0) return;
  const seen = visibleBounds(view, size);
  const shown = list.filter(({ id }) => !hidden.get().has(id)).flatMap(({ drawings }) => drawings.filter(({ bounds }) => intersects(bounds, seen)));
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const [colour, width, dash] of [[CASING, 3.5, []], [COLOUR, 1.75, DOTS]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash as number[]);
    for (const { shape, geometry } of shown) shape.stroke(context, geometry, view);
  }
  context.setLineDash([]);
  context.lineCap = "butt";
}
