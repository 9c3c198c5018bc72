import { test } from "node:test";
import assert from "node:assert/strict";
import { seeded } from "../math/random.js";
import {
  apply, collectionsOf, documentFrom, inverse, objectAt, overwrite, rebase, settle, type Document, type Operation, type Step,
} from "./document.js";
import { EMPTY_HISTORY, forget, rebuild, record, redoOperations, undoOperations, type Mark } from "./history.js";
import { sameJson, type JsonObject } from "./json.js";
import { addObject, removeObject, setAttribute, setGlobalAttribute, setLabel } from "./plans.js";

const put = (key: string, before: JsonObject | null, after: JsonObject | null): Operation => ({ collection: "annotations", key, before, after });
const step = (sequence: number, ...operations: Operation[]): Step => ({ id: `s${sequence}`, sequence, operations });
const same = (a: Document, b: Document) => sameJson(collectionsOf(a) as never, collectionsOf(b) as never);

test("values are compared, not their texts", () => {
  assert(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }));
  assert(!sameJson({ a: 1 }, { a: 1, b: null }));
  assert(!sameJson([1], { 0: 1 }));
  assert(!sameJson(null, {}));
});

test("operations apply all together or not at all", () => {
  const document = documentFrom({ annotations: { a: { v: 1 } } });
  assert.equal(apply(document, [put("b", null, { v: 2 }), put("a", { v: 9 }, { v: 3 })]), null);
  const next = apply(document, [put("b", null, { v: 2 }), put("b", { v: 2 }, { v: 3 }), put("a", { v: 1 }, null)]);
  assert.deepEqual(next && collectionsOf(next), { annotations: { b: { v: 3 } } });
  assert.deepEqual(collectionsOf(document), { annotations: { a: { v: 1 } } });
});

test("the inverse of random operations restores the document exactly", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed);
    let document = documentFrom({ annotations: { a: { v: 0 }, b: { v: 0 } } });
    const start = document;
    const log: Operation[][] = [];
    for (let i = 0; i < 20; i++) {
      const operations: Operation[] = [];
      let working = document;
      for (let j = 0; j <= random() * 3; j++) {
        const key = "abcd"[Math.floor(random() * 4)];
        const operation = put(key, objectAt(working, "annotations", key), random() < 0.3 ? null : { v: Math.floor(random() * 9) });
        operations.push(operation);
        working = overwrite(working, [operation]);
      }
      const next = apply(document, operations);
      assert(next !== null, `seed ${seed}`);
      document = next;
      log.push(operations);
    }
    for (const operations of log.reverse()) document = apply(document, inverse(operations)) as Document;
    assert(same(document, start), `seed ${seed}`);
  }
});

test("steps on other objects follow a changed base without a conflict", () => {
  const base = documentFrom({ annotations: { theirs: { v: 5 } } });
  const { document, conflicts } = rebase(base, [step(1, put("mine", null, { v: 1 })), step(2, put("mine", { v: 1 }, { v: 2 }))]);
  assert.deepEqual(conflicts, []);
  assert.deepEqual(collectionsOf(document), { annotations: { theirs: { v: 5 }, mine: { v: 2 } } });
});

test("a conflict shows both versions, and each choice leads to what it says", () => {
  const base = documentFrom({ annotations: { a: { v: "theirs" }, b: { v: 1 } } });
  const steps = [
    step(1, put("a", { v: "old" }, { v: "mine" }), put("b", { v: 1 }, { v: 2 })),
    step(2, put("a", { v: "mine" }, { v: "mine, later" })),
  ];
  const { conflicts } = rebase(base, steps);
  assert.deepEqual(conflicts, [{ collection: "annotations", key: "a", mine: { v: "mine, later" }, theirs: { v: "theirs" } }]);
  const kept = settle(base, steps, () => "mine");
  assert.deepEqual(rebase(base, kept).conflicts, []);
  assert.deepEqual(collectionsOf(rebase(base, kept).document), { annotations: { a: { v: "mine, later" }, b: { v: 2 } } });
  const taken = settle(base, steps, (_, key) => (key === "a" ? "theirs" : "mine"));
  assert.deepEqual(taken.map(({ id }) => id), ["s1"]);
  assert.deepEqual(collectionsOf(rebase(base, taken).document), { annotations: { a: { v: "theirs" }, b: { v: 2 } } });
});

