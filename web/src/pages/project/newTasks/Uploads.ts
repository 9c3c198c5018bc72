import { ApiError } from "../../../api/client.js";
import type { ImportedLine, ImportReport, StoredFile } from "../../../api/imports.js";
import { Store } from "../../../engine/store.js";

/** How many files are sent at a time, and how many become tasks by one call. */
const LANES = 4, PORTION = 25;
/** A progress is shown when it has grown by this share, so that thousands of files do not keep the page busy. */
const STEP = 0.05;

export type UploadState = "waiting" | "sending" | "stored" | "created" | "exists" | "failed";

export interface Upload {
  readonly id: number;
  readonly file: File;
  /** The name with the folders it stood in. */
  readonly path: string;
  readonly state: UploadState;
  /** What share of it is sent, from 0 to 1. */
  readonly share: number;
  readonly message: string;
  /** Where the server keeps it, once it does. */
  readonly address: string | null;
  readonly task: string | null;
}

export interface UploadCalls {
  readonly upload: (file: File, path: string, onProgress: (share: number) => void, signal: AbortSignal) => Promise<StoredFile>;
  /** Makes tasks of stored files. The answer has a line for each. */
  readonly makeTasks: (files: readonly { readonly address: string; readonly path: string }[]) => Promise<ImportReport>;
}

/** Sends files and makes a task of each. A file that failed can be tried again alone; one sent twice makes one task. */
export class Uploads {
  readonly store = new Store<readonly Upload[]>([]);
  readonly #calls: UploadCalls;
  readonly #stops = new Map<number, AbortController>();
  #making = false;
  #next = 1;

  constructor(calls: UploadCalls) {
    this.#calls = calls;
  }

  add(files: readonly { readonly file: File; readonly path: string }[]): void {
    const added = files.map(({ file, path }): Upload => ({ id: this.#next++, file, path, state: "waiting", share: 0, message: "", address: null, task: null }));
    this.store.set([...this.store.get(), ...added]);
    this.#go();
  }

  /** Tries what failed once more: one file, or all of them. */
  retry(id?: number): void {
    this.store.set(this.store.get().map((item) => (item.state === "failed" && (id === undefined || item.id === id) ? { ...item, state: item.address === null ? "waiting" : "stored", message: "", share: item.address === null ? 0 : 1 } : item)));
    this.#go();
  }

  /** Gives up what is not done yet. */
  stop(): void {
    this.#changeAll((item) => item.state === "waiting", { state: "failed", message: "Given up." });
    for (const stop of this.#stops.values()) stop.abort();
  }

  /** Forgets what is done. */
  clear(): void {
    this.store.set(this.store.get().filter(({ state }) => state !== "created" && state !== "exists"));
  }

  #change(id: number, change: Partial<Upload>): void {
    this.#changeAll((item) => item.id === id, change);
  }

  #changeAll(isMeant: (item: Upload) => boolean, change: Partial<Upload>): void {
    this.store.set(this.store.get().map((item) => (isMeant(item) ? { ...item, ...change } : item)));
  }

  #go(): void {
    const waiting = this.store.get().filter(({ state }) => state === "waiting");
    for (const item of waiting.slice(0, Math.max(0, LANES - this.#stops.size))) void this.#send(item);
    void this.#make();
  }

  async #send({ id, file, path }: Upload): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    this.#change(id, { state: "sending", share: 0 });
    let shown = 0;
    try {
      const { attachment_url: address } = await this.#calls.upload(file, path, (share) => {
        if (share - shown < STEP && share < 1) return;
        shown = share;
        this.#change(id, { share });
      }, stop.signal);
      this.#change(id, { state: "stored", share: 1, address });
    } catch (error) {
      this.#change(id, { state: "failed", message: wordsOf(error) });
    }
    this.#stops.delete(id);
    this.#go();
  }

  /** Makes tasks of what is stored: when enough has come together, or when nothing more is on its way. */
  async #make(): Promise<void> {
    const items = this.store.get(), stored = items.filter(({ state }) => state === "stored");
    const isMoreToCome = items.some(({ state }) => state === "waiting" || state === "sending");
    if (this.#making || stored.length === 0 || (stored.length < PORTION && isMoreToCome)) return;
    this.#making = true;
    const portion = stored.slice(0, PORTION);
    try {
      const { lines } = await this.#calls.makeTasks(portion.map(({ address, path }) => ({ address: address ?? "", path })));
      portion.forEach(({ id }, i) => this.#change(id, outcomeOf(lines[i])));
    } catch (error) {
      // What is stored stays stored: the next try only makes the task.
      const message = wordsOf(error);
      portion.forEach(({ id }) => this.#change(id, { state: "failed", message }));
    }
    this.#making = false;
    this.#go();
  }
}

function outcomeOf(line: ImportedLine | undefined): Partial<Upload> {
  if (line === undefined) return { state: "failed", message: "The server did not say what became of it." };
  const done = line.outcome === "created" || line.outcome === "exists";
  return { state: done ? line.outcome as UploadState : "failed", message: line.message, task: line.task_id ?? null };
}

function wordsOf(error: unknown): string {
  return error instanceof ApiError || error instanceof Error ? error.message : String(error);
}

/** How many files stand where. */
export function tally(items: readonly Upload[]): { readonly [state in UploadState]: number } {
  const counts = { waiting: 0, sending: 0, stored: 0, created: 0, exists: 0, failed: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}
