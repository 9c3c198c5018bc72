import { addressOf, apply, documentFrom, rebase, settle, type Choice, type Conflict, type Document, type Step } from "../model/document.js";
import type { Journal, JournalEntry } from "./journal.js";
import { follow, nextBatch, sameOperations } from "./queue.js";
import { TransportError, type SendReply, type ServerDraft, type Transport } from "./transport.js";

export type SyncPhase = "idle" | "sending" | "offline" | "unavailable" | "signed-out" | "conflict" | "lost" | "refused";

/** A step that the server does not take as it is, set aside so that it holds up nothing else. */
export interface Refused {
  readonly entry: JournalEntry;
  /** The server's words. */
  readonly message: string;
}

export interface SyncState {
  readonly phase: SyncPhase;
  /** Steps that the server has not acknowledged. */
  readonly waiting: number;
  readonly conflicts: readonly Conflict[];
  readonly refused: readonly Refused[];
  /** What the server said, where the person has to know it. */
  readonly message: string;
  /** Whether unsent steps survive the end of the page. */
  readonly kept: boolean;
}

export const NOTHING_TO_SEND: SyncState = { phase: "idle", waiting: 0, conflicts: [], refused: [], message: "", kept: true };

/** Runs something later and returns how to call it off; the page gives timers, tests run it by hand. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

export interface SenderSetup {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly schedule: Schedule;
  readonly lease: string;
  readonly draft: ServerDraft;
  /** Unsent steps of earlier openings, oldest first. */
  readonly entries: readonly JournalEntry[];
  readonly onChange: () => void;
  /** Unsent steps were replaced; the ones left of those. */
  readonly onRewrite: (left: readonly JournalEntry[], replaced: readonly JournalEntry[]) => void;
}

const BATCH = 50;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
/** Conflicts in a row that cannot be seen from here before their step is set aside. */
const UNEXPLAINED = 2;

/**
 * Sends journalled steps in order and keeps the document: what the server has, with the unsent steps on top. A step leaves the journal only
 * after its acknowledgement, and sending one twice changes nothing, so neither a lost request nor a lost reply can lose or double it.
 * What is in memory changes in one go between two waits, and the journal is written after it: at every wait the two tell the same story
 * but for steps that the journal still holds and the server knows.
 */
export class Sender {
  readonly #setup: SenderSetup;
  #lease: string;
  #base: Document;
  #revision: number;
  #queue: readonly JournalEntry[];
  #refused: readonly Refused[];
  #document: Document;
  #phase: SyncPhase = "idle";
  #conflicts: readonly Conflict[] = [];
  #message = "";
  #running = false;
  #stopped = false;
  #failures = 0;
  /** How many steps the next request carries; fewer after one that did not get through. */
  #limit = BATCH;
  /** The base could not be followed step by step and must be read again before anything else is sent. */
  #stale = false;
  #unexplained = 0;
  #callOff: (() => void) | null = null;
  #waiters: (() => void)[] = [];

  constructor(setup: SenderSetup) {
    this.#setup = setup;
    this.#lease = setup.lease;
    this.#base = documentFrom(setup.draft.collections);
    this.#revision = setup.draft.revision;
    this.#queue = setup.entries.filter(({ refused }) => refused === undefined);
    this.#refused = setup.entries.flatMap((entry) => (entry.refused === undefined ? [] : [{ entry, message: entry.refused }]));
    this.#document = this.#base;
  }

