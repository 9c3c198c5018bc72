import type { Step } from "../model/document.js";
import type { Mark } from "../model/history.js";

/** A step that this browser made and the server has not acknowledged yet. */
export interface JournalEntry extends Step {
  readonly work: string;
  /** Who was signed in; another person on this computer must not send it as their own. */
  readonly user: string;
  readonly writer: string;
  readonly mark: Mark;
}

/** What the journal knows of a piece of work when it is opened. */
export interface JournalRecord {
  /** Unsent steps in the order they were made. */
  readonly entries: readonly JournalEntry[];
  /** Writers this browser has been on this work, so that undo finds its own steps in the server's log. */
  readonly writers: readonly string[];
  /** What those steps were that were not plain edits, by step id. */
  readonly marks: ReadonlyMap<string, Mark>;
}

export interface Waiting {
  readonly work: string;
  readonly count: number;
}

/** Keeps steps until the server has them. A promise resolves only when the change is as durable as the medium allows. */
export interface Journal {
  open(work: string, user: string, writer: string): Promise<JournalRecord>;
  append(entry: JournalEntry): Promise<void>;
  remove(work: string, ids: readonly string[]): Promise<void>;
  /** Gives unsent steps a new content, or takes them away (null), in one go; each keeps its place and all others stay untouched. */
  rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void>;
  /** Forgets everything about a work, after it was submitted or given back. */
  close(work: string, user: string): Promise<void>;
  /** Works with unsent steps of this person. */
  waiting(user: string): Promise<readonly Waiting[]>;
}

/** Used where the browser refuses storage; keeps steps as long as the page lives. */
export class MemoryJournal implements Journal {
  #entries: JournalEntry[] = [];
  readonly #writers = new Map<string, string[]>();
  readonly #marks = new Map<string, Mark>();

  async open(work: string, user: string, writer: string): Promise<JournalRecord> {
    const owner = `${work} ${user}`;
    const writers = [...(this.#writers.get(owner) ?? []), writer];
    this.#writers.set(owner, writers);
    return { entries: this.#of(work, user), writers, marks: new Map(this.#marks) };
  }

  async append(entry: JournalEntry): Promise<void> {
    this.#entries.push(entry);
    if (entry.mark !== "edit") this.#marks.set(entry.id, entry.mark);
  }

  async remove(work: string, ids: readonly string[]): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.work !== work || !ids.includes(entry.id));
  }

  async rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void> {
    this.#entries = this.#entries.flatMap((entry) => {
      const change = changes.get(entry.id);
      return change === undefined ? [entry] : change === null ? [] : [change];
    });
  }

  async close(work: string, user: string): Promise<void> {
    this.#writers.delete(`${work} ${user}`);
    for (const { id } of this.#of(work, user)) this.#marks.delete(id);
    this.#entries = this.#entries.filter((entry) => entry.work !== work || entry.user !== user);
  }

  async waiting(user: string): Promise<readonly Waiting[]> {
    const counts = new Map<string, number>();
    for (const entry of this.#entries) if (entry.user === user) counts.set(entry.work, (counts.get(entry.work) ?? 0) + 1);
    return [...counts].map(([work, count]) => ({ work, count }));
  }

  #of(work: string, user: string): JournalEntry[] {
    return this.#entries.filter((entry) => entry.work === work && entry.user === user);
  }
}