test("two writers who did the same have nothing to choose", () => {
  const base = documentFrom({ annotations: { a: { v: 2 } } });
  const steps = [step(1, put("a", { v: 1 }, { v: 2 }))];
  assert.deepEqual(rebase(base, steps).conflicts, []);
  assert.deepEqual(settle(base, steps, () => "mine"), []);
});

test("undo and redo walk back and forth, and a new edit ends the way forward", () => {
  let history = record(record(EMPTY_HISTORY, step(1, put("a", null, { v: 1 })), "edit"), step(2, put("a", { v: 1 }, { v: 2 })), "edit");
  assert.deepEqual(undoOperations(history), [put("a", { v: 2 }, { v: 1 })]);
  history = record(history, step(3, put("a", { v: 2 }, { v: 1 })), "undo");
  assert.deepEqual(undoOperations(history), [put("a", { v: 1 }, null)]);
  assert.deepEqual(redoOperations(history), [put("a", { v: 1 }, { v: 2 })]);
  history = record(history, step(4, put("a", { v: 1 }, { v: 2 })), "redo");
  assert.equal(redoOperations(history), null);
  assert.deepEqual(undoOperations(history), [put("a", { v: 2 }, { v: 1 })]);
  history = record(history, step(5, put("a", { v: 2 }, { v: 1 })), "undo");
  history = record(history, step(6, put("b", null, { v: 1 })), "edit");
  assert.equal(redoOperations(history), null);
  assert.equal(undoOperations(forget(forget(history, "undo"), "undo")), null);
});

test("undo all and redo all return to the same documents, and the rebuilt history equals the lived one", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seeded(seed);
    let document = documentFrom({});
    let history = EMPTY_HISTORY;
    const log: { step: Step; mark: Mark }[] = [];
    const perform = (operations: readonly Operation[] | null, mark: Mark) => {
      if (operations === null) return;
      const next = apply(document, operations);
      assert(next !== null, `seed ${seed}`);
      document = next;
      const made = step(log.length + 1, ...operations);
      log.push({ step: made, mark });
      history = record(history, made, mark);
    };
    for (let i = 0; i < 60; i++) {
      const dice = random();
      if (dice < 0.25) perform(undoOperations(history), "undo");
      else if (dice < 0.4) perform(redoOperations(history), "redo");
      else {
        const key = "abc"[Math.floor(random() * 3)];
        perform([put(key, objectAt(document, "annotations", key), random() < 0.2 ? null : { v: i })], "edit");
      }
    }
    const marks = new Map(log.map(({ step: made, mark }) => [made.id, mark]));
    assert.deepEqual(rebuild(log.map((entry) => entry.step), ({ id }) => marks.get(id) ?? "edit"), history);
    const end = document;
    let count = 0;
    for (; undoOperations(history) !== null; count++) perform(undoOperations(history), "undo");
    assert(same(document, documentFrom({})), `seed ${seed}`);
    for (; count > 0; count--) perform(redoOperations(history), "redo");
    assert(same(document, end), `seed ${seed}`);
  }
});

test("plans see the document as it is at their turn and do nothing when there is nothing to do", () => {
  const document = documentFrom({ annotations: { a: { label: "car", order: "a3", attributes: { x: 1 } } } });
  assert.deepEqual(addObject("b", { label: null })(document)[0].after, { label: null, order: "a4" });
  assert.deepEqual(setLabel("a", "car")(document), []);
  assert.deepEqual(setLabel("gone", "car")(document), []);
  assert.deepEqual(setAttribute("a", "x", null)(document)[0].after, { label: "car", order: "a3", attributes: {} });
  assert.deepEqual(setGlobalAttribute("night", "yes")(document)[0], { collection: "attributes", key: "night", before: null, after: { value: "yes" } });
});

test("removing an object removes its links and the answers that point to it, in one step", () => {
  const document = documentFrom({
    annotations: { dog: { attributes: { looking_at: "cat", age: 3 } }, cat: { attributes: {} } },
    links: { l1: { from: "dog", to: "cat" }, l2: { from: "x", to: "y" } },
  });
  const next = apply(document, removeObject("cat")(document));
  assert.deepEqual(next && collectionsOf(next), { annotations: { dog: { attributes: { age: 3 } } }, links: { l2: { from: "x", to: "y" } } });
});
