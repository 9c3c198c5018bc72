import { compareOrder, orderBetween } from "../math/order.js";
import { collection, objectAt, type Document, type Operation } from "./document.js";
import { isObject, sameJson, type Json, type JsonObject } from "./json.js";

/** What is to be done to a document, worked out when its turn comes; no operations means that there is nothing to do. */
export type Plan = (document: Document) => readonly Operation[];

export const ANNOTATIONS = "annotations";
export const GLOBAL_ATTRIBUTES = "attributes";
export const LINKS = "links";

/** Adds an object above all others. */
export function addObject(key: string, object: JsonObject): Plan {
  return (document) => {
    let last: string | null = null;
    for (const { order } of collection(document, ANNOTATIONS).values()) {
      if (typeof order === "string" && (last === null || compareOrder(order, last) > 0)) last = order;
    }
    return [{ collection: ANNOTATIONS, key, before: null, after: { ...object, order: orderBetween(last, null) } }];
  };
}

/** Changes an object that is still there; the change sees the object as it is then. */
export function changeObject(key: string, change: (object: JsonObject) => JsonObject): Plan {
  return (document) => {
    const before = objectAt(document, ANNOTATIONS, key);
    if (before === null) return [];
    const after = change(before);
    return sameJson(before, after) ? [] : [{ collection: ANNOTATIONS, key, before, after }];
  };
}

/** Changes several objects in one step; those that are gone by then are passed over. */
export function changeObjects(keys: readonly string[], change: (object: JsonObject) => JsonObject): Plan {
  return (document) => keys.flatMap((key) => changeObject(key, change)(document));
}

export function setLabel(key: string, label: string | null): Plan {
  return setLabels([key], label);
}

export function setLabels(keys: readonly string[], label: string | null): Plan {
  return changeObjects(keys, (object) => ({ ...object, label }));
}

/** Answers an attribute of an object; null takes the answer away. */
export function setAttribute(key: string, attribute: string, value: Json): Plan {
  return changeObject(key, (object) => {
    const attributes = isObject(object.attributes) ? object.attributes : {};
    return { ...object, attributes: value === null ? without(attributes, attribute) : { ...attributes, [attribute]: value } };
  });
}

/** Answers an attribute of the whole picture; null takes the answer away. */
export function setGlobalAttribute(attribute: string, value: Json): Plan {
  return (document) => {
    const before = objectAt(document, GLOBAL_ATTRIBUTES, attribute);
    const after = value === null ? null : { value };
    return sameJson(before, after) ? [] : [{ collection: GLOBAL_ATTRIBUTES, key: attribute, before, after }];
  };
}

/** Removes an object with the links from and to it and the answers that point to it. */
export function removeObject(key: string): Plan {
  return removeObjects([key]);
}

export function removeObjects(keys: readonly string[]): Plan {
  return (document) => {
    const objects = collection(document, ANNOTATIONS);
    const gone = new Set(keys.filter((key) => objects.has(key)));
    if (gone.size === 0) return [];
    const points = (value: Json | undefined) => typeof value === "string" && gone.has(value);
    const operations: Operation[] = [];
    for (const [link, value] of collection(document, LINKS)) {
      if (points(value.from) || points(value.to)) operations.push({ collection: LINKS, key: link, before: value, after: null });
    }
    for (const [key, object] of objects) {
      if (gone.has(key) || !isObject(object.attributes)) continue;
      const pointing = Object.entries(object.attributes).filter(([, value]) => points(value)).map(([name]) => name);
      if (pointing.length === 0) continue;
      operations.push({ collection: ANNOTATIONS, key, before: object, after: { ...object, attributes: pointing.reduce(without, object.attributes) } });
    }
    for (const key of gone) operations.push({ collection: ANNOTATIONS, key, before: objects.get(key) ?? null, after: null });
    return operations;
  };
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
