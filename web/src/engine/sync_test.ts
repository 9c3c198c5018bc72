import { test } from "node:test";
import assert from "node:assert/strict";
import { seeded } from "../math/random.js";
import { collectionsOf, documentFrom, objectAt, overwrite, type Document, type Operation } from "../model/document.js";
import { sameJson, type JsonObject } from "../model/json.js";
import { MemoryJournal, type Journal, type JournalEntry } from "./journal.js";
import { saveWords } from "./saveWords.js";
import { Sender } from "./Sender.js";
import { TransportError, type LoggedStep, type SendReply, type SendRequest, type ServerDraft, type Transport } from "./transport.js";

/** The server's half of the protocol, as far as it can be seen from outside. */
class Server {
  document: Document = documentFrom({ annotations: { shared: { v: 0 } } });
  log: LoggedStep[] = [];
  leases = new Set(["lease"]);
  listsOwn = false;
  /** How many missed steps a reply holds at most. */
  listsAtMost = Infinity;

  draft(): ServerDraft {
    return { revision: this.log.length, collections: collectionsOf(this.document), history: this.log.slice(-200) };
  }

  send({ lease, writer, steps, after }: SendRequest): SendReply {
    if (!this.leases.has(lease)) throw new TransportError("lease-lost", "The lease is lost.");
    const missed = this.log.slice(after).filter((step) => this.listsOwn || step.writer !== writer).slice(-this.listsAtMost);
    const acknowledged: string[] = [];
    for (const step of [...steps].sort((a, b) => a.sequence - b.sequence)) {
      if (!this.log.some(({ id }) => id === step.id)) {
        const wrong = this.conflictOf(step.operations);
        if (wrong !== undefined) {
          const current = objectAt(this.document, wrong.collection, wrong.key);
          return { revision: this.log.length, acknowledged, missed, conflict: { step: step.id, collection: wrong.collection, key: wrong.key, current } };
        }
        this.document = overwrite(this.document, step.operations);
        this.log.push({ ...step, writer, revision: this.log.length + 1 });
      }
      acknowledged.push(step.id);
    }
    return { revision: this.log.length, acknowledged, missed, conflict: null };
  }

  conflictOf(operations: readonly Operation[]): Operation | undefined {
    let document = this.document;
    return operations.find((operation) => {
      if (!sameJson(objectAt(document, operation.collection, operation.key), operation.before)) return true;
      document = overwrite(document, [operation]);
      return false;
    });
  }
}

type Fault = "none" | "request lost" | "reply lost" | "signed out";

class Network implements Transport {
  fault: () => Fault = () => "none";
  sent = 0;
  constructor(readonly server: Server) {}

