import { test } from "node:test";
import assert from "node:assert/strict";
import { MemoryJournal, type Journal, type JournalEntry } from "./journal.js";
import { SafeJournal } from "./SafeJournal.js";

const entry = (sequence: number): JournalEntry => ({ id: `s${sequence}`, sequence, operations: [], mark: "edit", known: 0, work: "w", user: "ada", writer: "one" });
const ids = async (journal: Journal) => (await journal.pending("w", "ada")).map(({ id }) => id);

/** A disk that fails where it is told to. */
function failing(): { disk: MemoryJournal; journal: SafeJournal; fail: { append: boolean; connect: boolean }; connections: () => number } {
  const disk = new MemoryJournal(true), fail = { append: false, connect: false };
  let connections = 0;
  const connect = async (): Promise<Journal> => {
    connections += 1;
    if (fail.connect) throw new Error("Storage is refused.");
    const append = async (step: JournalEntry) => { if (fail.append) throw new Error("QuotaExceededError"); await disk.append(step); };
    return new Proxy(disk, { get: (target, name) => { if (name === "append") return append; const value = Reflect.get(target, name) as unknown; return typeof value === "function" ? (value as (...of: unknown[]) => unknown).bind(target) : value; } });
  };
  return { disk, journal: new SafeJournal(connect, 50), fail, connections: () => connections };
}

test("while the disk is full steps are kept in memory in their order, and on the disk again once those are sent", async () => {
  const { disk, journal, fail } = failing();
  await journal.open("w", "ada", "one");
  await journal.append(entry(1));
  assert.equal(journal.kept, true);
  fail.append = true;
  await journal.append(entry(2));
  assert.equal(journal.kept, false);
  fail.append = false;
  await journal.append(entry(3));
  assert.deepEqual(await ids(journal), ["s1", "s2", "s3"]);
  assert.deepEqual(await ids(disk), ["s1"]);
  await journal.remove(["s1", "s2", "s3"]);
  await journal.append(entry(4));
  assert.equal(journal.kept, true);
  assert.deepEqual(await ids(disk), ["s4"]);
});

test("a connection that another tab closed is made anew", async () => {
  const disk = new MemoryJournal(true);
  let closed = false, connections = 0;
  const journal = new SafeJournal(async () => {
    connections += 1;
    closed = false;
    const append = async (step: JournalEntry) => { if (closed) throw new Error("InvalidStateError"); await disk.append(step); };
    return { ...(disk as Journal), kept: true, append, open: (work, user, writer) => disk.open(work, user, writer), pending: (work, user) => disk.pending(work, user) } as Journal;
  });
  await journal.open("w", "ada", "one");
  closed = true;
  await journal.append(entry(1));
  assert.equal(journal.kept, true);
  assert.equal(connections, 2);
  assert.deepEqual(await ids(disk), ["s1"]);
});

test("where the browser refuses storage, work is possible and it is said that nothing outlives the tab", async () => {
  const { journal, fail } = failing();
  fail.connect = true;
  await journal.open("w", "ada", "one");
  await journal.append(entry(1));
  assert.equal(journal.kept, false);
  assert.deepEqual(await ids(journal), ["s1"]);
  assert.deepEqual(await journal.waiting("ada"), [{ work: "w", count: 1 }]);
  await journal.discard("w", "ada");
  assert.deepEqual(await ids(journal), []);
});

test("a disk that never answers does not stop a person's hands", async () => {
  const journal = new SafeJournal(() => new Promise<Journal>(() => undefined), 20);
  await journal.append(entry(1));
  assert.deepEqual((await journal.open("w", "ada", "two")).entries.map(({ id }) => id), ["s1"]);
});
