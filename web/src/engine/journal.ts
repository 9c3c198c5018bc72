import type { Step } from "../model/document.js";
import type { Mark } from "../model/history.js";

/** A step that this browser made and the server has not acknowledged yet. */
export interface JournalEntry extends Step {
  readonly work: string;
  /** Who was signed in; another person on this computer must not send it as their own. */
  readonly user: string;
  readonly writer: string;
  readonly mark: Mark;
  /** The draft's revision that was known when the step was made; the server's log can hold it only behind that. */
  readonly known: number;
  /** Why the server does not take it, in its words; it waits here for the person's decision. */
  readonly refused?: string;
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
  /** Whether steps outlive the page. */
  readonly kept: boolean;
  open(work: string, user: string, writer: string): Promise<JournalRecord>;
  append(entry: JournalEntry): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Gives unsent steps a new content, or takes them away (null), in one go; each keeps its place and all others stay untouched. */
  rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void>;
  /** Unsent steps of a person on a work, also those that another tab has made since. */
  pending(work: string, user: string): Promise<readonly JournalEntry[]>;
  /** Forgets what served undo, after the work left this person's hands. Unsent steps stay: another tab may have made them. */
  close(work: string, user: string): Promise<void>;
  /** Gives up a person's unsent steps on a work for good. */
  discard(work: string, user: string): Promise<void>;
  /** Works with unsent steps of this person. */
  waiting(user: string): Promise<readonly Waiting[]>;
}

/** How many unsent steps there are for each work. */
export function countByWork(entries: readonly JournalEntry[]): readonly Waiting[] {
  const counts = new Map<string, number>();
  for (const { work } of entries) counts.set(work, (counts.get(work) ?? 0) + 1);
  return [...counts].map(([work, count]) => ({ work, count }));
}

/** Keeps steps as long as the page lives. */
export class MemoryJournal implements Journal {
  #entries: JournalEntry[] = [];
  readonly #writers = new Map<string, string[]>();
  readonly #marks = new Map<string, Mark>();

  constructor(readonly kept = false) {}

  get isEmpty(): boolean { return this.#entries.length === 0; }

  async open(work: string, user: string, writer: string): Promise<JournalRecord> {
    const owner = `${work} ${user}`;
    const writers = [...(this.#writers.get(owner) ?? []), writer];
    this.#writers.set(owner, writers);
    return { entries: await this.pending(work, user), writers, marks: new Map(this.#marks) };
  }

  async append(entry: JournalEntry): Promise<void> {
    this.#entries.push(entry);
    if (entry.mark !== "edit") this.#marks.set(entry.id, entry.mark);
  }

  async remove(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    this.#entries = this.#entries.filter(({ id }) => !gone.has(id));
  }

  async rewrite(changes: ReadonlyMap<string, JournalEntry | null>): Promise<void> {
    this.#entries = this.#entries.flatMap((entry) => {
      const change = changes.get(entry.id);
      return change === undefined ? [entry] : change === null ? [] : [change];
    });
  }

  async pending(work: string, user: string): Promise<readonly JournalEntry[]> {
    return this.#entries.filter((entry) => entry.work === work && entry.user === user);
  }

  async close(work: string, user: string): Promise<void> {
    this.#writers.delete(`${work} ${user}`);
  }

  async discard(work: string, user: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.work !== work || entry.user !== user);
  }

  async waiting(user: string): Promise<readonly Waiting[]> {
    return countByWork(this.#entries.filter((entry) => entry.user === user));
  }
}
