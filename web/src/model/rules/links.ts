import { isObject, type Json, type JsonObject } from "../json.js";
import { linkRule } from "../links.js";
import { sheetFaults } from "./answers.js";
import { below, fault, isNothing, judged, judgedInTurn, type Context, type Fault, type Rule } from "./rule.js";

export interface LinkMember {
  readonly link: JsonObject;
  readonly name: string;
}

/** A link whose label and ends are there, and those before it. */
export interface LinkSubject {
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly seen: Set<string>;
  readonly context: Context;
}

export const LINK_LIST: readonly Rule<Json | undefined>[] = [
  { name: "links are a list", judge: (links) => (isNothing(links) || Array.isArray(links) ? null : fault("The links cannot be read.")) },
];

export const LINK_SHAPE: readonly Rule<Json>[] = [
  { name: "a link is an object", judge: (link) => (isObject(link) ? null : fault("The link cannot be read. Delete it.")) },
];

export const LINK_MEMBER: readonly Rule<LinkMember>[] = [
  { name: "a link has a label and two ends", judge: ({ link, name }) => (isNothing(link[name]) ? fault(name === "label" ? "Choose a label for the link." : "The link has only one end. Delete it and draw it again.", name) : null) },
  {
    name: "label and ends of a link are texts of 1 to 1000 characters",
    judge: ({ link, name }) => {
      const value = link[name];
      return isNothing(value) || (typeof value === "string" && value !== "" && [...value].length <= 1000) ? null : fault("The link cannot be read. Delete it and draw it again.", name);
    },
  },
];

export const LINK: readonly Rule<LinkSubject>[] = [
  { name: "a link has a label of the task", judge: ({ label, context }) => (context.taxonomy.links.some((type) => type.label === label) ? null : fault(`"${label}" is not a link of this task. Choose another label.`, "label")) },
  { name: "a link leads to another annotation", judge: ({ from, to }) => (from !== to ? null : fault("The link leads back to where it starts. Pick another end.", "to")) },
  { name: "a link starts at an annotation that is there", judge: ({ from, context }) => (context.labels.has(from) ? null : fault("The link starts at an object that is not there. Delete it.", "from")) },
  { name: "a link ends at an annotation that is there", judge: ({ to, context }) => (context.labels.has(to) ? null : fault("The link leads to an object that is not there. Delete it.", "to")) },
  {
    name: "a link joins labels that may be joined",
    judge: ({ label, from, to, context: { labels, taxonomy } }) => {
      const [first, second] = [labels.get(from), labels.get(to)];
      // An end without a label is told of at the annotation.
      if (isNothing(first) || isNothing(second) || !taxonomy.links.some((type) => type.label === label)) return null;
      return linkRule(taxonomy.links, label, first, second) !== null ? null : fault(`"${label}" must not lead from ${first} to ${second}. Delete it or pick other ends.`);
    },
  },
  {
    name: "a link stands once",
    judge: ({ label, from, to, seen, context: { labels, taxonomy } }) => {
      const rule = linkRule(taxonomy.links, label, labels.get(from) ?? "", labels.get(to) ?? "");
      if (rule === null) return null;
      const key = JSON.stringify([label, ...(rule.isBidirectional ? [from, to].sort() : [from, to])]);
      if (seen.has(key)) return fault(`The same link "${label}" stands there already. Delete one of them.`);
      seen.add(key);
      return null;
    },
  },
];

const MEMBERS = ["label", "from", "to"];

/** The faults of each link that has some, and of the list as a whole. */
export function linkFaults(links: Json | undefined, context: Context): Fault[] {
  const { book, strictness } = context;
  const faults = judged(book.linkList, links, strictness);
  if (!Array.isArray(links)) return faults;
  const ids = new Set<string>(), seen = new Set<string>();
  return [...faults, ...(links as readonly Json[]).flatMap((link, i) => below(isObject(link) ? one(link) : judged(book.linkShape, link, strictness), i))];

  function one(link: JsonObject): Fault[] {
    const { label, from, to } = link;
    const members = MEMBERS.flatMap((name) => judgedInTurn(book.linkMember, { link, name }, strictness));
    const whole = members.length === 0 && typeof label === "string" && typeof from === "string" && typeof to === "string";
    return [
      ...judgedInTurn(book.identity, { object: link, seen: ids }, strictness),
      ...members,
      ...(whole ? judgedInTurn(book.link, { label, from, to, seen, context }, strictness) : []),
      ...below(sheetFaults(link.attributes, "link", typeof label === "string" ? label : null, context), "attributes"),
    ];
  }
}