  get document(): Document { return this.#document; }
  get revision(): number { return this.#revision; }
  get lease(): string { return this.#lease; }

  get state(): SyncState {
    return { phase: this.#phase, waiting: this.#queue.length, conflicts: this.#conflicts, refused: this.#refused, message: this.#message, kept: this.#setup.journal.kept };
  }

  /** Puts replayed steps on the draft and begins to send them. */
  start(): Promise<void> { return this.#takeOver(this.#setup.draft); }

  /** Takes over a step that is already in the journal. */
  enqueue(entry: JournalEntry): void {
    this.#queue = [...this.#queue, entry];
    const next = apply(this.#document, entry.operations);
    if (next === null) this.#rebuild();
    else this.#document = next;
    this.#changed();
    void this.run();
  }

  /** Takes over steps that another tab of this person left in the journal. */
  absorb(entries: readonly JournalEntry[]): void {
    const here = new Set([...this.#queue, ...this.#refused.map(({ entry }) => entry)].map(({ id }) => id));
    const others = entries.filter(({ id, refused }) => !here.has(id) && refused === undefined);
    if (others.length === 0) return;
    this.#queue = [...this.#queue, ...others];
    // Some may be in the log already; the draft's history tells.
    this.#stale = true;
    this.#changed();
    void this.run();
  }

  /** Tries again now: the network is back, the person signed in or asked for it. */
  resume(): void {
    this.#cancelRetry();
    if (this.#phase === "conflict" || this.#phase === "lost") return;
    this.#goOn();
  }

  /** Resolves when nothing is left to send, or when nothing can be sent for now. */
  settled(): Promise<void> {
    if (!this.#running && (!this.#open() || (this.#queue.length === 0 && !this.#stale))) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Carries out what the person chose for each conflict and goes on. */
  async choose(choice: (collection: string, key: string) => Choice): Promise<void> {
    // What is under way was sent as it stood; its answer comes first.
    if (this.#running) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    if (this.#phase !== "conflict") return;
    const disputed = new Set(this.#conflicts.map(({ collection, key }) => addressOf(collection, key)));
    this.#phase = "idle";
    const written = this.#replace(settle(this.#base, this.#queue, (collection, key) => (disputed.has(addressOf(collection, key)) ? choice(collection, key) : "mine")));
    this.#rebuild();
    this.#changed();
    await written;
    void this.run();
  }

  /** Sends the steps that were set aside once more, behind all others. */
  async retryRefused(): Promise<void> {
    const entries = this.#refused.map(({ entry: { refused: _, ...entry } }): JournalEntry => entry);
    this.#refused = [];
    this.#queue = [...this.#queue, ...entries];
    this.#rebuild();
    this.#changed();
    await this.#setup.journal.rewrite(new Map(entries.map((entry) => [entry.id, entry])));
    this.resume();
  }

  /** Gives up the steps that were set aside. */
  async dropRefused(): Promise<void> {
    const ids = this.#refused.map(({ entry }) => entry.id);
    this.#refused = [];
    this.#changed();
    await this.#setup.journal.remove(ids);
  }

  /** Goes on with a new lease after the old one was lost. */
  restart(lease: string, draft: ServerDraft): Promise<void> {
    this.#lease = lease;
    this.#phase = "idle";
    this.#message = "";
    return this.#takeOver(draft);
  }

  /** A failure that another call met under this lease, such as the heartbeat's; being offline alone is no news while nothing waits. */
  report(error: unknown, lease: string): void {
    if (lease !== this.#lease) return;
    if (error instanceof TransportError && (error.kind === "offline" || error.kind === "unavailable") && this.#queue.length === 0) return;
    this.#fail(error);
  }

  async run(): Promise<void> {
    if (this.#running || !this.#open()) return;
    this.#running = true;
    while (this.#open() && (this.#stale || this.#queue.length > 0)) {
      const lease = this.#lease;
      try {
        if (this.#stale) await this.#adopt(await this.#setup.transport.load(), lease);
        else await this.#sendBatch(lease);
      } catch (error) {
        // An answer to a claim that has been renewed meanwhile says nothing about the new one.
        if (lease === this.#lease) this.#fail(error);
      }
    }
    if (this.#phase === "sending") this.#phase = "idle";
    this.#running = false;
    this.#changed();
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  /** Stops for good; unsent steps stay in the journal. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  #open(): boolean {
    return !this.#stopped && (this.#phase === "idle" || this.#phase === "sending");
  }

  async #takeOver(draft: ServerDraft): Promise<void> {
    const lease = this.#lease;
    this.#base = documentFrom(draft.collections);
    this.#revision = draft.revision;
    this.#stale = true;
    this.#rebuild({ judged: false });
    try {
      await this.#adopt(draft, lease);
    } catch (error) {
      if (lease === this.#lease) this.#fail(error);
    }
    void this.run();
  }

  async #sendBatch(lease: string): Promise<void> {
    const batch = nextBatch(this.#queue, this.#limit);
    this.#phase = "sending";
    this.#changed();
    const steps = batch.map(({ id, sequence, operations, mark }) => ({ id, sequence, operations, mark }));
    let reply: SendReply;
    try {
      reply = await this.#setup.transport.send({ lease, writer: batch[0].writer, steps, after: this.#revision });
    } catch (error) {
      // A smaller request gets through a line that is too slow for this one, and finds the step that is not taken.
      this.#limit = Math.max(1, Math.floor(batch.length / 2));
      const invalid = error instanceof TransportError && error.kind === "invalid" && lease === this.#lease;
      if (!invalid) throw error;
      if (batch.length === 1) await this.#setAside(batch[0], error.message);
      return;
    }
    this.#failures = 0;
    this.#limit = Math.min(BATCH, this.#limit * 2);
    if (lease === this.#lease) await this.#integrate(reply);
    else this.#stale = true;
  }

  async #integrate(reply: SendReply): Promise<void> {
    const missedIds = new Set(reply.missed.map(({ id }) => id));
    const acknowledged = new Set([...reply.acknowledged, ...missedIds]);
    const accepted = this.#queue.filter(({ id }) => acknowledged.has(id));
    const followed = follow(this.#base, [...reply.missed].sort((a, b) => a.revision - b.revision), accepted.filter(({ id }) => !missedIds.has(id)));
    if (followed === null) this.#stale = true;
    else this.#base = followed;
    this.#revision = reply.revision;
    const written = this.#forget(accepted);
    if (!this.#stale && (reply.missed.length > 0 || reply.conflict !== null)) await this.#reconcile();
    await written;
    if (reply.conflict === null) this.#unexplained = 0;
    else if (this.#open()) await this.#wonder(reply.conflict.step);
    this.#changed();
  }

  /** The server sees a conflict that cannot be seen from here: its draft is read again, and if that does not help, the step set aside. */
  async #wonder(step: string): Promise<void> {
    this.#stale = true;
    this.#unexplained += 1;
    if (this.#unexplained <= UNEXPLAINED) return;
    this.#unexplained = 0;
    const entry = this.#queue.find(({ id }) => id === step);
    if (entry !== undefined) await this.#setAside(entry, "The server has another version of this object than the one it shows, so the change does not fit.");
  }

  /** Takes the server's draft as the base, forgets steps that are in its log already, and puts the rest on top. */
  async #adopt(draft: ServerDraft, lease: string): Promise<void> {
    const known = new Set(draft.history.map(({ id }) => id));
    // The history is the end of the log; where a step may stand before it, the log is asked for the part in between.
    const oldest = Math.min(...this.#queue.map((entry) => entry.known ?? 0));
    if (oldest < draft.revision - draft.history.length) {
      const reply = await this.#setup.transport.send({ lease, writer: this.#queue[0].writer, steps: [], after: oldest });
      for (const { id } of reply.missed) known.add(id);
    }
    if (lease !== this.#lease) return;
    this.#base = documentFrom(draft.collections);
    this.#revision = draft.revision;
    this.#stale = false;
    const written = this.#forget(this.#queue.filter(({ id }) => known.has(id)));
    await this.#reconcile();
    await written;
    this.#changed();
  }

  /** The server has these steps. */
  async #forget(accepted: readonly JournalEntry[]): Promise<void> {
    if (accepted.length === 0) return;
    const gone = new Set(accepted.map(({ id }) => id));
    this.#queue = this.#queue.filter(({ id }) => !gone.has(id));
    await this.#setup.journal.remove([...gone]);
  }

  /** After the base changed: conflicts stop the sending; without any, the steps are rewritten to follow the base exactly. */
  async #reconcile(): Promise<void> {
    this.#rebuild();
    if (this.#conflicts.length > 0 || this.#queue.length === 0) return;
    const written = this.#replace(settle(this.#base, this.#queue, () => "mine"));
    this.#rebuild();
    await written;
  }

  /** The document anew; `judged` is whether it is known which steps the base holds, so that a difference is a conflict. */
  #rebuild({ judged } = { judged: true }): void {
    const { document, conflicts } = rebase(this.#base, this.#queue);
    this.#document = document;
    this.#conflicts = judged && !this.#stale ? conflicts : [];
    if (this.#conflicts.length > 0 && (this.#open() || this.#phase === "offline" || this.#phase === "unavailable")) this.#phase = "conflict";
  }

  async #setAside(entry: JournalEntry, message: string): Promise<void> {
    const marked: JournalEntry = { ...entry, refused: message };
    this.#refused = [...this.#refused, { entry: marked, message }];
    this.#queue = this.#queue.filter(({ id }) => id !== entry.id);
    this.#setup.onRewrite([], [entry]);
    const written = this.#setup.journal.rewrite(new Map([[entry.id, marked]]));
    await this.#reconcile();
    await written;
    this.#changed();
  }

  /** Replaces unsent steps; those that are missing were decided against or have no effect any more. */
  async #replace(steps: readonly Step[]): Promise<void> {
    const next = new Map(steps.map((step) => [step.id, step]));
    const replaced = this.#queue.filter((entry) => { const step = next.get(entry.id); return step === undefined || !sameOperations(step.operations, entry.operations); });
    if (replaced.length === 0) return;
    const changes = new Map(replaced.map((entry): [string, JournalEntry | null] => {
      const step = next.get(entry.id);
      return [entry.id, step === undefined ? null : { ...entry, operations: step.operations, known: this.#revision }];
    }));
    this.#queue = this.#queue.flatMap((entry) => { const change = changes.get(entry.id); return change === undefined ? [entry] : change === null ? [] : [change]; });
    this.#setup.onRewrite([...changes.values()].filter((entry): entry is JournalEntry => entry !== null), replaced);
    await this.#setup.journal.rewrite(changes);
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    const failure = error instanceof TransportError ? error : new TransportError("refused", error instanceof Error ? error.message : String(error));
    switch (failure.kind) {
      case "offline":
      case "unavailable":
        if (this.#phase === "conflict") return;
        this.#phase = failure.kind;
        this.#waitAndRetry();
        break;
      case "signed-out": this.#phase = "signed-out"; break;
      case "lease-lost": this.#phase = "lost"; break;
      case "invalid":
      case "refused": this.#phase = "refused"; break;
    }
    this.#message = failure.message;
    this.#changed();
  }

  #goOn(): void {
    this.#phase = "idle";
    this.#message = "";
    this.#rebuild();
    this.#changed();
    void this.run();
  }

  /** Doubling waits, each shortened at random so that many browsers do not return at the same moment. */
  #waitAndRetry(): void {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry();
    this.#callOff = this.#setup.schedule(() => this.resume(), longest * (0.5 + Math.random() / 2));
  }

  #cancelRetry(): void {
    this.#callOff?.();
    this.#callOff = null;
  }

  #changed(): void {
    this.#setup.onChange();
  }
}
