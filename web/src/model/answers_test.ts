import { test } from "node:test";
import assert from "node:assert/strict";
import { dialAngle, dialKey, wrapAngle } from "../math/dial.js";
import { lengthWords, pathLength } from "../math/ruler.js";
import { quarterTurn, turnPlace, turnSize, turnTransform, unturn, type Turn } from "../math/turn.js";
import { setAttributes, setLabels, sharedAnswer, sharedQuestions, together } from "./answers.js";
import { apply, collectionsOf, documentFrom, objectAt, type DraftCollections } from "./document.js";
import { readFacts } from "./facts.js";
import { addLink, linkRefusal, readLinks, removeLink, setLinkAttribute, startRefusal, turnLink } from "./links.js";
import { lockWords, refusalOf } from "./permissions.js";
import { removeObject, setAttribute, setLabel, type Plan } from "./plans.js";
import { answerOf, rotationQuestion, settleRotation, turnOf, turnsOf } from "./rotation.js";
import { readTaxonomy } from "./taxonomy.js";

function must<T>(value: T | null): T {
  assert(value !== null);
  return value;
}

const plain = (label: string) => label;
const box = (label: string, more = {}) => ({ type: "box", label, left: 1, top: 2, width: 3, height: 4, attributes: {}, order: "a", ...more });

test("angles of a dial are clockwise from the right and never reach 360", () => {
  assert.equal(dialAngle(1, 0, 1), 0);
  assert.equal(dialAngle(0, 1, 1), 90);
  assert.equal(dialAngle(-1, 0, 1), 180);
  assert.equal(dialAngle(0, -1, 1), 270);
  assert.equal(dialAngle(1, -0.001, 1), 0);
  assert.equal(dialAngle(1, 0.2, 15), 15);
  assert.equal(wrapAngle(-30), 330);
  assert.equal(wrapAngle(359.999), 0);
  assert.equal(dialKey(0, "ArrowLeft", false), 359);
  assert.equal(dialKey(350, "ArrowUp", true), 5);
  assert.equal(dialKey(10, "Home", false), 0);
  assert.equal(dialKey(10, "a", false), null);
});

test("a place of the turned picture goes to the canvas and back", () => {
  const canvas = { width: 300, height: 200 };
  for (const turn of [0, 90, 180, 270] as Turn[]) {
    const size = turnSize(canvas, turn);
    for (const place of [{ x: 0, y: 0 }, { x: size.width, y: 0 }, { x: 17, y: 31 }]) {
      const there = turnPlace(place, canvas, turn);
      assert.deepEqual(unturn(there, canvas, turn), place);
      const [a, b, c, d, e, f] = turnTransform(canvas, turn, 2);
      assert.deepEqual({ x: (a * place.x + c * place.y + e) / 2, y: (b * place.x + d * place.y + f) / 2 }, there);
      assert(there.x >= 0 && there.x <= canvas.width && there.y >= 0 && there.y <= canvas.height);
    }
  }
  // Clockwise: what was at the top left stands at the top right after a quarter.
  assert.deepEqual(turnPlace({ x: 0, y: 0 }, canvas, 90), { x: 300, y: 0 });
  assert.deepEqual([quarterTurn(-90), quarterTurn(450), quarterTurn(46)], [270, 90, 90]);
});

test("lengths are told in the picture's unit where it is known", () => {
  const path = [{ x: 0, y: 0 }, { x: 30, y: 40 }, { x: 30, y: 140 }];
  assert.equal(pathLength(path), 150);
  assert.equal(lengthWords(1234.56, null), "1,234.6 px");
  assert.equal(lengthWords(150, { perPixel: 0.0123, unit: "m" }), "1.845 m · 150 px");
  assert.equal(lengthWords(0, { perPixel: 2, unit: "" }), "0 · 0 px");
  assert.equal(lengthWords(150, { perPixel: 1000, unit: "mm" }), "150,000 mm · 150 px");
});

test("facts of a picture are read from numbers and decimal strings alike", () => {
  const facts = readFacts({ image_metadata: {
    date_time: "2026-03-01T12:00:00Z", location: { lat: "47.1", long: 8.5 }, resolution: { resolution_ratio: 0.02, resolution_unit: "m" },
    camera: { name: "left", lens: [1, 2] }, empty: null,
  } });
  assert.deepEqual(facts, {
    dateTime: "2026-03-01T12:00:00Z", place: { latitude: 47.1, longitude: 8.5 }, resolution: { perPixel: 0.02, unit: "m" },
    others: [{ name: "camera.name", value: "left" }, { name: "camera.lens", value: "1, 2" }],
  });
  assert.deepEqual(readFacts({ image_metadata: { location: { lat: 1 }, resolution: { resolution_ratio: 0 } } }), { dateTime: null, place: null, resolution: null, others: [] });
  assert.deepEqual(readFacts({}).others, []);
});

