import { addressOf, apply, documentFrom, objectAt, overwrite, rebase, settle, type Choice, type Conflict, type Document, type Step } from "../model/document.js";
import { sameJson } from "../model/json.js";
import type { Journal, JournalEntry } from "./journal.js";
import { TransportError, type SendReply, type ServerDraft, type Transport } from "./transport.js";

export type SyncPhase = "idle" | "sending" | "offline" | "signed-out" | "conflict" | "lost" | "refused";

export interface SyncState {
  readonly phase: SyncPhase;
  /** Steps that the server has not acknowledged. */
  readonly waiting: number;
  readonly conflicts: readonly Conflict[];
  /** What the server said, where the person has to know it. */
  readonly message: string;
}

/** Runs something later and returns how to call it off; the page gives timers, tests run it by hand. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

export interface SenderSetup {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly schedule: Schedule;
  readonly work: string;
  readonly user: string;
  readonly lease: string;
  readonly draft: ServerDraft;
  /** Unsent steps of earlier openings, oldest first. */
  readonly entries: readonly JournalEntry[];
  readonly onChange: () => void;
  /** Unsent steps were replaced after a conflict; the ones left, by id. */
  readonly onRewrite: (entries: readonly JournalEntry[], replaced: readonly JournalEntry[]) => void;
}

const BATCH = 50;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

/**
 * Sends journalled steps in order and keeps the document: what the server has, with the unsent steps on top. A step leaves the journal only
 * after its acknowledgement, and sending one twice changes nothing, so neither a lost request nor a lost reply can lose or double it.
 */
export class Sender {
  readonly #setup: SenderSetup;
  #lease: string;
  #base: Document;
  #revision: number;
  #queue: JournalEntry[];
  #document: Document;
  #phase: SyncPhase = "idle";
  #conflicts: readonly Conflict[] = [];
  #message = "";
  #running = false;
  #failures = 0;
  /** The base could not be followed step by step and must be read again before anything else is sent. */
  #stale = false;
  /** Conflicts in a row that the server reported and that could not be seen here. */
  #unexplained = 0;
  #callOff: (() => void) | null = null;
  /** A choice is being carried out; a second click must not begin another. */
  #choosing = false;
  #waiters: (() => void)[] = [];

  constructor(setup: SenderSetup) {
    this.#setup = setup;
    this.#lease = setup.lease;
    this.#base = documentFrom(setup.draft.collections);
    this.#revision = setup.draft.revision;
    this.#queue = [...setup.entries];
    this.#document = this.#base;
  }

