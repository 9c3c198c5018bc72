import { boxCorners, type BoxShape } from "../../math/box.js";
import { contains, distance, type ImageBounds, type ImagePoint } from "../../math/space.js";
import { withinTurn } from "../../math/radians.js";
import { cuboidFace, type CuboidCorners } from "../cuboids.js";
import type { JsonObject } from "../json.js";
import type { GeometryRule } from "../taxonomy.js";
import { readVertices, type Figure } from "./figures.js";
import { fault, isNothing, judged, judgedInTurn, shortNumber, type Context, type Fault, type Rule } from "./rule.js";

export interface BoxSubject {
  readonly box: BoxShape;
  readonly rule: GeometryRule;
  readonly object: JsonObject;
  readonly context: Context;
}

export interface OutlineSubject {
  readonly noun: string;
  readonly count: number;
  readonly rule: GeometryRule;
}

export interface CuboidSubject {
  readonly corners: CuboidCorners;
  readonly rule: GeometryRule;
}

export interface PlacedFigure {
  readonly figure: Figure;
  readonly limits: ImageBounds | null;
  readonly padded: boolean;
}

/** How far floating point may carry a corner over the border or a side below the least size, in pixels. */
const TOLERANCE = 1e-6;
/** How far drawn corners may lie from where they belong, in pixels. */
const NEAR = 1;

export const BOX: readonly Rule<BoxSubject>[] = [
  {
    name: "boxes are turned only where they may be",
    judge: ({ box, rule }) => (rule.canRotate || withinTurn(box.rotation) === 0 ? null : fault("Boxes of this task stay upright. Turn it back to 0°.", "rotation")),
  },
  {
    name: "given corners are those of the box",
    judge: ({ box, rule, object, context }) => {
      if (!rule.canRotate || isNothing(object.vertices)) return null;
      const { value, faults } = readVertices(object, context.book);
      if (value === null) return faults;
      const corners = boxCorners(box);
      return value.length === 4 && value.every((point, i) => distance(point, corners[i]) <= NEAR) ? null : fault("Its corners do not belong to the box. Delete it and draw it again.", "vertices");
    },
  },
  { name: "a box is wide enough", onSubmit: true, judge: ({ box, rule }) => (isLarge(box.width, rule.minWidth) ? null : fault(sizeWords("box", "wide", box.width, rule.minWidth), "width")) },
  { name: "a box is high enough", onSubmit: true, judge: ({ box, rule }) => (isLarge(box.height, rule.minHeight) ? null : fault(sizeWords("box", "high", box.height, rule.minHeight), "height")) },
  {
    name: "upright boxes lie on whole pixels where they must", onSubmit: true,
    judge: ({ box, rule }) => {
      if (!rule.integerPixels || withinTurn(box.rotation) !== 0) return null;
      return (["left", "top", "width", "height"] as const).flatMap((name) => (Number.isInteger(box[name]) ? [] : [fault("The box does not lie on whole pixels. Move its edges.", name)]));
    },
  },
];

export const OUTLINE: readonly Rule<OutlineSubject>[] = [
  {
    name: "an outline has enough vertices", onSubmit: true,
    judge: ({ noun, count, rule }) => (count >= rule.minVertices ? null
      : fault(`The ${noun} has ${counted(count)}; at least ${rule.minVertices} are needed. Add ${rule.minVertices - count}.`, "vertices")),
  },
  {
    name: "an outline does not have too many vertices", onSubmit: true,
    judge: ({ noun, count, rule }) => (rule.maxVertices === null || count <= rule.maxVertices ? null
      : fault(`The ${noun} has ${counted(count)}; at most ${rule.maxVertices} are allowed. Take ${count - rule.maxVertices} away.`, "vertices")),
  },
];

export const CUBOID_FACE: readonly Rule<CuboidSubject>[] = [
  {
    name: "the face of a cuboid is an upright rectangle",
    judge: ({ corners }) => {
      const face = cuboidFace(corners);
      if (face === null) return null;
      const { topLeft, bottomLeft, topRight, bottomRight } = face;
      const off = [topLeft.x - bottomLeft.x, topRight.x - bottomRight.x, topLeft.y - topRight.y, bottomLeft.y - bottomRight.y];
      return off.every((by) => Math.abs(by) <= NEAR) ? null : fault("The face of the cuboid is not an upright rectangle. Move its corners.", "vertices");
    },
  },
];

export const CUBOID_SIZE: readonly Rule<CuboidSubject>[] = [
  { name: "the face of a cuboid is wide enough", onSubmit: true, judge: ({ corners, rule }) => faceSize(corners, "wide", rule.minWidth) },
  { name: "the face of a cuboid is high enough", onSubmit: true, judge: ({ corners, rule }) => faceSize(corners, "high", rule.minHeight) },
];

export const INSIDE: readonly Rule<PlacedFigure>[] = [
  {
    name: "a shape lies inside the picture and its padding",
    judge: ({ figure, limits, padded }) => {
      if (limits === null) return null;
      const isOutside = (point: ImagePoint) => !contains(limits, point, TOLERANCE);
      const message = `It reaches beyond the picture${padded ? " and its padding" : ""}. Move it inside.`;
      switch (figure.type) {
        case "box": return boxCorners(figure.box).some(isOutside) ? fault(message) : null;
        case "point": return isOutside(figure.point) ? fault(message) : null;
        case "polygon":
        case "line": {
          const index = figure.vertices.findIndex(isOutside);
          return index < 0 ? null : fault(message, "vertices", index);
        }
        case "ellipse": return figure.vertices.some(isOutside) ? fault(message, "vertices") : null;
        case "cuboid": return Object.values(figure.corners).some(isOutside) ? fault(message, "vertices") : null;
      }
    },
  },
];

/** What a task asks of a shape beyond being one. */
export function limitFaults(figure: Figure, rule: GeometryRule, object: JsonObject, context: Context): Fault[] {
  const { book, strictness, taxonomy, limits } = context;
  return [
    ...ownLimits(),
    ...judged(book.inside, { figure, limits, padded: taxonomy.padX > 0 || taxonomy.padY > 0 }, strictness),
  ];

  function ownLimits(): readonly Fault[] {
    switch (figure.type) {
      case "box": return judged(book.box, { box: figure.box, rule, object, context }, strictness);
      case "polygon":
      case "line": return judged(book.outline, { noun: figure.type, count: figure.vertices.length, rule }, strictness);
      case "cuboid": {
        const subject = { corners: figure.corners, rule };
        const faults = judgedInTurn(book.cuboidFace, subject, strictness);
        return faults.length > 0 ? faults : judged(book.cuboidSize, subject, strictness);
      }
      default: return [];
    }
  }
}

function faceSize(corners: CuboidCorners, word: "wide" | "high", least: number): Fault | null {
  const face = cuboidFace(corners);
  if (face === null) return null;
  const size = word === "wide" ? face.topRight.x - face.topLeft.x : face.bottomLeft.y - face.topLeft.y;
  return isLarge(size, least) ? null : fault(sizeWords("face of the cuboid", word, size, least), "vertices");
}

function isLarge(size: number, least: number): boolean {
  return size > 0 && size >= least - TOLERANCE;
}

function sizeWords(noun: string, word: "wide" | "high", size: number, least: number): string {
  if (least === 0) return `The ${noun} must be more than 0 px ${word}. ${word === "wide" ? "Widen" : "Heighten"} it or delete it.`;
  return `The ${noun} is ${shortNumber(size)} px ${word}; at least ${shortNumber(least)} px are needed.`;
}

function counted(count: number): string {
  return count === 1 ? "1 vertex" : `${count} vertices`;
}
