import { test } from "node:test";
import assert from "node:assert/strict";
import { collectionsOf, documentFrom, overwrite, type Document } from "../model/document.js";
import { addObject, changeObject } from "../model/plans.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { Editor } from "./Editor.js";
import { MemoryJournal } from "./journal.js";
import { SelectTool } from "./SelectTool.js";
import { NO_MODIFIERS, type Shape } from "./Shape.js";
import type { Tool } from "./Tool.js";
import { TransportError, type LoggedStep, type SendReply, type SendRequest, type Transport } from "./transport.js";

/** A shape that is only a place, so that these tests need none of the real ones. */
const Spot: Shape<{ x: number; y: number }> = {
  type: "spot", noun: "spot",
  read: ({ x, y }) => (typeof x === "number" && typeof y === "number" ? { x, y } : null),
  write: ({ x, y }, object) => ({ ...object, x, y }),
  bounds: ({ x, y }) => ({ left: x, top: y, right: x, bottom: y }),
  area: () => 0,
  points: () => 1,
  nearness: (at, { x, y }) => ({ inside: false, distance: Math.hypot(at.x - x, at.y - y) }),
  outline: (at) => ({ points: [at], closed: false }), handles: () => [], pull: (at) => at, pulled: (handle) => handle, cut: () => null,
  move: (at, dx, dy) => ({ x: at.x + dx, y: at.y + dy }),
  fill: () => undefined, stroke: () => undefined,
};

class Server implements Transport {
  document: Document = documentFrom({});
  log: LoggedStep[] = [];
  submissions: string[] = [];
  refuse: TransportError | null = null;
  reachable = true;
  /** Whether waits end at once. */
  patient = false;
  released = false;
  async send({ writer, steps }: SendRequest): Promise<SendReply> {
    if (!this.reachable) throw new TransportError("offline", "The server cannot be reached.");
    for (const step of steps) {
      if (this.log.some(({ id }) => id === step.id)) continue;
      this.document = overwrite(this.document, step.operations);
      this.log.push({ ...step, writer, revision: this.log.length + 1 });
    }
    return { revision: this.log.length, acknowledged: steps.map(({ id }) => id), missed: [], conflict: null };
  }
  async load() { return { revision: this.log.length, collections: collectionsOf(this.document), history: this.log }; }
  async heartbeat() {}
  async release() { this.released = true; }
  async claim() { return { lease: "l", draft: await this.load() }; }
  async submit({ submission }: { submission: string }) {
    this.submissions.push(submission);
    if (this.refuse !== null) throw this.refuse;
  }
}

async function open(server: Server, journal = new MemoryJournal(), user = "ada", tools: readonly Tool[] = [SelectTool as Tool]): Promise<Editor> {
  return Editor.open({
    transport: server, journal, schedule: (run, wait) => { if (wait <= 4000 && server.patient) run(); return () => undefined; }, work: "w", user, lease: "l", draft: await server.load(),
    taxonomy: readTaxonomy({ geometries: { spot: { objects_to_annotate: ["a", "b"] } } }), picture: { width: 100, height: 100 },
    shapes: [Spot as Shape], fallback: Spot as Shape, tools,
  });
}

const rest = async () => { for (let i = 0; i < 200; i++) await Promise.resolve(); };
const spot = (x: number) => ({ type: "spot", label: "a", x, y: 0 });
const move = (key: string, x: number) => changeObject(key, (object) => ({ ...object, x }));
const places = (editor: Editor) => editor.state.get().items.list.map(({ object }) => object.x);

test("a step is in the journal before it is on the screen", async () => {
  const journal = new MemoryJournal();
  const editor = await open(new Server(), journal);
  const append = journal.append.bind(journal);
  const seen: number[] = [];
  journal.append = async (entry) => {
    seen.push(editor.state.get().items.list.length);
    await append(entry);
    seen.push(editor.state.get().items.list.length);
  };
  await editor.commit(addObject("s", spot(1)));
  assert.deepEqual(seen, [0, 0]);
  assert.deepEqual(places(editor), [1]);
});

test("a step that cannot be journalled is not shown and is told", async () => {
  const journal = new MemoryJournal();
  const editor = await open(new Server(), journal);
  journal.append = async () => { throw new Error("The disk is full."); };
  assert.equal(await editor.commit(addObject("s", spot(1))), false);
  assert.deepEqual(places(editor), []);
  assert.equal(editor.state.get().notice?.text, "This change was not kept: The disk is full.");
});

