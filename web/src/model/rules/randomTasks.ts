import { CUBOID_CORNERS } from "../cuboids.js";
import type { Json, JsonObject } from "../json.js";
import type { GeometryRule, Taxonomy } from "../taxonomy.js";
import type { Dice } from "./random.js";

export interface Picture {
  readonly width: number;
  readonly height: number;
}

export interface RandomParams {
  readonly type: string;
  readonly params: JsonObject;
  /** The form that the editor reads, where it is another one. */
  readonly editorParams: JsonObject | null;
}

const LABELS = ["car", "bus", "cat", "dog", "sign", "tree"];
const LINKS = ["follows", "near"];
const CHOICES: readonly Json[] = [["red", "green"], ["a", { choice: "group", subchoices: ["b", { choice: "c", display: "C!" }] }], ["0", "1", "2"]];
/** The older types with the geometry that each of them draws. */
export const OLDER_TYPES: { readonly [type: string]: string } = {
  annotation: "box", polygonannotation: "polygon", lineannotation: "line", pointannotation: "point", cuboidannotation: "cuboid",
};
const GEOMETRIES = ["box", "polygon", "line", "point", "ellipse", "cuboid"];
const CAMERA: JsonObject = {
  camera_intrinsics: { fx: 300, fy: 300, cx: 150, cy: 20 }, camera_rotation_quaternion: { w: 0.694652, x: -0.719333, y: 0.003139, z: 0.003031 }, camera_height: 1.5,
};

export function randomParams(dice: Dice, picture: Picture): RandomParams {
  return dice.chance(0.2) ? olderParams(dice) : newerParams(dice, picture);
}

function olderParams(dice: Dice): RandomParams {
  const type = dice.pick(Object.keys(OLDER_TYPES)), geometry = OLDER_TYPES[type];
  const labels = dice.some(LABELS);
  const sizes: JsonObject = geometry === "box" || geometry === "cuboid" ? { min_width: dice.below(30), min_height: dice.below(30) } : {};
  const counts: JsonObject = type === "cuboidannotation" ? { min_annotations: dice.below(3), max_annotations: dice.pick([0, 3, 4]), ...(dice.chance(0.5) ? CAMERA : {}) } : {};
  const shared: JsonObject = { with_labels: dice.chance(0.8), annotation_attributes: randomAttributes(dice, labels, [], geometry === "box" || geometry === "cuboid"), ...counts };
  const own: JsonObject = { objects_to_annotate: labels, ...sizes };
  return { type, params: { instruction: "Label it.", ...own, ...shared }, editorParams: { geometries: { [geometry]: { ...own, ...(type === "cuboidannotation" ? counts : {}) } }, ...shared } };
}

function newerParams(dice: Dice, picture: Picture): RandomParams {
  const geometries = Object.fromEntries(dice.some(GEOMETRIES).map((type) => [type, randomGeometry(dice, type)]));
  const labels = [...new Set(Object.values(geometries).flatMap((rule) => leafChoices(rule.objects_to_annotate)))];
  const links = Object.fromEntries((dice.chance(0.5) ? dice.some(LINKS) : []).map((label) => [label, {
    is_bidirectional: dice.chance(0.5), from_allowed_labels: dice.some(labels), to_allowed_labels: dice.some(labels),
  }]));
  const hasSides = geometries.box !== undefined || geometries.cuboid !== undefined;
  const params: JsonObject = {
    geometries, links,
    ...(dice.chance(0.8) ? { annotation_attributes: randomAttributes(dice, labels, Object.keys(links), hasSides) } : {}),
    ...(dice.chance(0.4) ? { padding: dice.below(40), ...(dice.chance(0.5) ? { paddingX: dice.below(20) } : {}) } : {}),
    ...(geometries.box !== undefined && dice.chance(0.3) ? randomBase(dice, leafChoices(geometries.box.objects_to_annotate), picture) : {}),
  };
  return { type: "imageannotation", params, editorParams: null };
}

function randomGeometry(dice: Dice, type: string): JsonObject {
  const labels = dice.some(LABELS);
  const objects: Json = dice.chance(0.3) ? [{ choice: "things", subchoices: labels }] : labels;
  switch (type) {
    case "box": return { objects_to_annotate: objects, min_width: dice.below(30), min_height: dice.below(30), can_rotate: dice.chance(0.5), integer_pixels: dice.chance(0.3) };
    case "polygon": return { objects_to_annotate: objects, ...(dice.chance(0.5) ? { min_vertices: 3 + dice.below(2), max_vertices: 4 + dice.below(4) } : {}) };
    case "line": return { objects_to_annotate: objects, ...(dice.chance(0.5) ? { min_vertices: 2, max_vertices: 2 + dice.below(4) } : {}) };
    case "cuboid": return { objects_to_annotate: objects, min_width: dice.below(30), ...(dice.chance(0.5) ? CAMERA : {}) };
    default: return { objects_to_annotate: objects };
  }
}

