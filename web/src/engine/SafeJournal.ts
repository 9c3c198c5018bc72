import { MemoryJournal, type Journal, type JournalEntry, type JournalRecord, type Waiting } from "./journal.js";

/** How long a write may take before the work goes on without it. A stuck disk must not stop a person's hands. */
const PATIENCE = 15_000;

/**
 * The browser's journal as long as it works. Where the browser refuses it (a private mode, a full disk, storage cleared or upgraded by
 * another tab), steps are kept in the page's memory instead, the person is told, and the durable journal is tried again as soon as
 * nothing is left in memory, so that the order of the steps stays that of their making.
 */
export class SafeJournal implements Journal {
  readonly #connect: () => Promise<Journal>;
  readonly #memory = new MemoryJournal();
  readonly #patience: number;
  #durable: Journal | null = null;

  constructor(connect: () => Promise<Journal>, patience = PATIENCE) {
    this.#connect = connect;
    this.#patience = patience;
  }

  get kept(): boolean { return this.#durable !== null && this.#memory.isEmpty; }

  async open(work: string, user: string, writer: string): Promise<JournalRecord> {
    const spare = await this.#memory.open(work, user, writer);
    const record = await this.#try((journal) => journal.open(work, user, writer));
    if (record === null) return spare;
    return { entries: [...record.entries, ...spare.entries], writers: [...record.writers, ...spare.writers], marks: new Map([...record.marks, ...spare.marks]) };
  }

  async append(entry: JournalEntry): Promise<void> {
    const written = this.#memory.isEmpty && (await this.#try(async (journal) => { await journal.append(entry); return true; })) === true;
    if (!written) await this.#memory.append(entry);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#memory.remove(ids);
    // A step that stays behind is known to the server, which says so when it is sent again.
    await this.#try((journal) => journal.remove(ids));
  }

  async rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void> {
    await this.#memory.rewrite(changes);
    // Where this fails the step is found as it was made, and the person is asked once more.
    await this.#try((journal) => journal.rewrite(changes));
  }

  async pending(work: string, user: string): Promise<readonly JournalEntry[]> {
    return [...((await this.#try((journal) => journal.pending(work, user))) ?? []), ...(await this.#memory.pending(work, user))];
  }

  async close(work: string, user: string): Promise<void> {
    await this.#memory.close(work, user);
    await this.#try((journal) => journal.close(work, user));
  }

  async discard(work: string, user: string): Promise<void> {
    await this.#memory.discard(work, user);
    await this.#try((journal) => journal.discard(work, user));
  }

  async waiting(user: string): Promise<readonly Waiting[]> {
    const counts = new Map<string, number>();
    for (const { work, count } of [...((await this.#try((journal) => journal.waiting(user))) ?? []), ...(await this.#memory.waiting(user))]) {
      counts.set(work, (counts.get(work) ?? 0) + count);
    }
    return [...counts].map(([work, count]) => ({ work, count }));
  }

  /** Asks the durable journal, once more on a fresh connection if it fails; null where it cannot be had. */
  async #try<T>(ask: (journal: Journal) => Promise<T>): Promise<T | null> {
    for (const attempt of [1, 2]) {
      try {
        this.#durable ??= await this.#inTime(this.#connect());
        return await this.#inTime(ask(this.#durable));
      } catch (error) {
        this.#durable = null;
        // A disk that does not answer would only be waited for a second time.
        if (attempt === 2 || error instanceof Late) return null;
      }
    }
    return null;
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Late()), this.#patience);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

class Late extends Error {}