/** Counts clicks, which Enter makes a spot of. */
const Counter: Tool<number> = {
  id: "spot", name: "Spot", key: "S", draws: "spot", hint: "", start: 0,
  on: (clicks, input) => {
    if (input.kind === "down") return { state: clicks + 1 };
    return input.kind === "key" && input.key === "Enter" ? { state: 0, plan: addObject("s", spot(clicks)), select: "s" } : { state: clicks };
  },
  kept: (clicks) => (clicks > 0 ? clicks : null),
  preview: () => null,
};

test("what is half drawn waits for its tool, and stays in hand when it could not be kept", async () => {
  const journal = new MemoryJournal();
  const editor = await open(new Server(), journal, "ada", [SelectTool as Tool, Counter as Tool]);
  const click = () => {
    for (const kind of ["down", "up"] as const) editor.input({ kind, at: { x: 0, y: 0 }, screen: { x: 0, y: 0 }, ...NO_MODIFIERS });
  };
  const enter = async () => {
    editor.input({ kind: "key", key: "Enter", ...NO_MODIFIERS });
    await editor.quiet();
    await rest();
  };
  editor.setTool("spot");
  click();
  editor.setTool("spot");
  click();
  editor.setTool("select");
  assert.equal(editor.state.get().notice?.text, "The half-drawn spot is kept: its tool goes on with it.");
  editor.setTool("spot");
  click();
  const append = journal.append;
  journal.append = async () => { throw new Error("The disk is full."); };
  await enter();
  assert.deepEqual([places(editor), editor.state.get().selection], [[], []]);
  journal.append = append;
  await enter();
  assert.deepEqual([places(editor), editor.state.get().selection], [[3], ["s"]]);
});

test("plans that come quickly one after another each see what the one before did", async () => {
  const server = new Server();
  const editor = await open(server);
  void editor.commit(addObject("s", spot(0)));
  for (let i = 0; i < 20; i++) void editor.commit(changeObject("s", (object) => ({ ...object, x: (object.x as number) + 1 })));
  await editor.quiet();
  await rest();
  assert.deepEqual(places(editor), [20]);
  assert.deepEqual(server.log.map(({ sequence }) => sequence), Array.from({ length: 21 }, (_, i) => i + 1));
});

test("undo and redo survive a reload of the same browser, also what was undone, and not in another browser", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const first = await open(server, journal);
  await first.commit(addObject("s", spot(1)));
  await first.commit(move("s", 2));
  await first.commit(move("s", 3));
  await first.undo();
  await rest();
  first.close();

  const second = await open(server, journal);
  assert.deepEqual(places(second), [2]);
  await second.redo();
  assert.deepEqual(places(second), [3]);
  await second.undo();
  await second.undo();
  assert.deepEqual(places(second), [1]);
  await rest();
  second.close();

  const elsewhere = await open(server);
  assert.deepEqual(places(elsewhere), [1]);
  assert.equal(elsewhere.state.get().canUndo, false);
});

test("on another machine the same person goes on undoing and redoing, and another person has nothing to take back", async () => {
  const server = new Server();
  const first = await open(server);
  await first.commit(addObject("s", spot(1)));
  await first.commit(move("s", 2));
  await first.commit(move("s", 3));
  await first.undo();
  await rest();
  first.close();
  const log = server.log;

  server.log = log.map((step) => ({ ...step, own: true }));
  const second = await open(server);
  await second.redo();
  assert.deepEqual(places(second), [3]);
  await second.undo();
  await second.undo();
  assert.deepEqual(places(second), [1]);
  await rest();
  second.close();

  server.log = log.map((step) => ({ ...step, own: false }));
  const other = await open(server);
  assert.equal(other.state.get().canUndo || other.state.get().canRedo, false);
});

test("a change that the server cannot store is refused in words before it is kept", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const editor = await open(server, journal);
  assert.equal(await editor.commit(addObject("s", { ...spot(1), note: "x".repeat(9_100_000) })), false);
  assert.equal(editor.state.get().notice?.text, "This change was not kept: it is 10 megabytes large, and 9 are possible. Do it in parts.");
  assert.deepEqual(await journal.waiting("ada"), []);
});

