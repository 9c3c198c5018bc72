import { isObject, stringsOf, type Json, type JsonObject } from "../json.js";
import { listOf } from "./labels.js";
import { at, freeName, put } from "./members.js";

export const ATTRIBUTE_TYPES = ["category", "number", "text", "angle", "linked", "x_line", "y_line"] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** What a question is about: single objects, links, or the picture as a whole. */
export type Level = "objects" | "links" | "picture";

/** A question as it is edited. */
export interface Question {
  readonly key: string;
  readonly object: JsonObject;
  readonly type: string;
  readonly level: Level;
  /** The labels it is asked for; null for every label. */
  readonly labels: readonly string[] | null;
  /** Alternatives of wanted answers, of which one must hold as a whole. */
  readonly alternatives: readonly JsonObject[];
  readonly isRequired: boolean;
}

/** All questions in their order; what is no object is left to the text. */
export function questionsOf(params: JsonObject): Question[] {
  const attributes = isObject(params.annotation_attributes) ? params.annotation_attributes : {};
  const links = isObject(params.links) ? Object.keys(params.links) : [];
  return Object.entries(attributes).flatMap(([key, object]): Question[] => {
    if (!isObject(object)) return [];
    const type = typeof object.type === "string" ? object.type : "category";
    const condition = at(object, ["conditions", "label_condition"]);
    const labels = isObject(condition) ? stringsOf(condition.label) : null;
    const isGlobal = at(object, ["conditions", "is_global"]) === true;
    return [{
      key, object, type, labels,
      // A question that names labels of links, and nothing else, is one about links.
      level: isGlobal ? "picture" : labels !== null && labels.length > 0 && labels.every((label) => links.includes(label)) ? "links" : "objects",
      alternatives: listOf(at(object, ["conditions", "attribute_conditions"])).filter(isObject),
      isRequired: typeof object.required === "boolean" ? object.required : type !== "linked",
    }];
  });
}

/** A new question at the end; gives its key too. */
export function addQuestion(params: JsonObject, level: Level, label: string | null): { readonly params: JsonObject; readonly key: string } {
  const attributes = isObject(params.annotation_attributes) ? params.annotation_attributes : {};
  const key = freeName("question", Object.keys(attributes));
  const conditions: JsonObject = level === "picture" ? { is_global: true } : label === null ? {} : { label_condition: { label: [label] } };
  const question: JsonObject = { type: "category", description: "", choices: [], ...(Object.keys(conditions).length === 0 ? {} : { conditions }) };
  return { key, params: put(params, ["annotation_attributes", key], question) };
}

/** Changes a part of a question's conditions and leaves no empty remains. */
export function withCondition(question: JsonObject, member: string, value: Json | undefined): JsonObject {
  const next = put(question, ["conditions", member], value);
  return isObject(next.conditions) && Object.keys(next.conditions).length === 0 ? put(next, ["conditions"], undefined) : next;
}

/** Takes a question away, and with it what others wanted of its answers. */
export function removeQuestion(params: JsonObject, key: string): JsonObject {
  const others = put(params, ["annotation_attributes", key], undefined);
  const attributes = isObject(others.annotation_attributes) ? others.annotation_attributes : {};
  if (Object.keys(attributes).length === 0) return put(others, ["annotation_attributes"], undefined);
  return put(others, ["annotation_attributes"], Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => {
    const alternatives = at(attribute, ["conditions", "attribute_conditions"]);
    if (!isObject(attribute) || !Array.isArray(alternatives) || !alternatives.some((wants: Json) => isObject(wants) && key in wants)) return [name, attribute];
    const left = alternatives.flatMap((wants: Json): Json[] => {
      if (!isObject(wants)) return [wants];
      const { [key]: _gone, ...rest } = wants;
      return Object.keys(rest).length === 0 ? [] : [rest];
    });
    return [name, withCondition(attribute, "attribute_conditions", left.length === 0 ? undefined : left)];
  })));
}

/** A name for answers out of a question's words: `How many cats?` gives `how_many_cats`. */
export function keyFrom(words: string): string {
  return words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60);
}

/** Whether a key is one that was made up here, so that the question's words may still give it a better one. */
export function isMadeUp(key: string): boolean {
  return /^question(_\d+)?$/.test(key);
}
