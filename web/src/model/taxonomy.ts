import { readLinkKinds, type LinkKind } from "./links.js";
import { readBase, type BaseAnnotations } from "./permissions.js";
import type { CameraModel } from "../math/camera.js";
import { readCamera } from "./camera.js";
import { isObject, numberOf, objectsOf, stringsOf, type Json, type JsonObject } from "./json.js";

/** A label or a choice. With children it is a heading, which can never be an answer itself. */
export interface LabelNode {
  readonly choice: string;
  readonly display: string;
  readonly children: readonly LabelNode[];
}

/** A selectable label with the headings it stands under, outermost first. */
export interface Leaf {
  readonly choice: string;
  readonly display: string;
  readonly headings: readonly string[];
}

/** Points of the two labels are joined; with an attribute, only where it points to the same object at both ends. */
export interface Connection {
  readonly pair: readonly [string, string];
  readonly attribute: string | null;
}

export interface GeometryRule {
  readonly type: string;
  readonly labels: readonly LabelNode[];
  readonly minWidth: number;
  readonly minHeight: number;
  readonly minVertices: number;
  readonly maxVertices: number | null;
  readonly canRotate: boolean;
  readonly integerPixels: boolean;
  /** For points: which labels are joined by lines, to show how points belong together. */
  readonly connections: readonly Connection[];
  /** For cuboids, where the task states all of it. */
  readonly camera: CameraModel | null;
}

export interface Conditions {
  /** Leaf labels; null means no condition on the label. */
  readonly labels: readonly string[] | null;
  /** At least one of these must hold; within one, every attribute must have one of the values. Null means no such condition. */
  readonly anyOf: readonly { readonly [key: string]: readonly (string | number | boolean)[] }[] | null;
}

export interface Attribute {
  readonly key: string;
  readonly type: string;
  readonly description: string;
  readonly choices: readonly LabelNode[];
  readonly allowMultiple: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number;
  readonly required: boolean;
  readonly isGlobal: boolean;
  readonly allowedLabels: readonly string[];
  readonly conditions: Conditions;
}

export interface Taxonomy {
  readonly geometries: { readonly [type: string]: GeometryRule };
  readonly attributes: readonly Attribute[];
  /** Whether the task declares attributes at all; then annotations carry an `attributes` member. */
  readonly hasAttributes: boolean;
  readonly links: readonly LinkKind[];
  readonly base: BaseAnnotations;
  /** How many annotations there must and may be; null for no limit. */
  readonly minAnnotations: number;
  readonly maxAnnotations: number | null;
  /** Whether the task is of an older type, whose response is little more than the annotations. */
  readonly isLegacy: boolean;
  /** False where objects are only drawn; their labels are neither asked nor kept then. */
  readonly withLabels: boolean;
  /** The colours chosen for labels, as `#rrggbb`; the others get one of the palette. */
  readonly colours: { readonly [label: string]: string };
  /** Pixels added left and right, above and below the picture. */
  readonly padX: number;
  readonly padY: number;
}

/** A label as the person chooses it, with every geometry that may carry it. */
export interface LabelChoice extends Leaf {
  readonly geometries: readonly string[];
}

const MAX_DEPTH = 8;
const DEFAULT_MIN_VERTICES: { readonly [type: string]: number } = { polygon: 3, line: 1 };

/** The global attribute that follows the rotation that the person gives to the picture. */
const IMAGE_ROTATION = "image_rotation";

/** Reads the rules of a task, in the form of `imageannotation`; `isLegacy` says that the task itself is of an older type. */
export function readTaxonomy(params: JsonObject, { isLegacy = false }: { readonly isLegacy?: boolean } = {}): Taxonomy {
  const geometries = isObject(params.geometries) ? params.geometries : {};
  const attributes = isObject(params.annotation_attributes) ? params.annotation_attributes : {};
  const padding = numberOf(params.padding) ?? 0;
  return {
    geometries: Object.fromEntries(Object.entries(geometries).flatMap(([type, rule]) => (isObject(rule) ? [[type, readGeometry(type, rule)]] : []))),
    attributes: Object.entries(attributes).flatMap(([key, attribute]) => (isObject(attribute) ? [readAttribute(key, attribute)] : [])),
    hasAttributes: isObject(params.annotation_attributes),
    links: readLinkKinds(params.links),
    base: readBase(params),
    minAnnotations: numberOf(params.min_annotations) ?? 0,
    // Older types write 0 for "no limit".
    maxAnnotations: numberOf(params.max_annotations) || null,
    isLegacy,
    withLabels: params.with_labels !== false,
    colours: readColours(params.label_colors),
    padX: numberOf(params.paddingX) ?? padding,
    padY: numberOf(params.paddingY) ?? padding,
  };
}

/** Whether an attribute states how the picture itself is turned, in degrees clockwise. */
export function isImageRotation({ key, type, isGlobal }: Attribute): boolean {
  return isGlobal && key === IMAGE_ROTATION && type === "number";
}

