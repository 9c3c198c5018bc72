import { test } from "node:test";
import assert from "node:assert/strict";
import { documentFrom, type DraftCollections } from "../model/document.js";
import { readLinks } from "../model/links.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { fallbackShape, shapes } from "./index.js";
import { Items, ItemReader } from "../engine/items.js";
import { RulerTool } from "../engine/RulerTool.js";
import { NO_MODIFIERS } from "../engine/Shape.js";
import type { Input, PointerInput } from "../engine/Tool.js";
import { arrowAt, arrowsOf } from "../engine/hand/arrows.js";
import { EMPTY_HAND, type Hand, type HandContext } from "../engine/hand/context.js";
import { inputToHand } from "../engine/hand/hand.js";
import { linkedAnswers } from "../engine/hand/linkedAnswers.js";
import { frameOf, lineEnds, linesOf, offsetAt } from "../engine/hand/lines.js";
import { candidates } from "../engine/hand/picking.js";

const TAXONOMY = readTaxonomy({
  geometries: { box: { objects_to_annotate: ["car", "sign", "person"], can_rotate: true } },
  annotation_attributes: {
    axle: { type: "x_line", description: "Axle", conditions: { label_condition: { label: "car" } } },
    owner: { type: "linked", description: "Owner", allowed_labels: ["person"] },
  },
  links: { sign_for: { is_bidirectional: false, from_allowed_labels: ["sign"], to_allowed_labels: ["car"] } },
});
const box = (label: string, left: number, top: number, more = {}) => ({ type: "box", label, left, top, width: 20, height: 10, attributes: {}, order: label, ...more });
const DRAFT: DraftCollections = { annotations: { c: box("car", 0, 0, { attributes: { axle: 5 } }), s: box("sign", 60, 0), p: box("person", 0, 60) } };

function itemsOf(draft: DraftCollections): Items {
  return new ItemReader(shapes, fallbackShape as never).read(documentFrom(draft).get("annotations") ?? new Map());
}

function context(draft: DraftCollections = DRAFT, selection: readonly string[] = []): HandContext {
  return {
    view: { scale: 2, x: 0, y: 0 }, limits: { left: 0, top: 0, right: 100, bottom: 100 }, taxonomy: TAXONOMY, items: itemsOf(draft), selection, label: null, tolerance: 3, integers: false, camera: null,
    locked: () => false, removable: () => true, hidden: () => false, snap: (point) => point, newKey: () => "new", links: readLinks(documentFrom(draft).get("links") ?? new Map()), selecting: true, name: (label) => label,
  };
}

const at = (kind: PointerInput["kind"], x: number, y: number): Input => ({ ...NO_MODIFIERS, kind, at: { x, y }, screen: { x: x * 2, y: y * 2 } });
const key = (name: string): Input => ({ ...NO_MODIFIERS, kind: "key", key: name });
const owner = TAXONOMY.attributes[1], kind = TAXONOMY.links[0];
const picking = (pick: NonNullable<Hand["picking"]>["pick"]): Hand => ({ ...EMPTY_HAND, picking: { pick, pointer: null, over: null } });
function must<T>(value: T | null | undefined): T {
  assert(value !== null && value !== undefined);
  return value;
}

test("an answer is picked from the objects that may be it, and others say why not", () => {
  const hand = picking({ kind: "answer", attribute: owner, of: "objects", keys: ["c"] });
  assert.deepEqual(candidates(must(hand.picking).pick, context()).map((item) => item.key), ["p"]);
  const refused = must(inputToHand(hand, at("down", 70, 5), context()));
  assert.equal(refused.notice, 'The answer must be "person", not "sign".');
  assert(refused.plan === undefined && refused.hand.picking !== null);
  assert.equal(must(inputToHand(hand, at("down", 5, 5), context())).notice, "An object cannot be the answer to its own question.");
  const picked = must(inputToHand(hand, at("down", 10, 65), context()));
  assert.deepEqual(must(picked.plan)(documentFrom(DRAFT))[0].after, { ...DRAFT.annotations.c, attributes: { axle: 5, owner: "p" } });
  assert.equal(picked.hand.picking, null);
  assert.equal(must(inputToHand(hand, { kind: "cancel" }, context())).hand.picking, null);
  assert.equal(must(inputToHand(hand, at("down", 95, 95), context())).plan, undefined);
});

test("a link is picked end by end, and Esc gives up one end at a time", () => {
  const start = picking({ kind: "link", link: kind, from: null });
  assert.equal(must(inputToHand(start, at("down", 5, 5), context())).notice, '"sign_for" starts at "sign", not at "car".');
  const half = must(inputToHand(start, at("down", 70, 5), context())).hand;
  assert.deepEqual(must(half.picking).pick, { kind: "link", link: kind, from: "s" });
  const made = must(inputToHand(half, at("down", 5, 5), context()));
  assert.deepEqual(must(made.plan)(documentFrom(DRAFT))[0].after, { label: "sign_for", from: "s", to: "c", attributes: {}, order: "a0" });
  assert.equal(made.hand.link, "new");
  assert(made.deselect === true);
  const given = must(inputToHand(half, { kind: "cancel" }, context())).hand;
  assert.equal((must(given.picking).pick as { from: string | null }).from, null);
  assert.equal(must(inputToHand(given, { kind: "cancel" }, context())).hand.picking, null);
});

test("the arrows go through what can be picked, and Enter picks", () => {
  const hand = picking({ kind: "link", link: kind, from: "s" });
  const over = must(inputToHand(hand, key("ArrowDown"), context())).hand;
  assert.equal(must(over.picking).over, "c");
  assert.equal(must(must(inputToHand(over, key("ArrowLeft"), context())).hand.picking).over, "c");
  assert(must(inputToHand(over, key("Enter"), context())).plan !== undefined);
  assert.equal(must(inputToHand(hand, key("Enter"), context())).plan, undefined);
});

