import { uuid4, uuid7 } from "../math/uuid.js";
import type { Issue } from "../model/checks.js";
import { apply, type Choice, type Document, type Operation } from "../model/document.js";
import { forget, rebuild, record, redoOperations, undoOperations, type History, type Mark } from "../model/history.js";
import type { Plan } from "../model/plans.js";
import type { Journal, JournalEntry } from "./journal.js";
import { asSent, tooMuch } from "./queue.js";
import { Sender, type Schedule, type SyncState } from "./Sender.js";
import { TransportError, type ServerDraft, type Transport } from "./transport.js";

export interface LedgerSetup {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly schedule: Schedule;
  readonly work: string;
  readonly user: string;
  readonly lease: string;
  readonly draft: ServerDraft;
  /** Why a change must not be made, in words; null where it may. */
  readonly refusal: (operations: readonly Operation[]) => string | null;
  readonly onChange: () => void;
  readonly tell: (text: string) => void;
}

export type Released = { readonly done: true } | { readonly done: false; readonly message: string };
export type Submitted = { readonly done: true } | { readonly done: false; readonly message: string; readonly issues: readonly Issue[] };

/** How often a submission whose answer was lost is repeated by itself, and how long after the one before, in milliseconds. */
const REPEATS = [1000, 2000, 4000];

/** One act of handing in: the same id again is the same act. */
interface Handing {
  readonly id: string;
  readonly revision: number;
  readonly verdict: "rejected" | undefined;
}

/** The steps of one open piece of work, from the plan to the acknowledgement: commits, undo, sending, and handing the work in or back. */
export class Ledger {
  readonly #setup: LedgerSetup;
  readonly #writer: string;
  readonly #sender: Sender;
  #history: History;
  #sequence = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #submission: Handing | null = null;
  /** Whether the work is on its way out of these hands. */
  #handing = false;
  /** A submission was sent and no answer came: the server may have taken it, which ends the lease. */
  #undecided = false;

  private constructor(setup: LedgerSetup, writer: string, entries: readonly JournalEntry[], history: History) {
    this.#setup = setup;
    this.#writer = writer;
    this.#history = history;
    this.#sender = new Sender({ ...setup, entries, onRewrite: (left, replaced) => this.#rewriteHistory(left, replaced) });
  }

  /** The server's draft, then what this browser had not sent, with this person's undo history. */
  static async open(setup: LedgerSetup): Promise<Ledger> {
    const writer = uuid4();
    const known = await setup.journal.open(setup.work, setup.user, writer);
    const own = setup.draft.history.filter((step) => step.own ?? known.writers.includes(step.writer));
    const logged = new Set(setup.draft.history.map(({ id }) => id));
    const unsent = known.entries.filter(({ id, refused }) => !logged.has(id) && refused === undefined);
    const marks = new Map<string, Mark>([...own.flatMap(({ id, mark }): [string, Mark][] => (mark === undefined ? [] : [[id, mark]])), ...known.marks]);
    return new Ledger(setup, writer, known.entries, rebuild([...own, ...unsent], ({ id }) => marks.get(id) ?? "edit"));
  }