const LINKED = readTaxonomy({
  geometries: { box: { objects_to_annotate: ["sign", "car", "truck"] } },
  links: {
    sign_for: { is_bidirectional: false, from_allowed_labels: ["sign"], to_allowed_labels: ["car", "truck"] },
    beside: [{ is_bidirectional: true, from_allowed_labels: ["car"], to_allowed_labels: ["truck"] }],
  },
});

test("rules of links are read from one or from an array", () => {
  assert.deepEqual(LINKED.links, [
    { label: "sign_for", rules: [{ from: ["sign"], to: ["car", "truck"], isBidirectional: false }] },
    { label: "beside", rules: [{ from: ["car"], to: ["truck"], isBidirectional: true }] },
  ]);
});

test("a link that no rule admits is refused with a reason", () => {
  const [signFor, beside] = LINKED.links;
  const a = { key: "a", label: "sign" }, b = { key: "b", label: "car" }, c = { key: "c", label: "truck" }, none = { key: "d", label: null };
  const refusal = (kind = signFor, from = a, to = b, links = readLinks(new Map())) => linkRefusal(kind, from, to, links, plain);
  assert.equal(refusal(), null);
  assert.equal(refusal(signFor, b, c), '"sign_for" starts at "sign", not at "car".');
  assert.equal(refusal(signFor, a, a), "A link needs two different objects.");
  assert.equal(refusal(signFor, a, { key: "e", label: "sign" }), 'From "sign", "sign_for" leads to "car" or "truck", not to "sign".');
  assert.equal(linkRefusal(signFor, a, none, [], plain), 'From "sign", "sign_for" leads to "car" or "truck", not to an object without a label.');
  assert.equal(startRefusal(signFor, none, plain), '"sign_for" starts at "sign", not at an object without a label.');
  assert.equal(refusal(beside, b, c), null);
  assert.equal(refusal(beside, c, b), null);
  const links = readLinks(new Map([["l", { label: "beside", from: "b", to: "c" }], ["m", { label: "sign_for", from: "a", to: "b" }], ["n", { label: "broken" }]]));
  assert.equal(links.length, 2);
  assert.equal(refusal(beside, c, b, links), "These two are linked like this already.");
  assert.equal(refusal(signFor, a, b, links), "These two are linked like this already.");
  assert.equal(refusal(signFor, a, c, links), null);
});

test("links are made in order, turned, answered, and go with the objects at their ends in one step", () => {
  let document = documentFrom({ annotations: { a: box("sign"), b: box("car"), c: box("truck") } });
  const run = (plan: Plan) => { document = must(apply(document, plan(document))); };
  run(addLink("l", "sign_for", "a", "b"));
  run(addLink("m", "beside", "b", "c"));
  assert.deepEqual(addLink("n", "beside", "b", "gone")(document), []);
  assert.deepEqual(readLinks(document.get("links") ?? new Map()).map(({ key }) => key), ["l", "m"]);
  run(turnLink("m"));
  run(setLinkAttribute("m", "sure", "yes"));
  assert.deepEqual({ ...objectAt(document, "links", "m"), order: "" }, { label: "beside", from: "c", to: "b", attributes: { sure: "yes" }, order: "" });
  run(setLinkAttribute("m", "sure", null));
  assert.deepEqual(objectAt(document, "links", "m")?.attributes, {});
  run(removeObject("b"));
  assert.deepEqual(Object.keys(collectionsOf(document)), ["annotations"]);
  assert.deepEqual(removeLink("m")(document), []);
});

const BASE = { annotations: [{ uuid: "a", type: "box", label: "car", left: 1, top: 2, width: 3, height: 4 }] };
const permitted = (flags: object) => readTaxonomy({ geometries: { box: { objects_to_annotate: ["car"] } }, base_annotations: BASE, ...flags }).base;
const draft: DraftCollections = { annotations: { a: box("car"), n: box("truck", { attributes: { on: "a" } }) } };

