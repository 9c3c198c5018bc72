import { isObject, type Json, type JsonObject } from "../json.js";
import { leavesOf, readLabels } from "../taxonomy.js";
import { at, put } from "./members.js";

/** The kinds of figures a picture's labels can have, in the order in which they are offered. */
export const GEOMETRIES = ["box", "polygon", "line", "point", "ellipse", "cuboid"] as const;

/** A label or a choice as it is edited: what it is called in answers, what people see, and what stands below it. */
export interface LabelEntry {
  readonly choice: string;
  /** Empty where people see the choice itself. */
  readonly display: string;
  readonly children: readonly Json[];
}

/** Labels are written as a text, or as an object where there is more to say. Null for what is neither, which only the text shows. */
export function readEntry(item: Json | undefined): LabelEntry | null {
  if (typeof item === "string") return { choice: item, display: "", children: [] };
  if (!isObject(item) || typeof item.choice !== "string") return null;
  return { choice: item.choice, display: typeof item.display === "string" ? item.display : "", children: listOf(item.subchoices) };
}

/** Changes an entry and keeps every member that is not known here; one that says no more than its choice becomes a text. */
export function writeEntry(item: Json, change: Partial<LabelEntry>): Json {
  let object: JsonObject = isObject(item) ? item : { choice: typeof item === "string" ? item : "" };
  if (change.choice !== undefined) object = { ...object, choice: change.choice };
  if (change.display !== undefined) object = put(object, ["display"], change.display === "" ? undefined : change.display);
  if (change.children !== undefined) object = put(object, ["subchoices"], change.children.length === 0 ? undefined : change.children);
  return Object.keys(object).length === 1 && typeof object.choice === "string" && !(isObject(item) && Object.keys(item).length === 1) ? object.choice : object;
}

/** Labels that somebody typed or pasted: one a line; those there are already are left out. */
export function labelsFrom(text: string, taken: readonly string[]): string[] {
  const names = text.split(/[\n\t]/).map((line) => line.trim()).filter((line) => line !== "");
  return [...new Set(names)].filter((name) => !taken.includes(name));
}

/** Every label that objects can have, once, in the order of the geometries. */
export function objectLabels(params: JsonObject): string[] {
  const geometries = isObject(params.geometries) ? Object.values(params.geometries) : [];
  return [...new Set(geometries.flatMap((rule) => leavesOf(readLabels(at(rule, ["objects_to_annotate"]))).map(({ choice }) => choice)))];
}

/** The labels of links. */
export function linkLabels(params: JsonObject): string[] {
  return isObject(params.links) ? Object.keys(params.links) : [];
}

/** Applies a change to every entry of a tree of labels; null takes the entry away with what stands below it. */
export function mapEntries(list: Json | undefined, change: (item: Json, entry: LabelEntry) => Json | null): readonly Json[] {
  return listOf(list).flatMap((item): Json[] => {
    const entry = readEntry(item);
    if (entry === null) return [item];
    const below = entry.children.length === 0 ? item : writeEntry(item, { children: mapEntries(entry.children, change) });
    const next = change(below, entry);
    return next === null ? [] : [next];
  });
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Chooses the colour of a label, or leaves it to the palette (null). */
export function withColour(params: JsonObject, label: string, colour: string | null): JsonObject {
  const next = put(params, ["label_colors", label], colour ?? undefined);
  return isObject(next.label_colors) && Object.keys(next.label_colors).length === 0 ? put(next, ["label_colors"], undefined) : next;
}

