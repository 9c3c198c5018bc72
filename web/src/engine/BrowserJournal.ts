import type { Mark } from "../model/history.js";
import { countByWork, type Journal, type JournalEntry, type JournalRecord, type Waiting } from "./journal.js";

interface MarkRow {
  readonly id: string;
  readonly owner: string;
  readonly mark: Mark;
}

const STEPS = "steps", MARKS = "marks", WORKS = "works";

/**
 * The journal in IndexedDB. Writes ask for strict durability: the promise resolves when the browser has flushed to disk, so a step that
 * the screen shows as done survives a crash of the tab, the browser or the machine.
 */
export class BrowserJournal implements Journal {
  readonly kept = true;
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Fails where the browser has no storage or refuses it, as in some private modes. */
  static async connect(name = "vernier"): Promise<BrowserJournal> {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const steps = request.result.createObjectStore(STEPS, { autoIncrement: true });
      steps.createIndex("owner", ["work", "user"]);
      steps.createIndex("id", "id", { unique: true });
      request.result.createObjectStore(MARKS, { keyPath: "id" }).createIndex("owner", "owner");
      request.result.createObjectStore(WORKS);
    };
    const database = await result(request);
    // Browsers may clear what they were not asked to keep when the disk runs short.
    void navigator.storage?.persist?.().catch(() => false);
    // Another tab with a newer version of the program must not wait for this one.
    database.onversionchange = () => database.close();
    return new BrowserJournal(database);
  }

  async open(work: string, user: string, writer: string): Promise<JournalRecord> {
    const { transaction, done } = this.#begin([STEPS, MARKS, WORKS]);
    const owner = ownerOf(work, user);
    const entries = result<JournalEntry[]>(transaction.objectStore(STEPS).index("owner").getAll(IDBKeyRange.only([work, user])));
    const marks = result<MarkRow[]>(transaction.objectStore(MARKS).index("owner").getAll(owner));
    const known = (await result<string[] | undefined>(transaction.objectStore(WORKS).get(owner))) ?? [];
    const writers = [...known, writer];
    transaction.objectStore(WORKS).put(writers, owner);
    await done;
    return { entries: await entries, writers, marks: new Map((await marks).map(({ id, mark }) => [id, mark])) };
  }

  async append(entry: JournalEntry): Promise<void> {
    const { transaction, done } = this.#begin([STEPS, MARKS]);
    transaction.objectStore(STEPS).add(entry);
    if (entry.mark !== "edit") {
      const row: MarkRow = { id: entry.id, owner: ownerOf(entry.work, entry.user), mark: entry.mark };
      transaction.objectStore(MARKS).put(row);
    }
    await done;
  }

  async remove(ids: readonly string[]): Promise<void> {
    const { transaction, done } = this.#begin([STEPS]);
    const steps = transaction.objectStore(STEPS);
    for (const id of ids) deleteEach(steps, steps.index("id").openKeyCursor(IDBKeyRange.only(id)));
    await done;
  }

  async rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void> {
    const { transaction, done } = this.#begin([STEPS]);
    const steps = transaction.objectStore(STEPS);
    for (const [id, entry] of changes) {
      const request = steps.index("id").openCursor(IDBKeyRange.only(id));
      request.onsuccess = () => {
        const cursor = request.result;
        if (cursor === null) return;
        if (entry === null) cursor.delete();
        else cursor.update(entry);
      };
    }
    await done;
  }

  async pending(work: string, user: string): Promise<readonly JournalEntry[]> {
    const { transaction, done } = this.#begin([STEPS], "readonly");
    const entries = await result<JournalEntry[]>(transaction.objectStore(STEPS).index("owner").getAll(IDBKeyRange.only([work, user])));
    await done;
    return entries;
  }

  async close(work: string, user: string): Promise<void> {
    const { transaction, done } = this.#begin([MARKS, WORKS]);
    const marks = transaction.objectStore(MARKS);
    deleteEach(marks, marks.index("owner").openKeyCursor(IDBKeyRange.only(ownerOf(work, user))));
    transaction.objectStore(WORKS).delete(ownerOf(work, user));
    await done;
  }

  async discard(work: string, user: string): Promise<void> {
    const { transaction, done } = this.#begin([STEPS]);
    const steps = transaction.objectStore(STEPS);
    deleteEach(steps, steps.index("owner").openKeyCursor(IDBKeyRange.only([work, user])));
    await done;
  }

  async waiting(user: string): Promise<readonly Waiting[]> {
    const { transaction, done } = this.#begin([STEPS], "readonly");
    const entries = await result<JournalEntry[]>(transaction.objectStore(STEPS).getAll());
    await done;
    return countByWork(entries.filter((entry) => entry.user === user));
  }

  #begin(stores: string[], mode: IDBTransactionMode = "readwrite"): { transaction: IDBTransaction; done: Promise<void> } {
    const transaction = this.#database.transaction(stores, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("The browser stopped writing its journal."));
    });
    // A failing request rejects on its own path; without this the second report of the same fault would be unhandled.
    done.catch(() => undefined);
    return { transaction, done };
  }
}

function ownerOf(work: string, user: string): string {
  return `${work} ${user}`;
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser could not read its journal."));
  });
}

function deleteEach(store: IDBObjectStore, request: IDBRequest<IDBCursor | null>): void {
  request.onsuccess = () => {
    const cursor = request.result;
    if (cursor === null) return;
    store.delete(cursor.primaryKey);
    cursor.continue();
  };
}