test("what JSON does not have becomes what arrives at the server, before it is shown", async () => {
  const server = new Server();
  const editor = await open(server);
  await editor.commit(addObject("s", { ...spot(1), none: undefined as never, odd: NaN, zero: -0, half: "a\ud83d", whole: "\ud83d\ude00 \\ud83d" }));
  await rest();
  const { order: _, ...kept } = editor.state.get().items.list[0].object;
  assert.deepEqual(kept, { ...spot(1), odd: null, zero: 0, half: "a\ufffd", whole: "\ud83d\ude00 \\ud83d" });
});

test("what was not sent is on the screen and can be undone after a reload without a network", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const first = await open(server, journal);
  server.reachable = false;
  await first.commit(addObject("s", spot(1)));
  await first.commit(move("s", 2));
  first.close();
  const second = await open(server, journal);
  assert.deepEqual(places(second), [2]);
  await second.undo();
  assert.deepEqual(places(second), [1]);
  server.reachable = true;
  second.resume();
  await rest();
  assert.deepEqual(collectionsOf(server.document).annotations.s.x, 1);
});

test("deleting by hand and reloading leaves an undo that brings the object back", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const first = await open(server, journal);
  await first.commit(addObject("s", spot(1)));
  first.remove("s");
  await first.quiet();
  await rest();
  first.close();
  const second = await open(server, journal);
  await second.undo();
  assert.deepEqual(places(second), [1]);
});

test("the same submission is sent with the same id until something changes", async () => {
  const server = new Server();
  const editor = await open(server);
  await editor.commit(addObject("s", spot(1)));
  server.patient = true;
  server.refuse = new TransportError("offline", "The server cannot be reached.");
  await editor.submit();
  await editor.submit();
  await editor.commit(move("s", 2));
  server.refuse = new TransportError("refused", "Not yet.", [{ path: "annotations[0]", message: "No.", key: "s" }]);
  const refused = await editor.submit();
  assert.equal(refused.done, false);
  assert.deepEqual(editor.state.get().serverIssues.map(({ key }) => key), ["s"]);
  assert.equal(server.submissions.length, 9, "each was repeated three times by itself while no answer came");
  assert.equal(new Set(server.submissions.slice(0, 8)).size, 1);
  assert.notEqual(server.submissions[7], server.submissions[8]);
  await editor.commit(move("s", 3));
  assert.deepEqual(editor.state.get().serverIssues, []);
});

test("work is given back only when the server has everything", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const editor = await open(server, journal);
  server.reachable = false;
  await editor.commit(addObject("s", spot(1)));
  assert.equal((await editor.release()).done, false);
  assert.equal(server.released, false);
  server.reachable = true;
  editor.resume();
  assert.deepEqual(await editor.release(), { done: true });
  assert.equal(server.released, true);
  assert.equal(server.log.length, 1);
  assert.deepEqual(await journal.waiting("ada"), []);
});

test("an unfinished drag is no step", async () => {
  const server = new Server();
  const editor = await open(server);
  await editor.commit(addObject("s", spot(10)));
  const at = (x: number) => ({ at: { x, y: 0 }, screen: { x, y: 0 }, shift: false, alt: false, ctrl: false });
  editor.input({ kind: "down", ...at(10) });
  editor.input({ kind: "move", ...at(30) });
  await editor.quiet();
  await rest();
  assert.equal(server.log.length, 1);
  assert.deepEqual((editor.preview.get()?.geometry as { x: number }).x, 30);
  editor.input({ kind: "up", ...at(30) });
  await editor.quiet();
  await rest();
  assert.equal(server.log.length, 2);
  assert.deepEqual(places(editor), [30]);
  assert.equal(editor.preview.get(), null);
});

test("what is being handed in cannot be changed, and can again when it was refused", async () => {
  const server = new Server();
  const editor = await open(server);
  await editor.commit(addObject("s", spot(1)));
  let answer: (error: TransportError | null) => void = () => undefined;
  server.submit = () => new Promise((resolve, reject) => { answer = (error) => { if (error === null) resolve(); else reject(error); }; });
  const refused = editor.submit();
  await rest();
  assert.equal(await editor.commit(move("s", 2)), false);
  answer(new TransportError("refused", "Not yet."));
  assert.equal((await refused).done, false);
  assert.equal(await editor.commit(move("s", 3)), true);
  const accepted = editor.submit();
  await rest();
  assert.equal(await editor.commit(move("s", 4)), false);
  answer(null);
  assert.equal((await accepted).done, true);
  assert.equal(await editor.commit(move("s", 5)), false);
  assert.deepEqual(places(editor), [3]);
});