test("each permission refuses what the server would refuse, and nothing else", () => {
  const document = documentFrom(draft);
  const refused = (flags: object, plan: Plan) => refusalOf(permitted(flags), plan(document)) !== null;
  const relabel = setLabel("a", "truck"), answer = setAttribute("a", "x", 1), remove = removeObject("a");
  const add: Plan = () => [{ collection: "annotations", key: "z", before: null, after: box("car") }];
  const raise: Plan = () => [{ collection: "annotations", key: "a", before: box("car"), after: box("car", { order: "b" }) }];
  const table: [object, boolean[]][] = [
    [{}, [false, false, false, false]],
    [{ can_edit_base_annotations: false }, [true, true, false, false]],
    [{ can_edit_base_annotation_labels: false }, [true, false, false, false]],
    [{ can_edit_base_annotations: false, can_edit_base_annotation_labels: true }, [true, true, false, false]],
    [{ can_delete_base_annotations: false }, [false, false, true, false]],
    [{ can_add_base_annotations: false }, [false, false, false, true]],
  ];
  for (const [flags, [labels, edits, removes, adds]] of table) {
    assert.deepEqual([refused(flags, relabel), refused(flags, answer), refused(flags, remove), refused(flags, add)], [labels, edits, removes, adds], JSON.stringify(flags));
    assert.equal(refused(flags, raise), false);
    assert.equal(refused(flags, setLabel("n", "car")), false);
    assert.equal(lockWords(permitted(flags), "n"), null);
  }
  assert.equal(lockWords(permitted({ can_edit_base_annotations: false }), "a"), "The customer's annotation: it may be removed, but neither moved, relabelled nor answered anew.");
  assert.equal(lockWords(permitted({}), "a"), null);
});

test("what a locked annotation refers to cannot be removed", () => {
  const base = readTaxonomy({ base_annotations: { annotations: [{ uuid: "n" }] }, can_edit_base_annotations: false }).base;
  const words = refusalOf(base, removeObject("a")(documentFrom(draft)));
  assert(words !== null && words.includes("refers to it"));
});

test("several objects share the questions that each of them is asked", () => {
  const { attributes } = readTaxonomy({ annotation_attributes: {
    colour: { type: "text", conditions: { label_condition: { label: ["car", "truck"] } } },
    doors: { type: "number", conditions: { label_condition: { label: "car" } } },
    shade: { type: "text", conditions: { attribute_conditions: [{ colour: "red" }] } },
    day: { type: "text", conditions: { is_global: true } },
  } });
  const car = { label: "car", answers: { colour: "red" } }, truck = { label: "truck", answers: { colour: "blue" } };
  assert.deepEqual(sharedQuestions(attributes, [car]).map(({ key }) => key), ["colour", "doors", "shade"]);
  assert.deepEqual(sharedQuestions(attributes, [car, truck]).map(({ key }) => key), ["colour"]);
  assert.deepEqual(sharedQuestions(attributes, []), []);
  assert.deepEqual(sharedAnswer("colour", [car, truck]), { mixed: true });
  assert.deepEqual(sharedAnswer("colour", [car, { ...truck, answers: { colour: "red" } }]), { mixed: false, value: "red" });
  assert.deepEqual(sharedAnswer("doors", [car, truck]), { mixed: false, value: undefined });
});

test("answers and labels of several objects change in one step, with one operation for each", () => {
  const document = documentFrom(draft);
  assert.equal(setAttributes(["a", "n", "gone"], "x", 1)(document).length, 2);
  assert.deepEqual(setLabels(["a", "n"], "car")(document).map(({ key }) => key), ["n"]);
  const both = together([setLabel("a", "truck"), setAttribute("a", "x", 1)])(document);
  assert.equal(both.length, 1);
  assert.notEqual(apply(document, both), null);
  assert.deepEqual(together([setLabel("a", "truck"), setLabel("a", "car")])(document), []);
});

test("the picture's rotation is answered as a number or by a choice, and 0 is written for a picture nobody turned", () => {
  const asks = (attribute: object) => readTaxonomy({ annotation_attributes: { image_rotation: { conditions: { is_global: true }, ...attribute } } });
  const number = must(rotationQuestion(asks({ type: "number", max: 180 })));
  assert.deepEqual(turnsOf(number), [0, 90, 180]);
  const choice = must(rotationQuestion(asks({ choices: ["0", "90°", "270 degrees"] })));
  assert.deepEqual(turnsOf(choice), [0, 90, 270]);
  assert.equal(answerOf(choice, 270), "270 degrees");
  assert.equal(rotationQuestion(asks({ choices: ["up", "down"] })), null);
  assert.equal(rotationQuestion(asks({ type: "text" })), null);
  assert.equal(rotationQuestion(readTaxonomy({ annotation_attributes: { image_rotation: { type: "number" } } })), null);
  assert.equal(turnOf(documentFrom({ attributes: { image_rotation: { value: "90°" } } })), 90);
  assert.equal(turnOf(documentFrom({})), 0);
  const settle = settleRotation(asks({ type: "number" }));
  assert.deepEqual(settle(documentFrom({}))[0]?.after, { value: 0 });
  assert.deepEqual(settle(documentFrom({ attributes: { image_rotation: { value: 90 } } })), []);
});