test("a line across an object is taken hold of, dragged within it and written at the end", () => {
  const selected = context(DRAFT, ["c"]);
  assert.equal(inputToHand(EMPTY_HAND, at("down", 5, 8), context()), null);
  assert.equal(must(inputToHand(EMPTY_HAND, at("move", 5, 7), selected)).cursor, "col-resize");
  const held = must(inputToHand(EMPTY_HAND, at("down", 5, 7), selected)).hand;
  assert.deepEqual(held.line, { key: "c", attribute: "axle", axis: "x", value: 5, held: true });
  const dragged = must(inputToHand(held, at("move", 99, 50), selected)).hand;
  assert.equal(must(dragged.line).value, 20);
  const done = must(inputToHand(dragged, at("up", 12.345, 5), selected));
  assert.deepEqual(must(done.plan)(documentFrom(DRAFT))[0].after, { ...DRAFT.annotations.c, attributes: { axle: 12.35 } });
  assert.equal(must(inputToHand(dragged, { kind: "cancel" }, selected)).plan, undefined);
  // Not while the object is locked, and not where a handle is.
  assert.equal(inputToHand(EMPTY_HAND, at("down", 5, 7), { ...selected, locked: () => true }), null);
  const corner = context({ annotations: { c: box("car", 0, 0, { attributes: { axle: 10 } }) } }, ["c"]);
  assert.equal(inputToHand(EMPTY_HAND, at("down", 10, 0), corner), null);
});

test("offsets are counted in the frame of the box before it was turned", () => {
  const turned = must(itemsOf({ annotations: { c: box("car", 0, 0, { rotation: Math.PI / 2, attributes: { axle: 5 } }) } }).get("c"));
  const frame = frameOf(turned);
  const [a, b] = lineEnds(frame, "x", 5);
  // Upright, the box lies from x 5 to 15 and y -5 to 15; its left side is up.
  assert.deepEqual([a, b].map(({ x, y }) => [Math.round(x), Math.abs(Math.round(y))]), [[15, 0], [5, 0]]);
  assert.equal(offsetAt(frame, "x", { x: 10, y: 0 }), 5);
  assert.equal(linesOf(turned, TAXONOMY.attributes).length, 1);
});

test("an arrow leads from border to border, is clicked on and removed with the key for objects", () => {
  const draft = { ...DRAFT, links: { l: { label: "sign_for", from: "s", to: "c", order: "a" }, gone: { label: "sign_for", from: "s", to: "nothing" } } };
  const linked = context(draft);
  const arrows = arrowsOf(linked.links, linked.items, () => false);
  assert.equal(arrows.length, 1);
  const { points } = arrows[0];
  assert(points[0].x <= 60.1 && points[0].x > 55 && points[points.length - 1].x >= 19.9 && points[points.length - 1].x < 25);
  assert.equal(arrowsOf(linked.links, linked.items, (one) => one === "c").length, 0);
  const middle = arrows[0].middle;
  assert.equal(arrowAt(arrows, { x: middle.x, y: middle.y + 20 }, 3), null);
  const chosen = must(inputToHand(EMPTY_HAND, at("down", middle.x, middle.y + 1), linked));
  assert.equal(chosen.hand.link, "l");
  assert.equal(inputToHand(EMPTY_HAND, at("down", middle.x, middle.y + 1), { ...linked, selecting: false }), null);
  const removed = must(inputToHand(chosen.hand, key("Delete"), linked));
  assert.equal(must(removed.plan)(documentFrom(draft))[0].after, null);
  assert.equal(inputToHand(EMPTY_HAND, key("Delete"), linked), null);
});

test("answers that name another object are arrows too, as long as they are asked", () => {
  const owned = { ...DRAFT.annotations, c: box("car", 0, 0, { attributes: { owner: "p" } }), s: box("sign", 60, 0, { attributes: { owner: 5 } }) };
  const items = itemsOf({ annotations: owned });
  const answers = linkedAnswers(items, TAXONOMY.attributes);
  assert.deepEqual(answers.map(({ key, label, from, to }) => [key, label, from, to]), [["c owner", "Owner", "c", "p"]]);
  assert.equal(linkedAnswers(items, TAXONOMY.attributes), answers);
});

test("the ruler measures by dragging and along clicks, and keeps its path to be read", () => {
  const run = (inputs: readonly Input[]) => inputs.reduce((state, input) => RulerTool.on(state, input, context()).state, RulerTool.start);
  const points = (inputs: readonly Input[]) => RulerTool.preview(run(inputs), context())?.geometry ?? null;
  assert.deepEqual(points([at("down", 0, 0), at("move", 3, 4), at("up", 30, 40)]), [{ x: 0, y: 0 }, { x: 30, y: 40 }]);
  const clicks = [at("down", 0, 0), at("up", 0, 0), at("move", 10, 0), at("down", 10, 0), at("up", 10, 0), at("move", 10, 10)];
  assert.deepEqual(points(clicks), [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }]);
  assert.deepEqual(points([...clicks, key("Enter"), at("move", 50, 50)]), [{ x: 0, y: 0 }, { x: 10, y: 0 }]);
  assert.equal(points([...clicks, key("Backspace"), key("Enter")]), null);
  assert.equal(points([...clicks, { kind: "cancel" }]), null);
  assert.equal(RulerTool.on(RulerTool.start, { kind: "cancel" }, context()).handled, false);
});