  async #call<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    const fault = this.fault();
    if (fault === "request lost") throw new TransportError("offline", "The server cannot be reached.");
    if (fault === "signed out") throw new TransportError("signed-out", "Please sign in.");
    const result = work();
    await Promise.resolve();
    if (fault === "reply lost") throw new TransportError("offline", "The server cannot be reached.");
    return result;
  }

  send(request: SendRequest): Promise<SendReply> { this.sent += 1; return this.#call(() => this.server.send(request)); }
  load(): Promise<ServerDraft> { return this.#call(() => this.server.draft()); }
  heartbeat(): Promise<void> { return this.#call(() => undefined); }
  claim(): Promise<{ lease: string; draft: ServerDraft }> { return this.#call(() => ({ lease: "lease", draft: this.server.draft() })); }
  release(): Promise<void> { return this.#call(() => undefined); }
  submit(): Promise<void> { return this.#call(() => undefined); }
}

/** One browser tab: a sender with its journal, and the retries that are due. */
class Tab {
  sequence = 0;
  private constructor(readonly writer: string, readonly journal: Journal, readonly due: (() => void)[], readonly sender: Sender) {}

  /** `dropped` collects the steps that a choice took away. */
  static async open(writer: string, journal: Journal, network: Network, dropped = new Set<string>()): Promise<Tab> {
    const { entries } = await journal.open("w", writer.split(" ")[0], writer);
    const due: (() => void)[] = [];
    const sender = new Sender({
      transport: network, journal, lease: "lease", draft: network.server.draft(), entries,
      schedule: (run) => { due.push(run); return () => { const at = due.indexOf(run); if (at >= 0) due.splice(at, 1); }; },
      onChange: () => undefined,
      onRewrite: (left, replaced) => { for (const { id } of replaced) if (!left.some((entry) => entry.id === id)) dropped.add(id); },
    });
    await sender.start();
    return new Tab(writer, journal, due, sender);
  }

  async edit(key: string, after: JsonObject | null): Promise<string> {
    const before = objectAt(this.sender.document, "annotations", key);
    const entry: JournalEntry = {
      id: `${this.writer}#${++this.sequence}`, sequence: this.sequence, mark: "edit", known: this.sender.revision, work: "w", user: this.writer.split(" ")[0], writer: this.writer,
      operations: [{ collection: "annotations", key, before, after }],
    };
    await this.journal.append(entry);
    this.sender.enqueue(entry);
    return entry.id;
  }

  async rest(): Promise<void> {
    for (let i = 0; i < 400; i++) await Promise.resolve();
  }

  async waitAndRetry(): Promise<void> {
    for (const run of this.due.splice(0)) run();
    await this.rest();
  }
}

const open = async (server = new Server()) => {
  const network = new Network(server);
  return { server, network, tab: await Tab.open("ada 1", new MemoryJournal(true), network) };
};
const unsent = async (journal: Journal, user = "ada") => (await journal.waiting(user)).reduce((sum, { count }) => sum + count, 0);

test("a step is sent, acknowledged and only then leaves the journal", async () => {
  const { server, tab } = await open();
  await tab.edit("a", { v: 1 });
  assert.equal(await unsent(tab.journal), 1);
  await tab.rest();
  assert.equal(await unsent(tab.journal), 0);
  assert.deepEqual(collectionsOf(server.document), { annotations: { shared: { v: 0 }, a: { v: 1 } } });
  assert.equal(saveWords(tab.sender.state).text, "Saved");
});

test("without a network steps are kept and counted, and sent in order afterwards", async () => {
  const { server, network, tab } = await open();
  network.fault = () => "request lost";
  for (let i = 1; i <= 12; i++) await tab.edit("a", { v: i });
  await tab.rest();
  assert.equal(saveWords(tab.sender.state).text, "Offline, 12 kept on this computer");
  assert.equal(saveWords({ ...tab.sender.state, kept: false }).text, "Offline, 12 kept in this tab only");
  network.fault = () => "none";
  await tab.waitAndRetry();
  assert.equal(saveWords(tab.sender.state).text, "Saved");
  assert.deepEqual(server.log.map(({ sequence }) => sequence), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("a lost reply doubles nothing", async () => {
  const { server, network, tab } = await open();
  let first = true;
  network.fault = () => { const lost = first; first = false; return lost ? "reply lost" : "none"; };
  await tab.edit("a", { v: 1 });
  await tab.rest();
  await tab.waitAndRetry();
  assert.equal(server.log.length, 1);
  assert.equal(await unsent(tab.journal), 0);
  assert.equal(tab.sender.state.phase, "idle");
});

test("a lost session stops the sending until the person has signed in", async () => {
  const { server, network, tab } = await open();
  network.fault = () => "signed out";
  await tab.edit("a", { v: 1 });
  await tab.rest();
  assert.equal(saveWords(tab.sender.state).text, "Signed out, 1 kept on this computer");
  network.fault = () => "none";
  await tab.waitAndRetry();
  assert.equal(server.log.length, 0);
  tab.sender.resume();
  await tab.rest();
  assert.equal(server.log.length, 1);
});

test("a killed tab loses nothing: the next one sends what the journal has", async () => {
  const { server, network, tab } = await open();
  network.fault = () => "request lost";
  await tab.edit("a", { v: 1 });
  await tab.edit("b", { v: 2 });
  await tab.rest();
  tab.sender.stop();
  network.fault = () => "none";
  const next = await Tab.open("ada 2", tab.journal, network);
  assert.deepEqual(objectAt(next.sender.document, "annotations", "b"), { v: 2 });
  await next.rest();
  assert.deepEqual(server.log.map(({ id }) => id), ["ada 1#1", "ada 1#2"]);
  assert.equal(await unsent(tab.journal), 0);
});

test("another person on the same computer does not send my steps", async () => {
  const { network, tab } = await open();
  network.fault = () => "request lost";
  await tab.edit("a", { v: 1 });
  await tab.rest();
  network.fault = () => "none";
  const other = await Tab.open("bob 1", tab.journal, network);
  await other.rest();
  assert.equal(network.server.log.length, 0);
  assert.equal(await unsent(tab.journal), 1);
});

test("what others did meanwhile appears, and a change of the same object is a conflict that the person decides", async () => {
  for (const choice of ["mine", "theirs"] as const) {
    const { server, network, tab } = await open();
    const other = await Tab.open("bob 1", new MemoryJournal(true), network);
    await other.edit("shared", { v: "bob" });
    await other.edit("bobs", { v: 1 });
    await other.rest();
    await tab.edit("shared", { v: "ada" });
    await tab.edit("adas", { v: 1 });
    await tab.rest();
    assert.equal(tab.sender.state.phase, "conflict");
    assert.deepEqual(tab.sender.state.conflicts, [{ collection: "annotations", key: "shared", mine: { v: "ada" }, theirs: { v: "bob" } }]);
    assert.deepEqual(objectAt(tab.sender.document, "annotations", "bobs"), { v: 1 });
    await tab.sender.choose(() => choice);
    await tab.rest();
    assert.equal(saveWords(tab.sender.state).text, "Saved");
    assert.deepEqual(objectAt(server.document, "annotations", "shared"), { v: choice === "mine" ? "ada" : "bob" });
    assert.deepEqual(objectAt(server.document, "annotations", "adas"), { v: 1 });
    assert.equal(await unsent(tab.journal), 0);
  }
});

test("a step that is made while a choice is carried out is neither lost nor overtaken", async () => {
  const server = new Server();
  const network = new Network(server);
  const journal = new MemoryJournal(true);
  const rewrite = journal.rewrite.bind(journal);
  journal.rewrite = async (changes) => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    await rewrite(changes);
  };
  const tab = await Tab.open("ada 1", journal, network);
  const other = await Tab.open("bob 1", new MemoryJournal(true), network);
  await other.edit("shared", { v: "bob" });
  await other.rest();
  await tab.edit("shared", { v: "ada" });
  await tab.rest();
  const chosen = tab.sender.choose(() => "theirs");
  await tab.edit("late", { v: 1 });
  assert.equal(await unsent(journal), 2);
  await chosen;
  await tab.rest();
  assert.deepEqual(collectionsOf(server.document), { annotations: { shared: { v: "bob" }, late: { v: 1 } } });
  assert.equal(await unsent(journal), 0);
});

test("where the reply does not hold all that was missed, the draft is read again", async () => {
  const { server, network, tab } = await open();
  server.listsAtMost = 1;
  const other = await Tab.open("bob 1", new MemoryJournal(true), network);
  for (let i = 1; i <= 5; i++) await other.edit(i % 2 === 0 ? "even" : "shared", { v: i });
  await other.rest();
  await tab.edit("a", { v: 1 });
  await tab.rest();
  assert.deepEqual(collectionsOf(tab.sender.document), collectionsOf(server.document));
});

test("a lost lease keeps the steps until the work is taken again", async () => {
  const { server, tab } = await open();
  server.leases.clear();
  await tab.edit("a", { v: 1 });
  await tab.rest();
  assert.equal(saveWords(tab.sender.state).text, "Conflict, 1 kept on this computer");
  server.leases.add("second");
  await tab.sender.restart("second", server.draft());
  await tab.rest();
  assert.equal(server.log.length, 1);
  assert.equal(tab.sender.state.phase, "idle");
});

test("a conflict that only the server sees is set aside in words and holds up nothing else", async () => {
  const { server, network, tab } = await open();
  const conflictOf = server.conflictOf.bind(server);
  server.conflictOf = (operations) => (operations[0].key === "a" ? operations[0] : conflictOf(operations));
  await tab.edit("a", { v: 1 });
  await tab.edit("b", { v: 1 });
  await tab.rest();
  assert.deepEqual(tab.sender.state.refused.map(({ entry }) => entry.id), ["ada 1#1"]);
  assert.equal(saveWords(tab.sender.state).text, "Saved, except 1 refused");
  assert(network.sent <= 5, `${network.sent} calls`);
  assert.deepEqual(server.log.map(({ id }) => id), ["ada 1#2"]);
  await tab.sender.dropRefused();
  assert.equal(await unsent(tab.journal), 0);
  assert.equal(objectAt(tab.sender.document, "annotations", "a"), null);
});

test("two writers with random faults, crashes and choices: nothing acknowledged is lost, nothing is doubled, and both end alike", async () => {
  for (let seed = 1; seed <= 120; seed++) {
    const random = seeded(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
    const server = new Server();
    server.listsOwn = seed % 2 === 0;
    const journals = [new MemoryJournal(true), new MemoryJournal(true)];
    const networks = [new Network(server), new Network(server)];
    const openings = [1, 1];
    let calm = false;
    for (const network of networks) network.fault = () => (calm || random() < 0.6 ? "none" : pick(["request lost", "reply lost", "signed out"] as const));
    const names = ["ada", "bob"];
    const dropped = new Set<string>();
    const tabs = [await Tab.open("ada 1", journals[0], networks[0], dropped), await Tab.open("bob 1", journals[1], networks[1], dropped)];
    const made = new Set<string>();
    const settleAll = async (i: number) => {
      const tab = tabs[i];
      await tab.rest();
      if (tab.sender.state.phase === "conflict") await tab.sender.choose(() => pick(["mine", "theirs"] as const));
      else tab.sender.resume();
      await tab.rest();
    };
    for (let turn = 0; turn < 60; turn++) {
      const i = Math.floor(random() * 2);
      const dice = random();
      if (dice < 0.6) made.add(await tabs[i].edit(pick(["shared", "x", "y", `${names[i]}-own`]), random() < 0.2 ? null : { v: `${names[i]} ${turn}` }));
      else if (dice < 0.8) await settleAll(i);
      else if (dice < 0.9) await tabs[i].waitAndRetry();
      else {
        // The tab dies in the middle of whatever it does; its journal remains.
        tabs[i].sender.stop();
        await tabs[i].rest();
        openings[i] += 1;
        tabs[i] = await Tab.open(`${names[i]} ${openings[i]}`, journals[i], networks[i], dropped);
      }
    }
    calm = true;
    for (let round = 0; round < 6; round++) for (const i of [0, 1]) await settleAll(i);
    for (const i of [0, 1]) {
      assert.equal(tabs[i].sender.state.phase, "idle", `seed ${seed}: ${names[i]} is ${tabs[i].sender.state.phase} ${tabs[i].sender.state.message}`);
      assert.equal(await unsent(journals[i], names[i]), 0, `seed ${seed}`);
    }
    assert.equal(new Set(server.log.map(({ id }) => id)).size, server.log.length, `seed ${seed}: a step was applied twice`);
    const applied = new Set(server.log.map(({ id }) => id));
    assert([...applied].every((id) => made.has(id)), `seed ${seed}`);
    assert.deepEqual([...made].filter((id) => !applied.has(id) && !dropped.has(id)), [], `seed ${seed}: a step was lost`);
    // Both have heard of everything after one more exchange.
    for (const i of [0, 1, 0]) {
      await tabs[i].edit(`${names[i]}-own`, { v: `end ${i} ${server.log.length}` });
      await tabs[i].rest();
    }
    assert(sameJson(collectionsOf(tabs[0].sender.document) as never, collectionsOf(server.document) as never), `seed ${seed}: ada differs`);
  }
});
