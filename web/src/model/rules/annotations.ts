import { isObject, type Json, type JsonObject } from "../json.js";
import { hasChoice, type GeometryRule, type Taxonomy } from "../taxonomy.js";
import { sheetFaults } from "./answers.js";
import { readFigure } from "./figures.js";
import { limitFaults } from "./limits.js";
import { anyOf, below, fault, isNothing, judgedInTurn, type Context, type Fault, type Rule } from "./rule.js";

export interface Described {
  readonly object: JsonObject;
  readonly taxonomy: Taxonomy;
}

export interface Labelled {
  readonly label: string;
  readonly rule: GeometryRule;
}

/** The six geometries and the words for several of them. */
const NAMES: { readonly [type: string]: string } = {
  box: "boxes", polygon: "polygons", line: "lines", point: "points", ellipse: "ellipses", cuboid: "cuboids",
};

export const ANNOTATION: readonly Rule<Json>[] = [
  { name: "an annotation is an object", judge: (annotation) => (isObject(annotation) ? null : fault("The object cannot be read.")) },
];

export const LABEL: readonly Rule<Described>[] = [
  { name: "an annotation has a label where there are labels", judge: ({ object, taxonomy }) => (taxonomy.withLabels && isNothing(object.label) ? fault("Choose a label.", "label") : null) },
  { name: "a label is a text", judge: ({ object: { label } }) => (isNothing(label) || typeof label === "string" ? null : fault("Choose a label.", "label")) },
];

export const TYPE: readonly Rule<Described>[] = [
  { name: "an annotation names its geometry, except of older types", judge: ({ object: { type }, taxonomy: { isLegacy } }) => (isNothing(type) && !isLegacy ? fault("The object has no shape. Delete it and draw it again.", "type") : null) },
  {
    name: "a geometry is one of the task",
    judge: ({ object: { type }, taxonomy }) => {
      const asked = askedFor(taxonomy);
      if (isNothing(type) || asked.some((rule) => rule.type === type)) return null;
      const wanted = anyOf(asked.map((rule) => NAMES[rule.type]));
      return fault(`This task asks for ${wanted}, not for ${typeof type === "string" ? NAMES[type] ?? `"${type}"` : "this"}. Delete it.`, "type");
    },
  },
];

export const LABEL_OF_SHAPE: readonly Rule<Labelled>[] = [
  {
    name: "a label belongs to the geometry",
    judge: ({ label, rule }) => (hasChoice(rule.labels, label) ? null : fault(`"${label}" is not a label for ${NAMES[rule.type]}. Choose another.`, "label")),
  },
];

/** What is wrong with an annotation, apart from its id. */
export function annotationFaults(object: JsonObject, context: Context): Fault[] {
  const { taxonomy, book, strictness } = context;
  const described = { object, taxonomy };
  const label = typeof object.label === "string" ? object.label : null;
  const faults = [...judgedInTurn(book.label, described, strictness), ...judgedInTurn(book.type, described, strictness)];
  const rule = ruleOf(object, taxonomy);
  if (rule !== null) {
    if (label !== null) faults.push(...judgedInTurn(book.labelOfShape, { label, rule }, strictness));
    const { value: figure, faults: unreadable } = readFigure(rule.type, object, book);
    faults.push(...unreadable);
    if (figure !== null) faults.push(...limitFaults(figure, rule, object, context));
  }
  return [...faults, ...below(sheetFaults(object.attributes, "object", label, context), "attributes")];
}

function askedFor(taxonomy: Taxonomy): GeometryRule[] {
  return Object.values(taxonomy.geometries).filter(({ type }) => type in NAMES);
}

/** The rule of the annotation's geometry; answers of older types name none, as there is only one. */
function ruleOf({ type }: JsonObject, taxonomy: Taxonomy): GeometryRule | null {
  if (isNothing(type)) return taxonomy.isLegacy ? askedFor(taxonomy)[0] ?? null : null;
  return askedFor(taxonomy).find((rule) => rule.type === type) ?? null;
}
