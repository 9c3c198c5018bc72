import { isObject, type Json, type JsonObject } from "../json.js";
import { listOf, mapEntries, writeEntry } from "./labels.js";
import { at, put, renameMember } from "./members.js";

/** Renames a label under every geometry, and wherever questions, links and lines between points name it. */
export function renameLabel(params: JsonObject, from: string, to: string): JsonObject {
  if (from === to) return params;
  const inTrees = mapGeometries(params, (rule) => {
    const labels = put(rule, ["objects_to_annotate"], mapEntries(rule.objects_to_annotate, (item, { choice }) => (choice === from ? writeEntry(item, { choice: to }) : item)));
    return Array.isArray(labels.connections) ? put(labels, ["connections"], listOf(labels.connections).map((connection) => mapListed(connection, "pair", from, to))) : labels;
  });
  const coloured = isObject(inTrees.label_colors) ? put(inTrees, ["label_colors"], renameMember(inTrees.label_colors, from, to)) : inTrees;
  return mapLinkRules(mapAttributes(coloured, (attribute) => inCondition(mapListed(attribute, "allowed_labels", from, to) as JsonObject, from, to)),
    (rule) => mapListed(mapListed(rule, "from_allowed_labels", from, to), "to_allowed_labels", from, to));
}

/** Renames a link's label and where questions about links name it. */
export function renameLink(params: JsonObject, from: string, to: string): JsonObject {
  if (!isObject(params.links)) return params;
  return mapAttributes(put(params, ["links"], renameMember(params.links, from, to)), (attribute) => inCondition(attribute, from, to));
}

/** Renames a question and where others, or the lines between points, depend on it. */
export function renameAttribute(params: JsonObject, from: string, to: string): JsonObject {
  if (!isObject(params.annotation_attributes)) return params;
  const named = put(params, ["annotation_attributes"], renameMember(params.annotation_attributes, from, to));
  const conditions = mapAttributes(named, (attribute) => mapAlternatives(attribute, (wants) => renameMember(wants, from, to)));
  return mapGeometries(conditions, (rule) => (!Array.isArray(rule.connections) ? rule : put(rule, ["connections"], listOf(rule.connections).map((connection) => (
    isObject(connection) && connection.connection_attribute === from ? { ...connection, connection_attribute: to } : connection)))));
}

/** Renames a choice of a question and where conditions of others want it. */
export function renameChoice(params: JsonObject, attribute: string, from: string, to: string): JsonObject {
  const inTree = put(params, ["annotation_attributes", attribute, "choices"], mapEntries(at(params, ["annotation_attributes", attribute, "choices"]), (item, { choice }) => (choice === from ? writeEntry(item, { choice: to }) : item)));
  return mapAttributes(inTree, (other) => mapAlternatives(other, (wants) => (attribute in wants ? { ...wants, [attribute]: mapNamed(wants[attribute], from, to) } : wants)));
}

function mapGeometries(params: JsonObject, change: (rule: JsonObject) => JsonObject): JsonObject {
  return isObject(params.geometries) ? put(params, ["geometries"], mapMembers(params.geometries, change)) : params;
}

export function mapAttributes(params: JsonObject, change: (attribute: JsonObject, key: string) => JsonObject): JsonObject {
  return isObject(params.annotation_attributes) ? put(params, ["annotation_attributes"], mapMembers(params.annotation_attributes, change)) : params;
}

function mapLinkRules(params: JsonObject, change: (rule: Json) => Json): JsonObject {
  if (!isObject(params.links)) return params;
  return put(params, ["links"], Object.fromEntries(Object.entries(params.links).map(([label, rules]) => [label, Array.isArray(rules) ? rules.map(change) : change(rules)])));
}

function mapMembers(object: JsonObject, change: (member: JsonObject, key: string) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, isObject(member) ? change(member, key) : member]));
}

function mapAlternatives(attribute: JsonObject, change: (wants: JsonObject) => JsonObject): JsonObject {
  const alternatives = at(attribute, ["conditions", "attribute_conditions"]);
  return Array.isArray(alternatives) ? put(attribute, ["conditions", "attribute_conditions"], listOf(alternatives).map((wants) => (isObject(wants) ? change(wants) : wants))) : attribute;
}

function inCondition(attribute: JsonObject, from: string, to: string): JsonObject {
  const condition = at(attribute, ["conditions", "label_condition"]);
  return isObject(condition) ? put(attribute, ["conditions", "label_condition"], mapListed(condition, "label", from, to)) : attribute;
}

function mapListed(value: Json, member: string, from: string, to: string): Json {
  return isObject(value) && member in value ? { ...value, [member]: mapNamed(value[member], from, to) } : value;
}

/** A name, or a list of names. */
function mapNamed(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  return Array.isArray(value) ? value.map((one: Json) => (one === from ? to : one)) : value;
}