  /** Begins to send; from now on `onChange` is called. */
  start(): Promise<void> { return this.#sender.start(); }

  get document(): Document { return this.#sender.document; }
  get state(): SyncState { return this.#sender.state; }
  get canUndo(): boolean { return this.#history.done.length > 0; }
  get canRedo(): boolean { return this.#history.undone.length > 0; }

  /** Works out a plan at its turn, journals the step and only then shows it. Resolves to whether there was anything to do. */
  commit(plan: Plan, mark: Mark = "edit"): Promise<boolean> {
    if (this.#handing) {
      // It would be missing from what is handed in.
      this.#setup.tell("This work is being handed over; nothing can be changed meanwhile.");
      return Promise.resolve(false);
    }
    const turn = this.#turn.then(async () => {
      const planned = plan(this.#sender.document);
      if (planned.length === 0) return false;
      const refused = this.#setup.refusal(planned);
      if (refused !== null) {
        this.#setup.tell(refused);
        return false;
      }
      const operations = asSent(planned);
      const excess = tooMuch(operations);
      if (excess !== null) throw new Error(excess);
      const entry: JournalEntry = {
        id: uuid7(), sequence: ++this.#sequence, operations, mark, known: this.#sender.revision,
        work: this.#setup.work, user: this.#setup.user, writer: this.#writer,
      };
      await this.#setup.journal.append(entry);
      this.#history = record(this.#history, entry, mark);
      this.#sender.enqueue(entry);
      return true;
    });
    this.#turn = turn.catch(() => undefined);
    return turn.catch((error: unknown) => {
      this.#setup.tell(`This change was not kept: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    });
  }

  undo(): Promise<boolean> { return this.#walk("undo"); }
  redo(): Promise<boolean> { return this.#walk("redo"); }

  #walk(side: "undo" | "redo"): Promise<boolean> {
    return this.commit((document) => {
      const operations: readonly Operation[] | null = side === "undo" ? undoOperations(this.#history) : redoOperations(this.#history);
      if (operations === null) return [];
      if (apply(document, operations) !== null) return operations;
      this.#history = forget(this.#history, side);
      this.#setup.tell("This cannot be taken back: somebody else has changed the same object since.");
      return [];
    }, side);
  }

  #rewriteHistory(left: readonly JournalEntry[], replaced: readonly JournalEntry[]): void {
    const kept = new Map(left.map((entry) => [entry.id, entry]));
    const gone = new Set(replaced.filter(({ id }) => !kept.has(id)).map(({ id }) => id));
    const rewrite = (steps: History["done"]) => steps.filter(({ id }) => !gone.has(id)).map((step) => kept.get(step.id) ?? step);
    this.#history = { done: rewrite(this.#history.done), undone: rewrite(this.#history.undone) };
  }

  /** Resolves when every change made so far is in the document. */
  async quiet(): Promise<void> {
    await this.#turn;
  }

  // Handing in and back

  submit(verdict?: "rejected"): Promise<Submitted> {
    return this.#handOver(async () => {
      const left = await this.#unsent();
      if (left !== null) return { done: false, message: `Not submitted: ${left}`, issues: [] };
      if (this.#submission?.revision !== this.#sender.revision || this.#submission.verdict !== verdict) this.#submission = { id: uuid4(), revision: this.#sender.revision, verdict };
      return this.#handIn({ ...this.#submission, lease: this.#sender.lease }, REPEATS);
    });
  }

  /** Takes no further changes until the work is out of these hands, or stays in them after all. */
  async #handOver<R extends { readonly done: boolean }>(act: () => Promise<R>): Promise<R> {
    this.#handing = true;
    let stays = true;
    try {
      const result = await act();
      stays = !result.done;
      return result;
    } finally {
      if (stays) this.#handing = false;
    }
  }

  /** Hands in, and asks again where no answer came: the same submission twice is one. */
  async #handIn({ id, revision, verdict, lease }: Handing & { readonly lease: string }, repeats: readonly number[]): Promise<Submitted> {
    try {
      await this.#setup.transport.submit({ lease, submission: id, revision, ...(verdict === undefined ? {} : { verdict }) });
    } catch (error) {
      const failure = error instanceof TransportError ? error : new TransportError("refused", error instanceof Error ? error.message : String(error));
      this.#undecided = failure.kind === "offline" || failure.kind === "unavailable";
      if (this.#undecided && repeats.length > 0) {
        await new Promise<void>((resolve) => this.#setup.schedule(resolve, repeats[0]));
        return this.#handIn({ id, revision, verdict, lease }, repeats.slice(1));
      }
      if (failure.kind === "signed-out" || failure.kind === "lease-lost") this.#sender.report(failure, lease);
      const message = this.#undecided ? `Not submitted yet: ${failure.message} Nothing is lost. Press Submit again; it is never handed in twice.` : failure.message;
      return { done: false, message, issues: failure.issues };
    }
    await this.#leave();
    return { done: true };
  }

  /**
   * Gives the work back, with everything that was drawn. Nothing is given back before the server has all of it. `call` tells the server
   * in which way.
   */
  release(call: (lease: string) => Promise<void>): Promise<Released> {
    return this.#handOver<Released>(async () => {
      const left = await this.#unsent();
      if (left !== null) return { done: false, message: `Not given back: ${left}` };
      const result = await this.holding(call);
      if (result.done) await this.#leave();
      return result;
    });
  }

  /** What has not reached the server after all was tried, in words; null where it has everything. */
  async #unsent(): Promise<string | null> {
    await this.#turn;
    if (this.state.phase === "offline" || this.state.phase === "unavailable") this.#sender.resume();
    await this.#sender.settled();
    // Another tab may have left steps in the journal that this one has never seen.
    this.#sender.absorb(await this.#setup.journal.pending(this.#setup.work, this.#setup.user));
    await this.#sender.settled();
    if (this.state.waiting > 0) return "some changes have not reached the server yet.";
    if (this.state.refused.length > 0) return "the server refused one of your changes; decide first what becomes of it.";
    return null;
  }

  /** The work is out of these hands: nothing is sent any more, and the journal forgets how to undo it. */
  async #leave(): Promise<void> {
    this.#sender.stop();
    await this.#setup.journal.close(this.#setup.work, this.#setup.user);
  }

  /** Makes a call that needs the hold on the work. */
  async holding(call: (lease: string) => Promise<void>): Promise<Released> {
    const { lease } = this.#sender;
    try {
      await call(lease);
      return { done: true };
    } catch (error) {
      if (error instanceof TransportError && (error.kind === "signed-out" || error.kind === "lease-lost")) this.#sender.report(error, lease);
      return { done: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  async heartbeat(): Promise<void> {
    const { phase } = this.state;
    const { lease } = this.#sender;
    if (phase === "lost" || phase === "signed-out") return;
    try {
      await this.#setup.transport.heartbeat(lease);
      if (phase === "offline" || phase === "unavailable") this.#sender.resume();
    } catch (error) {
      // A submission that was taken has ended the lease; only asking again tells.
      if (this.#undecided && error instanceof TransportError && error.kind === "lease-lost") return;
      this.#sender.report(error, lease);
    }
  }

  /** Takes the work anew after the lease was lost. Resolves to whether it could be had. */
  async reclaim(): Promise<boolean> {
    const claimed = await this.#setup.transport.claim();
    if (claimed === null) return false;
    await this.#sender.restart(claimed.lease, claimed.draft);
    return true;
  }

  resume(): void { this.#sender.resume(); }
  choose(choice: (collection: string, key: string) => Choice): Promise<void> { return this.#sender.choose(choice); }
  retryRefused(): Promise<void> { return this.#sender.retryRefused(); }
  dropRefused(): Promise<void> { return this.#sender.dropRefused(); }

  /** Ends the work on it here; unsent steps stay in the journal. */
  close(): void { this.#sender.stop(); }
}