  get document(): Document { return this.#document; }
  get revision(): number { return this.#revision; }
  get lease(): string { return this.#lease; }
  get unsent(): readonly JournalEntry[] { return this.#queue; }

  get state(): SyncState {
    return { phase: this.#phase, waiting: this.#queue.length, conflicts: this.#conflicts, message: this.#message };
  }

  /** Puts replayed steps on the draft and begins to send them. */
  async start(): Promise<void> {
    await this.#adopt(this.#setup.draft);
    void this.run();
  }

  /** Takes over a step that is already in the journal. */
  enqueue(entry: JournalEntry): void {
    this.#queue.push(entry);
    const next = apply(this.#document, entry.operations);
    if (next === null) this.#rebuild();
    else this.#document = next;
    this.#changed();
    void this.run();
  }

  /** Tries again now: the network is back, the person signed in or asked for it. */
  resume(): void {
    this.#callOff?.();
    this.#callOff = null;
    if (this.#phase === "conflict" || this.#phase === "lost") return;
    this.#phase = "idle";
    this.#message = "";
    this.#changed();
    void this.run();
  }

  /** Resolves when nothing is left to send, or when nothing can be sent for now. */
  settled(): Promise<void> {
    if (!this.#running && (this.#queue.length === 0 || this.#phase !== "idle")) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Carries out what the person chose for each conflict and goes on. */
  async choose(choice: (collection: string, key: string) => Choice): Promise<void> {
    if (this.#phase !== "conflict" || this.#choosing) return;
    this.#choosing = true;
    try {
      const disputed = new Set(this.#conflicts.map((conflict) => addressOf(conflict.collection, conflict.key)));
      await this.#replaceQueue(settle(this.#base, this.#queue, (collection, key) => (disputed.has(addressOf(collection, key)) ? choice(collection, key) : "mine")));
    } finally {
      this.#choosing = false;
    }
    this.#phase = "idle";
    this.#rebuild();
    this.#changed();
    void this.run();
  }

  /** Gives up every unsent step in favour of what the server has. */
  async discard(): Promise<void> {
    await this.#replaceQueue([]);
    this.#phase = "idle";
    this.#message = "";
    this.#rebuild();
    this.#changed();
    void this.run();
  }

  /** Goes on with a new lease after the old one was lost. */
  async restart(lease: string, draft: ServerDraft): Promise<void> {
    this.#lease = lease;
    this.#phase = "idle";
    this.#message = "";
    await this.#adopt(draft);
    void this.run();
  }

  /** A failure that another call met, such as the heartbeat's; being offline alone is no news while nothing waits. */
  report(error: unknown): void {
    if (error instanceof TransportError && error.kind === "offline" && this.#queue.length === 0) return;
    this.#fail(error);
  }

  async run(): Promise<void> {
    if (this.#running || !this.#open()) return;
    this.#running = true;
    try {
      while (this.#open() && (this.#stale || this.#queue.length > 0)) {
        if (this.#stale) {
          await this.#adopt(await this.#setup.transport.load());
          continue;
        }
        await this.#sendBatch();
      }
      if (this.#phase === "sending") this.#phase = "idle";
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running = false;
      this.#changed();
      for (const waiter of this.#waiters.splice(0)) waiter();
    }
  }

  #open(): boolean {
    return this.#phase === "idle" || this.#phase === "sending";
  }

  async #sendBatch(): Promise<void> {
    const { writer } = this.#queue[0];
    const end = this.#queue.findIndex((entry) => entry.writer !== writer);
    const batch = this.#queue.slice(0, Math.min(BATCH, end < 0 ? this.#queue.length : end));
    this.#phase = "sending";
    this.#changed();
    const steps = batch.map(({ id, sequence, operations }): Step => ({ id, sequence, operations }));
    const reply = await this.#setup.transport.send({ lease: this.#lease, writer, steps, after: this.#revision });
    this.#failures = 0;
    await this.#integrate(reply);
  }

  async #integrate(reply: SendReply): Promise<void> {
    const missedIds = new Set(reply.missed.map(({ id }) => id));
    const acknowledged = new Set([...reply.acknowledged, ...missedIds]);
    const accepted = this.#queue.filter(({ id }) => acknowledged.has(id));
    const followed = follow(this.#base, [...reply.missed].sort((a, b) => a.revision - b.revision), accepted.filter(({ id }) => !missedIds.has(id)));
    if (followed === null) this.#stale = true;
    else this.#base = followed;
    this.#revision = reply.revision;
    await this.#setup.journal.remove(this.#setup.work, accepted.map(({ id }) => id));
    this.#queue = this.#queue.filter(({ id }) => !acknowledged.has(id));
    if (this.#stale) return;
    if (reply.missed.length > 0 || reply.conflict !== null) await this.#reconcile();
    if (reply.conflict === null) {
      this.#unexplained = 0;
    } else if (this.#open()) {
      // The server sees a conflict that cannot be seen from here: read its draft once, then ask the person.
      this.#unexplained += 1;
      this.#stale = true;
      if (this.#unexplained > 2) throw new TransportError("refused", "The server does not accept a change although nobody else seems to have made one.");
    }
    this.#changed();
  }

  /** Takes the server's draft as the base, forgets steps that are in its log already, and puts the rest on top. */
  async #adopt(draft: ServerDraft): Promise<void> {
    this.#base = documentFrom(draft.collections);
    this.#revision = draft.revision;
    this.#stale = false;
    const known = new Set(draft.history.map(({ id }) => id));
    const accepted = this.#queue.filter(({ id }) => known.has(id));
    if (accepted.length > 0) {
      await this.#setup.journal.remove(this.#setup.work, accepted.map(({ id }) => id));
      this.#queue = this.#queue.filter(({ id }) => !known.has(id));
    }
    await this.#reconcile();
    this.#changed();
  }

  /** After the base changed: conflicts stop the sending; without any, the steps are rewritten to follow the base exactly. */
  async #reconcile(): Promise<void> {
    this.#rebuild();
    if (this.#conflicts.length > 0) return;
    const settled = settle(this.#base, this.#queue, () => "mine");
    const unchanged = settled.length === this.#queue.length && settled.every((step, i) => sameOperations(step, this.#queue[i]));
    if (!unchanged) await this.#replaceQueue(settled);
    this.#rebuild();
  }

  #rebuild(): void {
    const { document, conflicts } = rebase(this.#base, this.#queue);
    this.#document = document;
    this.#conflicts = conflicts;
    if (conflicts.length > 0) this.#phase = "conflict";
  }

  async #replaceQueue(steps: readonly Step[]): Promise<void> {
    const operations = new Map(steps.map((step) => [step.id, step.operations]));
    const replaced = [...this.#queue];
    const entries = replaced.flatMap((entry) => {
      const next = operations.get(entry.id);
      return next === undefined ? [] : [{ ...entry, operations: next }];
    });
    const left = new Map(entries.map((entry) => [entry.id, entry]));
    await this.#setup.journal.rewrite(new Map(replaced.map(({ id }) => [id, left.get(id) ?? null])));
    // Steps that arrived while the journal was written stand behind those that were replaced.
    this.#queue = [...entries, ...this.#queue.slice(replaced.length)];
    this.#setup.onRewrite(entries, replaced);
  }

  #fail(error: unknown): void {
    const failure = error instanceof TransportError ? error : new TransportError("refused", error instanceof Error ? error.message : String(error));
    this.#message = failure.message;
    switch (failure.kind) {
      case "offline":
        if (this.#phase === "conflict") return;
        this.#phase = "offline";
        this.#waitAndRetry();
        break;
      case "signed-out": this.#phase = "signed-out"; break;
      case "lease-lost": this.#phase = "lost"; break;
      case "refused": this.#phase = "refused"; break;
    }
    this.#changed();
  }

  /** Doubling waits, each shortened at random so that many browsers do not return at the same moment. */
  #waitAndRetry(): void {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#callOff?.();
    this.#callOff = this.#setup.schedule(() => this.resume(), longest * (0.5 + Math.random() / 2));
  }

  /** Stops for good; unsent steps stay in the journal. */
  stop(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#phase = "lost";
  }

  #changed(): void {
    this.#setup.onChange();
  }
}

/**
 * The base after the steps that others made and the own ones that were accepted. The reply does not tell how the two interleaved, but for
 * each object any order in which every `before` fits ends with the same value. Null when neither order fits, or when it is unclear
 * whether an accepted step is in the base already.
 */
function follow(base: Document, missed: readonly Step[], accepted: readonly Step[]): Document | null {
  for (const order of [[...missed, ...accepted], [...accepted, ...missed]]) {
    const result = order.reduce<Document | null>((document, { operations }) => {
      if (document === null) return null;
      const next = apply(document, operations);
      if (next !== null) return next;
      const already = operations.every(({ collection, key, after }) => sameJson(objectAt(document, collection, key), after));
      return already ? overwrite(document, operations) : null;
    }, base);
    if (result !== null) return result;
  }
  return null;
}

function sameOperations(a: Step, b: Step): boolean {
  return a.id === b.id && a.operations.length === b.operations.length
    && a.operations.every((operation, i) => {
      const other = b.operations[i];
      return operation.collection === other.collection && operation.key === other.key
        && sameJson(operation.before, other.before) && sameJson(operation.after, other.after);
    });
}
