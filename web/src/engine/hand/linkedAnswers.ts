import { visibleAttributes } from "../../model/conditions.js";
import { isObject } from "../../model/json.js";
import type { Link } from "../../model/links.js";
import type { Attribute } from "../../model/taxonomy.js";
import type { Items } from "../items.js";

const found = new WeakMap<Items, readonly Link[]>();

/** The answers of all objects that name another one, as links that are stored nowhere. */
export function linkedAnswers(items: Items, attributes: readonly Attribute[]): readonly Link[] {
  const known = found.get(items);
  if (known !== undefined) return known;
  const names = new Map(attributes.filter(({ type, isGlobal }) => type === "linked" && !isGlobal).map(({ key, description }) => [key, description]));
  const answers = names.size === 0 ? [] : items.list.flatMap(({ key, label, object }): Link[] => {
    const given = isObject(object.attributes) ? object.attributes : {};
    if (!Object.keys(given).some((name) => names.has(name))) return [];
    return visibleAttributes(attributes, "object", label, given).flatMap((attribute): Link[] => {
      const to = given[attribute.key], name = names.get(attribute.key);
      return name === undefined || typeof to !== "string" ? [] : [{ key: `${key} ${attribute.key}`, label: name, from: key, to, order: "", object }];
    });
  });
  found.set(items, answers);
  return answers;
}
