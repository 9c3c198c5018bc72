import { test } from "node:test";
import assert from "node:assert/strict";
import { Editor } from "../engine/Editor.js";
import { MemoryJournal } from "../engine/journal.js";
import { Review } from "../engine/Review.js";
import type { SendRequest, Transport } from "../engine/transport.js";
import type { DraftCollections } from "../model/document.js";
import { removeObject, setLabel } from "../model/plans.js";
import type { ReviewRecord, Thread } from "../model/review.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { fallbackShape, shapes, tools } from "./index.js";

const box = (left: number, label = "car") => ({ type: "box", label, left, top: 0, width: 10, height: 10, order: `a${left}` });
const ANSWER: DraftCollections = { annotations: { a: box(0), b: box(20), c: box(40) } };

const RECORD: ReviewRecord = {
  kind: "review", level: 1, levels: 1, attempt: 1, compare: 1, again: false, before: {}, reviews: [], threads: [],
  versions: [{ version: 1, work: "w0", kind: "label", level: 0, by: { id: "u", name: "Lena", own: false }, at: "2026-01-01T00:00:00.000Z", objects: 3, final: false }],
};

/** A server that takes every step. */
const SERVER: Transport = {
  send: async ({ steps }: SendRequest) => ({ revision: steps.length, acknowledged: steps.map(({ id }) => id), missed: [], conflict: null }),
  load: async () => ({ revision: 0, collections: ANSWER, history: [] }),
  heartbeat: async () => undefined, release: async () => undefined, submit: async () => undefined, claim: async () => null,
};

async function open(record: Partial<ReviewRecord> = {}, was: DraftCollections = ANSWER, draft: DraftCollections = ANSWER): Promise<{ review: Review; editor: Editor; said: string[] }> {
  const editor = await Editor.open({
    transport: SERVER, journal: new MemoryJournal(), schedule: () => () => undefined, work: "w", user: "u", lease: "l", draft: { revision: 0, collections: draft, history: [] },
    taxonomy: readTaxonomy({ geometries: { box: { objects_to_annotate: ["car", "bus"] } } }), picture: { width: 100, height: 100 }, shapes, fallback: fallbackShape, tools,
  });
  const said: string[] = [];
  const review = await Review.open(editor, {
    record: async () => ({ ...RECORD, ...record }), version: async () => was,
    comment: async (_lease, { id, text, object, x, y }): Promise<Thread> => {
      said.push(text);
      return { id, object: object ?? null, at: x === undefined || y === undefined ? null : { x, y }, resolved: null, comments: [{ id, by: { id: "r", name: "Rita", own: true }, at: "2026-01-02T00:00:00.000Z", text }] };
    },
    resolve: async () => assert.equal("nothing is settled", "here") as never,
  });
  return { review, editor, said };
}

const shown = (editor: Editor) => editor.state.get().shown.list.map(({ key }) => key);

test("a verdict is a step of the draft, leads on to the next object, and is taken back by undo", async () => {
  const { review, editor } = await open();
  editor.select("a");
  await review.decide("accepted");
  assert.deepEqual([review.verdict("a"), editor.state.get().selection], ["accepted", ["b"]]);
  await review.decide("rejected");
  assert.deepEqual([review.verdict("b"), review.count("rejected"), review.count("open")], ["rejected", 1, 1]);
  await editor.undo();
  assert.equal(review.verdict("b"), null);
  editor.select("a");
  await review.decide("accepted");
  assert.equal(review.verdict("a"), null, "the same verdict again takes it back");
});

test("who has seen it before sees only what changed, and what was accepted stays so as long as it is the same", async () => {
  const was: DraftCollections = { annotations: { a: box(0), b: box(20), c: box(40), gone: box(60) } };
  const now: DraftCollections = { annotations: { a: box(0), b: box(25), c: box(40) } };
  const { review, editor } = await open({ again: true, before: { a: "accepted", b: "accepted", c: "rejected" } }, was, now);
  assert.deepEqual([review.state.get().filter, shown(editor)], ["changed", ["b"]]);
  assert.deepEqual(["a", "b", "c"].map((key) => review.verdict(key)), ["accepted", null, null]);
  assert.deepEqual(review.removed().map(({ key }) => key), ["gone"]);
  await editor.commit(setLabel("a", "bus"));
  assert.equal(review.verdict("a"), null, "it is not what was accepted any more");
  review.filter("all");
  assert.deepEqual(shown(editor), ["a", "b", "c"]);
});

test("how it was can be looked at, and nothing is changed meanwhile", async () => {
  const { review, editor } = await open();
  await editor.commit(removeObject("c"));
  review.lookBack(true);
  assert.deepEqual(shown(editor), ["a", "b", "c"]);
  assert.equal(await editor.commit(removeObject("a")), false);
  review.lookBack(false);
  assert.deepEqual(shown(editor), ["a", "b"]);
  assert.deepEqual([...review.state.get().changes.removed.keys()], ["c"]);
});

test("who gets it back sees what was rejected, and what is drawn meanwhile", async () => {
  const { review, editor } = await open({ kind: "redo", before: { b: "rejected" } });
  assert.deepEqual([review.state.get().filter, shown(editor)], ["rejected", ["b"]]);
  await editor.commit(() => [{ collection: "annotations", key: "new", before: null, after: box(70) }]);
  assert.deepEqual(shown(editor), ["b", "new"]);
  editor.select("b");
  await review.decide("accepted");
  assert.equal(review.verdict("b"), "rejected", "only reviews decide");
});

test("a comment is about the selected object and counts as a reason to send it back", async () => {
  const { review, editor, said } = await open();
  editor.select("b");
  review.begin();
  assert.deepEqual(review.state.get().beginning, { object: "b", at: { x: 30, y: 0 } });
  assert.equal(await review.write("Too large.", null), null);
  const { record, thread, beginning } = review.state.get();
  assert.deepEqual([said, record.threads.length, beginning], [["Too large."], 1, null]);
  assert.equal(record.threads[0].id, thread);
  assert.deepEqual(review.reasons(), { comments: 1, rejected: 0 });
});
