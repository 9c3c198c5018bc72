// Random tasks and drafts, for tests that hold the editor's rules against those of the server.
import { checkDraft } from "../checks.js";
import type { DraftCollections } from "../document.js";
import { isObject, type Json, type JsonObject } from "../json.js";
import { seeded } from "../../math/random.js";
import { readTaxonomy, type Attribute, type Taxonomy } from "../taxonomy.js";
import { randomFigure, randomParams, type Picture } from "./randomTasks.js";

/** A task as it is created, without its attachment, and drafts for it; the last one may be submitted unless none could be made. */
export interface RandomTask {
  readonly type: string;
  readonly params: JsonObject;
  readonly drafts: readonly DraftCollections[];
  readonly isSolved: boolean;
}

/** Choices of a seeded generator. */
export interface Dice {
  readonly number: () => number;
  readonly below: (count: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Element>(list: readonly Element[]) => Element;
  readonly some: <Element>(list: readonly Element[], least?: number) => Element[];
}

const WRONG_DRAFTS = 3;
const ATTEMPTS = 40;

export function randomTask(seed: number, picture: Picture): RandomTask {
  const dice = diceOf(seed);
  const { type, params, editorParams } = randomParams(dice, picture);
  const taxonomy = readTaxonomy(editorParams ?? params, { isLegacy: editorParams !== null });
  const candidates = Array.from({ length: ATTEMPTS }, () => randomDraft(dice, taxonomy, picture));
  const right = candidates.find((draft) => checkDraft(taxonomy, picture, draft).every(({ level }) => level !== undefined));
  const wrong = Array.from({ length: WRONG_DRAFTS }, () => spoiled(dice, dice.pick(candidates)));
  return { type, params, drafts: right === undefined ? wrong : [...wrong, right], isSolved: right !== undefined };
}

export function diceOf(seed: number): Dice {
  const number = seeded(seed);
  const below = (count: number) => Math.floor(number() * count);
  const pick = <Element>(list: readonly Element[]): Element => list[below(list.length)];
  return {
    number, below, pick,
    chance: (probability) => number() < probability,
    some: (list, least = 1) => {
      const chosen = list.filter(() => number() < 0.5);
      return chosen.length < least ? list.slice(0, least) : chosen;
    },
  };
}

/** A draft that keeps most rules, often all of them. */
function randomDraft(dice: Dice, taxonomy: Taxonomy, picture: Picture): DraftCollections {
  const types = Object.values(taxonomy.geometries).filter(({ labels }) => labels.length > 0);
  const keys = ["u1", "u2", "u3", "u4"].slice(0, Math.max(dice.below(5), taxonomy.minAnnotations));
  const labels = new Map<string, string>();
  const shapes = keys.map((key, i): [string, JsonObject] => {
    const rule = dice.pick(types);
    const label = dice.pick(leaves(rule.labels));
    labels.set(key, label);
    return [key, { type: rule.type, label, order: `a${i}`, ...randomFigure(dice, rule, picture, taxonomy) }];
  });
  const originals = [...taxonomy.base.originals].filter(() => !taxonomy.base.canDelete || dice.chance(0.7));
  for (const [key, original] of originals) labels.set(key, String(original.label));
  const added = taxonomy.base.canAdd ? shapes : [];
  const local = taxonomy.attributes.filter(({ isGlobal }) => !isGlobal);
  const answered = (object: JsonObject): JsonObject => ({ ...object, attributes: answersTo(dice, local, labels) });
  const annotations = Object.fromEntries([
    ...originals.map(([key, { uuid: _, ...original }]) => [key, taxonomy.base.canEdit ? answered(original) : original]),
    ...added.map(([key, object]) => [key, answered(object)]),
  ]) as { [key: string]: JsonObject };
  const globals = answersTo(dice, taxonomy.attributes.filter(({ isGlobal }) => isGlobal), labels);
  return {
    annotations,
    attributes: Object.fromEntries(Object.entries(globals).map(([key, value]) => [key, { value }])),
    links: randomLinks(dice, taxonomy, labels, local),
  };
}

function randomLinks(dice: Dice, taxonomy: Taxonomy, labels: ReadonlyMap<string, string>, local: readonly Attribute[]): { [key: string]: JsonObject } {
  const pairs = taxonomy.links.flatMap(({ label, rules }) => [...labels].flatMap(([from, first]) => [...labels]
    .filter(([to, second]) => to !== from && rules.some((rule) => rule.from.includes(first) && rule.to.includes(second)))
    .map(([to]) => ({ label, from, to }))));
  const chosen = pairs.filter(() => dice.chance(0.3)).slice(0, 3);
  return Object.fromEntries(chosen.map((link, i) => [`l${i}`, { ...link, order: `a${i}`, attributes: answersTo(dice, local, labels) }]));
}

function answersTo(dice: Dice, attributes: readonly Attribute[], labels: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(attributes.flatMap((attribute) => {
    const answer = dice.chance(0.9) ? answerTo(dice, attribute, labels) : null;
    return answer === null ? [] : [[attribute.key, answer]];
  }));
}

function answerTo(dice: Dice, attribute: Attribute, labels: ReadonlyMap<string, string>): Json {
  switch (attribute.type) {
    case "category": return attribute.allowMultiple ? dice.some(leaves(attribute.choices)) : dice.pick(leaves(attribute.choices));
    case "number": {
      if (attribute.key === "image_rotation") return dice.pick([0, 90, 180, 270, 360, -90]);
      const from = attribute.min ?? Math.min(0, attribute.max ?? 0);
      const steps = Math.floor(((attribute.max ?? from + 10 * attribute.step) - from) / attribute.step + 1e-9);
      return from + dice.below(steps + 1) * attribute.step;
    }
    case "angle": return dice.pick([0, 45.5, 359.75, 360]);
    case "text": return dice.pick(["x", "two words", " padded ", "ä→𝄞"]);
    case "linked": {
      const targets = [...labels].filter(([, label]) => attribute.allowedLabels.includes(label)).map(([key]) => key);
      return targets.length === 0 ? null : dice.pick(targets);
    }
    default: return dice.below(20) / 4;
  }
}

function leaves(nodes: readonly { readonly choice: string; readonly children: readonly unknown[] }[]): string[] {
  return nodes.flatMap(({ choice, children }) => (children.length === 0 ? [choice] : leaves(children as typeof nodes)));
}

const ODD: readonly Json[] = [null, "", " ", "car", "nonsense", 0, -1, 1.5, 1e6, true, [], ["x"], ["x", "x"], {}, { x: 1 }];
const MEMBERS = ["type", "label", "left", "top", "width", "height", "rotation", "x", "y", "vertices", "attributes", "from", "to", "order"];

/** A draft with some of its parts replaced by what may not belong there. */
function spoiled(dice: Dice, draft: DraftCollections): DraftCollections {
  let result = draft;
  for (let i = 0; i <= dice.below(3); i++) result = spoiledOnce(dice, result);
  return result;
}

function spoiledOnce(dice: Dice, draft: DraftCollections): DraftCollections {
  const places = Object.entries(draft).flatMap(([name, objects]) => Object.keys(objects).map((key): [string, string] => [name, key]));
  if (places.length === 0) return { annotations: { stray: { type: dice.pick(["box", "circle"]), label: "car" } } };
  const [name, key] = dice.pick(places);
  const objects = draft[name], object = objects[key];
  if (dice.chance(0.15)) return { ...draft, [name]: { ...objects, [`${key}x`]: object } };
  if (dice.chance(0.15)) return { ...draft, [name]: Object.fromEntries(Object.entries(objects).filter(([other]) => other !== key)) };
  return { ...draft, [name]: { ...objects, [key]: name === "attributes" ? { value: dice.pick(ODD) } : spoiledObject(dice, object) } };
}

function spoiledObject(dice: Dice, object: JsonObject): JsonObject {
  const own = MEMBERS.filter((member) => object[member] !== undefined);
  const member = dice.chance(0.85) && own.length > 0 ? dice.pick(own) : dice.pick(MEMBERS);
  const value = object[member];
  if (member === "order") return { ...object, order: dice.pick(["", "a0", "Zz", "b01"]) };
  if (typeof value === "number" && dice.chance(0.7)) return { ...object, [member]: value + dice.pick([-500, -3, -0.25, 0.25, 3, 500]) };
  if (isObject(value) && dice.chance(0.8)) return { ...object, [member]: { ...value, [dice.pick([...Object.keys(value), "stranger", "what is it?"])]: dice.pick(ODD) } };
  if (Array.isArray(value) && value.length > 0 && dice.chance(0.8)) return { ...object, [member]: spoiledList(dice, value) };
  return { ...object, [member]: dice.pick(ODD) };
}

function spoiledList(dice: Dice, list: readonly Json[]): readonly Json[] {
  const at = dice.below(list.length);
  const element = list[at];
  switch (dice.below(4)) {
    case 0: return list.filter((_, i) => i !== at);
    case 1: return [...list, element];
    case 2: return list.map((one, i) => (i === at ? dice.pick(ODD) : one));
    default: return list.map((one, i) => (i === at && isObject(one) ? { ...one, [dice.pick(["x", "y", "description"])]: dice.pick([...ODD, -50, 20, "face-topleft"]) } : one));
  }
}
