import { fine } from "../../math/box.js";
import { correctCuboid, sideOf, type CuboidDrawing } from "../../math/cuboid.js";
import { addSide, flipSide, pullFace, pullSide, settleCuboid, slideEdge, type FaceHold, type FaceLimits } from "../../math/cuboidChange.js";
import { area, distanceToSegment, polygonContains } from "../../math/polygon.js";
import { boundsOf, limitShift, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { toScreen, type View } from "../../math/view.js";
import type { Action, Aids, Handle, Nearness, NumberField, Shape, ShapeLimits } from "../../engine/Shape.js";
import { leastWords } from "../box/Shape.js";
import { edgesOf, readCuboid, sharedX, verticesOf, writeCuboid } from "./wire.js";
import { OBSTACLES } from "../../model/obstacles.js";

const FACE: readonly (FaceHold & { readonly id: string; readonly cursor: string })[] = [
  { id: "nw", x: -1, y: -1, cursor: "nwse-resize" }, { id: "n", x: 0, y: -1, cursor: "ns-resize" },
  { id: "ne", x: 1, y: -1, cursor: "nesw-resize" }, { id: "e", x: 1, y: 0, cursor: "ew-resize" },
  { id: "se", x: 1, y: 1, cursor: "nwse-resize" }, { id: "s", x: 0, y: 1, cursor: "ns-resize" },
  { id: "sw", x: -1, y: 1, cursor: "nesw-resize" }, { id: "w", x: -1, y: 0, cursor: "ew-resize" },
];
/** Edges between corners of the corrected cuboid, by their places among the eight. */
const CORRECTED: readonly (readonly number[])[] = [[0, 1, 3, 2, 0], [4, 5, 7, 6, 4], [0, 4], [1, 5], [2, 6], [3, 7]];

/** Cuboids in perspective: an upright face and the far edge of one side, every corner and edge of which can be pulled. */
export const CuboidGeometry: Shape<CuboidDrawing> = {
  type: "cuboid",
  noun: "cuboid",
  read: readCuboid,
  write: writeCuboid,
  bounds: (cuboid) => boundsOf(verticesOf(cuboid).map(({ at }) => at)) as ImageBounds,
  area: (cuboid) => area(hull(cuboid)),
  points: ({ side }) => (side === null ? 4 : 7),

  nearness(cuboid: CuboidDrawing, point: ImagePoint): Nearness {
    const inside = polygonContains(faceOf(cuboid), point) || polygonContains(sideFace(cuboid), point);
    return { inside, distance: Math.min(...segments(cuboid).map(([a, b]) => distanceToSegment(point, a, b))) };
  },

  outline: (cuboid) => ({ points: hull(cuboid), closed: true }),

  handles(cuboid: CuboidDrawing): readonly Handle[] {
    const { left, top, right, bottom, side } = cuboid;
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const face = FACE.map(({ id, x, y, cursor }): Handle => ({
      id, cursor, ...(x !== 0 && y !== 0 ? { kind: "corner" } : { kind: "side", room: x === 0 ? right - left : bottom - top }),
      at: { x: x < 0 ? left : x > 0 ? right : middle.x, y: y < 0 ? top : y > 0 ? bottom : middle.y },
    }));
    if (side === null) return face;
    const shared = sharedX(cuboid), between = (shared + side.x) / 2;
    return [
      ...face,
      { id: "side-top", kind: "vertex", cursor: "move", at: { x: side.x, y: side.top } },
      { id: "side-bottom", kind: "vertex", cursor: "move", at: { x: side.x, y: side.bottom } },
      { id: "side", kind: "side", cursor: "move", at: { x: side.x, y: (side.top + side.bottom) / 2 } },
      { id: "slope-top", kind: "side", cursor: "ns-resize", at: { x: between, y: (top + side.top) / 2 } },
      { id: "slope-bottom", kind: "side", cursor: "ns-resize", at: { x: between, y: (bottom + side.bottom) / 2 } },
    ];
  },

  pull(cuboid: CuboidDrawing, handle: string, to: ImagePoint, limits: ShapeLimits): CuboidDrawing {
    switch (handle) {
      case "side-top": return pullSide(cuboid, -1, to, faceLimits(limits));
      case "side-bottom": return pullSide(cuboid, 1, to, faceLimits(limits));
      case "side": return pullSide(cuboid, 0, to, faceLimits(limits));
      case "slope-top": return slideEdge(cuboid, -1, to, faceLimits(limits));
      case "slope-bottom": return slideEdge(cuboid, 1, to, faceLimits(limits));
      default: {
        const held = FACE.find(({ id }) => id === handle);
        return held === undefined ? cuboid : pullFace(cuboid, held, to, faceLimits(limits));
      }
    }
  },

  pulled: (handle) => handle,
  /** Without one of its corners the whole side is gone. */
  cut: (cuboid, handle) => (cuboid.side !== null && handle.startsWith("side") ? { ...cuboid, side: null } : null),

  move(cuboid: CuboidDrawing, dx: number, dy: number, { bounds }: ShapeLimits): CuboidDrawing {
    const shift = limitShift(CuboidGeometry.bounds(cuboid), bounds, dx, dy);
    return shifted(cuboid, shift.dx, shift.dy);
  },

  fault({ left, top, right, bottom }: CuboidDrawing, { rule }: ShapeLimits): string | null {
    const width = fine(right - left), height = fine(bottom - top), minWidth = rule?.minWidth ?? 0, minHeight = rule?.minHeight ?? 0;
    if (width > 0 && height > 0 && width >= minWidth && height >= minHeight) return null;
    return `This face is ${width} × ${height} px; ${leastWords(minWidth, minHeight)}.`;
  },

  aids(cuboid: CuboidDrawing, { rule }: ShapeLimits): Aids {
    const camera = rule?.camera ?? null;
    if (camera === null) return { guides: [], note: null };
    const corrected = correctCuboid(cuboid, camera);
    if (typeof corrected === "string") return { guides: [], note: OBSTACLES[corrected] };
    return { guides: CORRECTED.map((places) => ({ points: places.map((place) => corrected.points2d[place]), dashed: true })), note: null };
  },

  actions(cuboid: CuboidDrawing, { bounds, rule }: ShapeLimits): readonly Action<CuboidDrawing>[] {
    if (cuboid.side === null) return [{ id: "add-side", name: "Add side", result: addSide(cuboid, bounds, rule?.camera ?? null) }];
    return [
      { id: "flip-side", name: "Flip side", result: flipSide(cuboid, bounds) },
      { id: "remove-side", name: "Remove side", result: { ...cuboid, side: null } },
    ];
  },

  numbers({ left, top, right, bottom, side }: CuboidDrawing, { bounds }: ShapeLimits): readonly NumberField[] {
    const x = { unit: "px", step: 1, min: bounds.left, max: bounds.right } as const, y = { unit: "px", step: 1, min: bounds.top, max: bounds.bottom } as const;
    const face: NumberField[] = [
      { id: "left", name: "Left", value: left, ...x }, { id: "top", name: "Top", value: top, ...y },
      { id: "right", name: "Right", value: right, ...x }, { id: "bottom", name: "Bottom", value: bottom, ...y },
    ];
    return side === null ? face : [
      ...face, { id: "side-x", name: "Side x", value: side.x, ...x }, { id: "side-top", name: "Side top", value: side.top, ...y },
      { id: "side-bottom", name: "Side bottom", value: side.bottom, ...y },
    ];
  },

  withNumber(cuboid: CuboidDrawing, id: string, value: number, limits: ShapeLimits): CuboidDrawing {
    const kept = faceLimits(limits), { side } = cuboid, at = { x: value, y: value };
    switch (id) {
      case "left": return pullFace(cuboid, { x: -1, y: 0 }, at, kept);
      case "right": return pullFace(cuboid, { x: 1, y: 0 }, at, kept);
      case "top": return pullFace(cuboid, { x: 0, y: -1 }, at, kept);
      case "bottom": return pullFace(cuboid, { x: 0, y: 1 }, at, kept);
      case "side-x": return pullSide(cuboid, -1, { x: value, y: side?.top ?? 0 }, kept);
      case "side-top": return pullSide(cuboid, -1, { x: side?.x ?? 0, y: value }, kept);
      case "side-bottom": return pullSide(cuboid, 1, { x: side?.x ?? 0, y: value }, kept);
      default: return cuboid;
    }
  },

  fill(context: CanvasRenderingContext2D, cuboid: CuboidDrawing, view: View): void {
    context.beginPath();
    trace(context, faceOf(cuboid), view);
    if (cuboid.side !== null) trace(context, sideFace(cuboid), view);
    context.fill("nonzero");
  },

  stroke(context: CanvasRenderingContext2D, cuboid: CuboidDrawing, view: View): void {
    context.beginPath();
    trace(context, faceOf(cuboid), view);
    if (cuboid.side !== null) trace(context, sideFace(cuboid), view);
    context.stroke();
  },
};

export function faceLimits({ bounds, rule }: ShapeLimits): FaceLimits {
  return { bounds, minWidth: rule?.minWidth ?? 0, minHeight: rule?.minHeight ?? 0 };
}

function shifted({ left, top, right, bottom, side }: CuboidDrawing, dx: number, dy: number): CuboidDrawing {
  return settleCuboid({
    left: left + dx, top: top + dy, right: right + dx, bottom: bottom + dy,
    side: side === null ? null : { x: side.x + dx, top: side.top + dy, bottom: side.bottom + dy },
  });
}

function faceOf({ left, top, right, bottom }: CuboidDrawing): ImagePoint[] {
  return [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
}

function sideFace(cuboid: CuboidDrawing): ImagePoint[] {
  const { top, bottom, side } = cuboid, x = sharedX(cuboid);
  return side === null ? [] : [{ x, y: top }, { x: side.x, y: side.top }, { x: side.x, y: side.bottom }, { x, y: bottom }];
}

/** Around face and side. */
function hull(cuboid: CuboidDrawing): ImagePoint[] {
  const { left, top, right, bottom, side } = cuboid;
  if (side === null) return faceOf(cuboid);
  const far = [{ x: side.x, y: side.top }, { x: side.x, y: side.bottom }];
  return sideOf(cuboid) === "right"
    ? [{ x: left, y: top }, { x: right, y: top }, ...far, { x: right, y: bottom }, { x: left, y: bottom }]
    : [{ x: right, y: top }, { x: left, y: top }, ...far, { x: left, y: bottom }, { x: right, y: bottom }];
}

function segments(cuboid: CuboidDrawing): (readonly [ImagePoint, ImagePoint])[] {
  const edges = edgesOf(cuboid).map(({ from, to }) => [from, to] as const), { side } = cuboid;
  return side === null ? edges : [...edges, [{ x: side.x, y: side.top }, { x: side.x, y: side.bottom }]];
}

function trace(context: CanvasRenderingContext2D, points: readonly ImagePoint[], view: View): void {
  points.forEach((point, i) => {
    const { x, y } = toScreen(view, point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}