function randomAttributes(dice: Dice, labels: readonly string[], links: readonly string[], hasSides: boolean): JsonObject {
  const attributes: { [key: string]: JsonObject } = {};
  const levels: { [level: string]: string[] } = { local: [], global: [] };
  for (let i = 0; i < dice.below(7); i++) {
    const isGlobal = dice.chance(0.3);
    const key = isGlobal && dice.chance(0.3) ? "image_rotation" : dice.pick([`a${i}`, `what is ${i}?`]);
    if (attributes[key] !== undefined) continue;
    const others = levels[isGlobal ? "global" : "local"];
    const conditions: JsonObject = {
      ...(isGlobal ? { is_global: true } : {}),
      ...(!isGlobal && dice.chance(0.4) ? { label_condition: { label: dice.some([...labels, ...links]) } } : {}),
      ...(others.length > 0 && dice.chance(0.5) ? { attribute_conditions: [{ [dice.pick(others)]: dice.some(["red", "a", "1", "2", "x", "45.5"]) }] } : {}),
    };
    attributes[key] = { description: `Question ${i}`, ...randomQuestion(dice, key, labels, hasSides), ...(dice.chance(0.3) ? { required: dice.chance(0.5) } : {}), conditions };
    others.push(key);
  }
  return attributes;
}

function randomQuestion(dice: Dice, key: string, labels: readonly string[], hasSides: boolean): JsonObject {
  if (key === "image_rotation") return { type: "number" };
  const type = dice.pick(["category", "category", "number", "angle", "text", "linked", ...(hasSides ? ["x_line", "y_line"] : [])]);
  switch (type) {
    case "category": return { choices: dice.pick(CHOICES), allow_multiple: dice.chance(0.5) };
    case "number": return { type, ...(dice.chance(0.5) ? { min: dice.below(4) - 2 } : {}), ...(dice.chance(0.5) ? { max: 5 + dice.below(4) } : {}), step: dice.pick([1, 0.5, 0.1]) };
    case "linked": return { type, allowed_labels: dice.some(labels) };
    default: return { type };
  }
}

function randomBase(dice: Dice, labels: readonly string[], picture: Picture): JsonObject {
  const annotations = ["b1", "b2"].slice(0, 1 + dice.below(2)).map((uuid) => ({
    uuid, type: "box", label: dice.pick(labels), left: dice.below(picture.width / 2), top: dice.below(picture.height / 2), width: 40 + dice.below(40), height: 40 + dice.below(40),
  }));
  const flags = ["can_add_base_annotations", "can_edit_base_annotations", "can_edit_base_annotation_labels", "can_delete_base_annotations"];
  return { base_annotations: { annotations }, ...Object.fromEntries(flags.filter(() => dice.chance(0.5)).map((flag) => [flag, dice.chance(0.5)])) };
}

/** The members of a shape that mostly keeps the limits of its geometry. */
export function randomFigure(dice: Dice, rule: GeometryRule, picture: Picture, { padX, padY }: Taxonomy): JsonObject {
  const place = () => ({ x: -padX + dice.number() * (picture.width + 2 * padX), y: -padY + dice.number() * (picture.height + 2 * padY) });
  const span = (least: number) => Math.max(least, 1) + Math.round(dice.number() * 160) / 4;
  const left = dice.below(picture.width / 2) + dice.pick([0, 0.25, 0.5]), top = dice.below(picture.height / 2) + dice.pick([0, 0.5]);
  const width = span(rule.minWidth), height = span(rule.minHeight);
  switch (rule.type) {
    case "box": return { left, top, width, height, ...(rule.canRotate ? { rotation: dice.pick([0, 0.1, -0.5, Math.PI, 7]) } : {}) };
    case "point": return place();
    case "ellipse": return { vertices: [{ x: left + width / 2, y: top }, { x: left + width, y: top + height / 2 }, { x: left + width / 2, y: top + height }, { x: left, y: top + height / 2 }] };
    case "cuboid": {
      const [right, bottom, far] = [left + width, top + height, dice.pick([left + width + 15, left - 10])];
      const corners = [[left, top], [left, bottom], [right, top], [right, bottom], [far, top + 1], [far, bottom - 6]].slice(0, dice.chance(0.8) ? 6 : 4);
      return { vertices: corners.map(([x, y], i) => ({ x, y, type: "vertex", description: CUBOID_CORNERS[i] })) };
    }
    default: {
      const count = Math.max(rule.minVertices, Math.min(rule.maxVertices ?? 6, 1 + dice.below(6)));
      return { vertices: Array.from({ length: count }, place) };
    }
  }
}

function leafChoices(value: Json): string[] {
  return (value as readonly (string | { readonly subchoices: readonly string[] })[]).flatMap((label) => (typeof label === "string" ? [label] : label.subchoices));
}
