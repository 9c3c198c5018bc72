import { compareOrder, orderBetween } from "../math/order.js";
import { collection, objectAt, type Collection } from "./document.js";
import { isObject, objectsOf, sameJson, stringsOf, type Json, type JsonObject } from "./json.js";
import { ANNOTATIONS, LINKS, type Plan } from "./plans.js";

/** One permitted pair of label lists; the ends of a bidirectional link may be swapped. */
export interface LinkRule {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly isBidirectional: boolean;
}

/** A label for links with the rules of which at least one must admit a pair. */
export interface LinkKind {
  readonly label: string;
  readonly rules: readonly LinkRule[];
}

/** A link of a draft. `from` and `to` are keys of annotations. */
export interface Link {
  readonly key: string;
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly order: string;
  readonly object: JsonObject;
}

/** What matters of an annotation at the end of a link. */
export interface LinkEnd {
  readonly key: string;
  readonly label: string | null;
}

export function readLinkKinds(value: Json | undefined): LinkKind[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([label, rules]) => ({
    label, rules: objectsOf(isObject(rules) ? [rules] : rules).map((rule) => ({
      from: stringsOf(rule.from_allowed_labels), to: stringsOf(rule.to_allowed_labels), isBidirectional: rule.is_bidirectional === true,
    })),
  }));
}

/** The links of a draft in the order in which they are answered; those that lack a member are passed over, the check names them. */
export function readLinks(links: Collection): Link[] {
  const read = [...links].flatMap(([key, object]): Link[] => {
    const { label, from, to, order } = object;
    if (typeof label !== "string" || typeof from !== "string" || typeof to !== "string") return [];
    return [{ key, label, from, to, object, order: typeof order === "string" ? order : "" }];
  });
  return read.sort((a, b) => compareOrder(a.order, b.order) || compareOrder(a.key, b.key));
}

/** The rule under which a link may lead from one label to another. */
export function ruleFor(kind: LinkKind, from: string, to: string): LinkRule | null {
  return kind.rules.find((rule) => admits(rule, from, to)) ?? null;
}

/** The same among all kinds, by the link's label. */
export function linkRule(kinds: readonly LinkKind[], label: string, from: string, to: string): LinkRule | null {
  const kind = kinds.find((one) => one.label === label);
  return kind === undefined ? null : ruleFor(kind, from, to);
}

function admits(rule: LinkRule, from: string, to: string): boolean {
  return (rule.from.includes(from) && rule.to.includes(to)) || (rule.isBidirectional && rule.from.includes(to) && rule.to.includes(from));
}

/** Why no link of this kind can start at an annotation, in words; null when one can. */
export function startRefusal(kind: LinkKind, start: LinkEnd, name: (label: string) => string): string | null {
  const starts = unique(kind.rules.flatMap((rule) => (rule.isBidirectional ? [...rule.from, ...rule.to] : rule.from)));
  if (start.label !== null && starts.includes(start.label)) return null;
  return `"${name(kind.label)}" starts at ${either(starts.map(name))}, not at ${ofLabel(start.label, name)}.`;
}

/** Why this link cannot be made, in words; null when it can. */
export function linkRefusal(kind: LinkKind, from: LinkEnd, to: LinkEnd, links: readonly Link[], name: (label: string) => string): string | null {
  const start = startRefusal(kind, from, name);
  if (start !== null) return start;
  if (from.key === to.key) return "A link needs two different objects.";
  const rule = from.label === null || to.label === null ? null : ruleFor(kind, from.label, to.label);
  if (rule === null) {
    const ends = unique(kind.rules.flatMap((one) => [
      ...(one.from.includes(from.label as string) ? one.to : []),
      ...(one.isBidirectional && one.to.includes(from.label as string) ? one.from : []),
    ]));
    return `From ${ofLabel(from.label, name)}, "${name(kind.label)}" leads to ${either(ends.map(name))}, not to ${ofLabel(to.label, name)}.`;
  }
  const repeats = links.some((link) => link.label === kind.label
    && ((link.from === from.key && link.to === to.key) || (rule.isBidirectional && link.from === to.key && link.to === from.key)));
  return repeats ? "These two are linked like this already." : null;
}

/** Makes a link after all others; nothing when one of its ends is gone by then. */
export function addLink(key: string, label: string, from: string, to: string): Plan {
  return (document) => {
    if (objectAt(document, ANNOTATIONS, from) === null || objectAt(document, ANNOTATIONS, to) === null) return [];
    const last = readLinks(collection(document, LINKS)).reduce<string | null>((order, link) => (link.order === "" ? order : link.order), null);
    return [{ collection: LINKS, key, before: null, after: { label, from, to, attributes: {}, order: orderBetween(last, null) } }];
  };
}

export function removeLink(key: string): Plan {
  return (document) => {
    const before = objectAt(document, LINKS, key);
    return before === null ? [] : [{ collection: LINKS, key, before, after: null }];
  };
}

function changeLink(key: string, change: (object: JsonObject) => JsonObject): Plan {
  return (document) => {
    const before = objectAt(document, LINKS, key);
    if (before === null) return [];
    const after = change(before);
    return sameJson(before, after) ? [] : [{ collection: LINKS, key, before, after }];
  };
}

/** Swaps the ends of a link. */
export function turnLink(key: string): Plan {
  return changeLink(key, (object) => ({ ...object, from: object.to, to: object.from }));
}

/** Answers an attribute of a link; null takes the answer away. */
export function setLinkAttribute(key: string, attribute: string, value: Json): Plan {
  return changeLink(key, (object) => {
    const { [attribute]: _, ...others } = isObject(object.attributes) ? object.attributes : {};
    return { ...object, attributes: value === null ? others : { ...others, [attribute]: value } };
  });
}

function ofLabel(label: string | null, name: (label: string) => string): string {
  return label === null ? "an object without a label" : `"${name(label)}"`;
}

function unique(labels: readonly string[]): string[] {
  return [...new Set(labels)];
}

/** A list of alternatives in words; a long one is cut short. */
export function either(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  if (quoted.length === 0) return "nothing";
  if (quoted.length > 5) return `${quoted.slice(0, 4).join(", ")} or one of ${quoted.length - 4} others`;
  return quoted.length === 1 ? quoted[0] : `${quoted.slice(0, -1).join(", ")} or ${quoted[quoted.length - 1]}`;
}