/** The members that are colours; others are passed over. */
export function readColours(value: Json | undefined): { readonly [label: string]: string } {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([label, colour]) => (typeof colour === "string" && /^#[0-9a-f]{6}$/i.test(colour) ? [[label, colour]] : [])));
}

function readGeometry(type: string, rule: JsonObject): GeometryRule {
  return {
    type,
    labels: readLabels(rule.objects_to_annotate),
    minWidth: numberOf(rule.min_width) ?? 0,
    minHeight: numberOf(rule.min_height) ?? 0,
    minVertices: numberOf(rule.min_vertices) ?? DEFAULT_MIN_VERTICES[type] ?? 0,
    maxVertices: numberOf(rule.max_vertices),
    canRotate: rule.can_rotate === true,
    integerPixels: rule.integer_pixels === true,
    connections: objectsOf(rule.connections).flatMap(readConnection),
    camera: type === "cuboid" ? readCamera(rule) : null,
  };
}

function readConnection({ pair, connection_attribute: attribute }: JsonObject): Connection[] {
  const labels = stringsOf(pair);
  return labels.length === 2 ? [{ pair: [labels[0], labels[1]], attribute: typeof attribute === "string" ? attribute : null }] : [];
}

function readAttribute(key: string, attribute: JsonObject): Attribute {
  const type = typeof attribute.type === "string" ? attribute.type : "category";
  const conditions = isObject(attribute.conditions) ? attribute.conditions : {};
  const labelCondition = isObject(conditions.label_condition) ? conditions.label_condition : null;
  return {
    key,
    type,
    description: typeof attribute.description === "string" && attribute.description !== "" ? attribute.description : key,
    choices: readLabels(attribute.choices),
    allowMultiple: attribute.allow_multiple === true,
    min: numberOf(attribute.min),
    max: numberOf(attribute.max),
    step: numberOf(attribute.step) ?? 1,
    // Links are optional unless said otherwise; everything else must be answered unless said otherwise.
    required: typeof attribute.required === "boolean" ? attribute.required : type !== "linked",
    isGlobal: conditions.is_global === true,
    allowedLabels: stringsOf(attribute.allowed_labels),
    conditions: {
      labels: labelCondition === null ? null : stringsOf(labelCondition.label),
      anyOf: readAlternatives(conditions.attribute_conditions),
    },
  };
}

/** An empty list asks for nothing, like none. */
function readAlternatives(value: Json | undefined): Conditions["anyOf"] {
  const alternatives = objectsOf(value).map(readCondition);
  return alternatives.length === 0 ? null : alternatives;
}

function readCondition(condition: JsonObject): { [key: string]: readonly (string | number | boolean)[] } {
  return Object.fromEntries(Object.entries(condition).map(([key, wanted]) => [key, scalarsOf(wanted)]));
}

export function scalarsOf(value: Json): (string | number | boolean)[] {
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string | number | boolean => typeof item === "string" || typeof item === "number" || typeof item === "boolean");
}

export function readLabels(value: Json | undefined, depth = 0): LabelNode[] {
  if (!Array.isArray(value) || depth > MAX_DEPTH) return [];
  return value.flatMap((item: Json): LabelNode[] => {
    if (typeof item === "string") return [{ choice: item, display: item, children: [] }];
    if (!isObject(item) || typeof item.choice !== "string") return [];
    const display = typeof item.display === "string" && item.display !== "" ? item.display : item.choice;
    return [{ choice: item.choice, display, children: readLabels(item.subchoices, depth + 1) }];
  });
}

const choicesOf = new WeakMap<readonly LabelNode[], ReadonlySet<string>>();

/** Whether one of the leaves has this choice; asked of thousands of objects, so that it is worked out once for each tree. */
export function hasChoice(nodes: readonly LabelNode[], choice: string): boolean {
  let choices = choicesOf.get(nodes);
  if (choices === undefined) {
    choices = new Set(leavesOf(nodes).map((leaf) => leaf.choice));
    choicesOf.set(nodes, choices);
  }
  return choices.has(choice);
}

export function leavesOf(nodes: readonly LabelNode[], headings: readonly string[] = []): Leaf[] {
  return nodes.flatMap((node) => (node.children.length === 0
    ? [{ choice: node.choice, display: node.display, headings }]
    : leavesOf(node.children, [...headings, node.display])));
}

/** Every selectable label once, in the order of the geometries and of their lists. */
export function labelChoices(taxonomy: Taxonomy): LabelChoice[] {
  const found = new Map<string, { leaf: Leaf; geometries: string[] }>();
  for (const rule of Object.values(taxonomy.geometries)) {
    for (const leaf of leavesOf(rule.labels)) {
      const known = found.get(leaf.choice);
      if (known === undefined) found.set(leaf.choice, { leaf, geometries: [rule.type] });
      else if (!known.geometries.includes(rule.type)) known.geometries.push(rule.type);
    }
  }
  return [...found.values()].map(({ leaf, geometries }) => ({ ...leaf, geometries }));
}

export function allowsLabel(taxonomy: Taxonomy, type: string, label: string): boolean {
  const rule = taxonomy.geometries[type];
  return rule !== undefined && hasChoice(rule.labels, label);
}
