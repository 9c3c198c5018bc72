import { seeded } from "../../math/random.js";
import { addressOf, objectAt, type Document, type Operation } from "../../model/document.js";
import type { JsonObject } from "../../model/json.js";
import type { Plan } from "../../model/plans.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { Editor } from "../Editor.js";
import { MemoryJournal, type Journal, type JournalEntry } from "../journal.js";
import { SelectTool } from "../SelectTool.js";
import type { Shape } from "../Shape.js";
import type { Tool } from "../Tool.js";
import type { Transport } from "../transport.js";
import { FAULTS, Happenings, journalOf, transportOf, type Fault } from "./events.js";
import { ModelServer, POISON } from "./ModelServer.js";

/** What a run leaves behind for the judge. */
export interface Outcome {
  readonly server: ModelServer;
  /** Every step that reached a journal, as it was made. */
  readonly made: ReadonlyMap<string, JournalEntry>;
  /** `id address` of unsent changes that a person decided about: which version of the object goes on, or that it is given up. */
  readonly decided: ReadonlySet<string>;
  /** Steps that are still in a journal. */
  readonly left: readonly JournalEntry[];
  /** The documents that the two see at the end, once each has heard of everything. */
  readonly documents: readonly Document[];
  /** Whether the two were tabs of one person in one browser, each of which sends what it finds in the journal they share. */
  readonly shared: boolean;
  /** What went wrong in the run itself. */
  readonly faults: readonly string[];
}

/** How a part can be broken, so that the judge can be seen to notice. */
export interface Sabotage {
  readonly server?: (server: ModelServer) => void;
  readonly journal?: (journal: Journal) => Journal;
  readonly transport?: (transport: Transport, disk: MemoryJournal) => Transport;
}

/** A place where somebody works: a browser that opens the work, dies and opens it again. */
interface Desk {
  readonly user: string;
  readonly disk: MemoryJournal;
  /** The page that is open now. */
  page: { editor: Editor | null } | null;
}

const nothing = {
  type: "nothing", noun: "thing", read: () => null, write: (_: unknown, object: JsonObject) => object, bounds: () => ({ left: 0, top: 0, right: 0, bottom: 0 }),
} as unknown as Shape;
const taxonomy = readTaxonomy({ geometries: {} });

const EVENTS = 44;
declare const setImmediate: (run: () => void) => void;
const tick = () => new Promise<void>((resolve) => { setImmediate(resolve); });

/** One run: two writers act, things fail, and at the end everything heals. */
export class Run {
  readonly #random: () => number;
  readonly #server: ModelServer;
  readonly #happenings = new Happenings();
  readonly #made = new Map<string, JournalEntry>();
  readonly #decided = new Set<string>();
  readonly #faults: string[] = [];
  readonly #sabotage: Sabotage;
  readonly #desks: readonly Desk[];
  #healing = false;
  #values = 0;

  constructor(seed: number, sabotage: Sabotage = {}) {
    this.#random = seeded(seed);
    this.#sabotage = sabotage;
    this.#server = new ModelServer(seed % 4 !== 1);
    sabotage.server?.(this.#server);
    const disks = [new MemoryJournal(true), new MemoryJournal(true)];
    // In every fourth run the two writers are tabs of one person in one browser.
    const users = seed % 4 === 0 ? ["ada", "ada"] : ["ada", "bob"];
    this.#desks = users.map((user, i) => ({ user, disk: disks[user === "ada" ? 0 : i], page: null }));
  }

  async outcome(): Promise<Outcome> {
    for (let i = 0; i < EVENTS; i++) {
      this.#act(this.#pick(this.#desks));
      await tick();
    }
    const documents = await this.#heal();
    const left = await Promise.all(this.#desks.map(({ disk, user }) => disk.pending("w", user)));
    return { server: this.#server, made: this.#made, decided: this.#decided, left: left.flat(), documents, shared: this.#desks[0].disk === this.#desks[1].disk, faults: this.#faults };
  }

  #pick<T>(values: readonly T[]): T { return values[Math.floor(this.#random() * values.length)]; }
  #happen(): boolean { return this.#happenings.step((count) => Math.floor(this.#random() * count)); }

  #act(desk: Desk): void {
    const dice = this.#random();
    if (dice < 0.45 && this.#happen()) return;
    if (desk.page === null) return this.#open(desk);
    const { editor } = desk.page;
    if (editor === null) return;
    if (dice < 0.72) void editor.commit(this.#edit());
    else if (dice < 0.79) void (this.#random() < 0.6 ? editor.undo() : editor.redo());
    else if (dice < 0.83) void editor.heartbeat();
    else if (dice < 0.87) this.#server.expire();
    else if (dice < 0.95) this.#answer(desk.user, editor);
    else this.#kill(desk);
  }

  /** A change of one or two objects, now and then one that the server refuses. */
  #edit(): Plan {
    const keys = this.#random() < 0.8 ? [this.#pick(["a", "b", "c"])] : ["b", "c"];
    const [removes, poisons] = [this.#random() < 0.2, this.#random() < 0.04];
    // Few values, so that both writers sometimes do the same and an object sometimes returns to what it was.
    const value: JsonObject = { v: this.#random() < 0.3 ? this.#pick([1, 2]) : 10 + ++this.#values, ...(poisons ? { [POISON]: true } : {}) };
    return (document) => keys.flatMap((key): Operation[] => {
      const before = objectAt(document, "annotations", key);
      const after = removes ? null : value;
      return before === null && after === null ? [] : [{ collection: "annotations", key, before, after }];
    });
  }

  #fault(): Fault { return this.#healing || this.#random() < 0.65 ? "none" : this.#pick(FAULTS); }

  /** Opens the work as a page does: a claim, then the editor; nothing where somebody else holds it. */
  #open(desk: Desk): void {
    const claimed = this.#server.claim(desk.user);
    if (claimed === null) return;
    const page: NonNullable<Desk["page"]> = { editor: null };
    desk.page = page;
    const journal = journalOf(page, desk.disk, this.#happenings, (entry) => this.#made.set(entry.id, entry));
    const transport = transportOf(page, desk.user, this.#server, this.#happenings, () => this.#fault());
    const opened = Editor.open({
      transport: this.#sabotage.transport?.(transport, desk.disk) ?? transport, journal: this.#sabotage.journal?.(journal) ?? journal,
      schedule: (run) => this.#happenings.add({ tab: page, ordered: false, survives: false, happen: run }),
      work: "w", user: desk.user, lease: claimed.lease, draft: claimed.draft,
      taxonomy, picture: { width: 10, height: 10 }, shapes: [], fallback: nothing, tools: [SelectTool as Tool],
    });
    void opened.then((editor) => { page.editor = editor; }, (error: unknown) => this.#faults.push(String(error)));
  }

  /** The page is gone in the middle of whatever it does. */
  #kill(desk: Desk): void {
    if (desk.page === null) return;
    desk.page.editor?.close();
    this.#happenings.kill(desk.page, this.#random);
    desk.page = null;
  }

  /** The person answers whatever the page asks. */
  #answer(user: string, editor: Editor): void {
    const { phase, refused, message } = editor.state.get().sync;
    const decide = (collection: string, key: string): void => {
      for (const { id, user: maker } of this.#made.values()) if (maker === user && !this.#server.knows(id)) this.#decided.add(`${id} ${addressOf(collection, key)}`);
    };
    switch (phase) {
      case "conflict": {
        const choice = this.#pick(["mine", "theirs", "each"] as const);
        return void editor.choose((collection, key) => {
          decide(collection, key);
          return choice === "each" ? this.#pick(["mine", "theirs"] as const) : choice;
        });
      }
      case "lost": return void editor.reclaim().catch(() => undefined);
      case "refused":
        this.#faults.push(`the page stops: ${message}`);
        return editor.resume();
      case "idle":
      case "sending":
        if (refused.length === 0) return;
        if (!this.#healing && this.#random() < 0.5) return void editor.retryRefused();
        for (const { entry } of refused) for (const { collection, key } of entry.operations) decide(collection, key);
        return void editor.dropRefused();
      default: return editor.resume();
    }
  }

  /** No more faults: one after the other takes the work, answers what is asked and sends what is there, twice, to hear of everything. */
  async #heal(): Promise<readonly Document[]> {
    this.#healing = true;
    const documents: Document[] = [];
    for (const [pass, desk] of [...this.#desks, ...this.#desks].entries()) {
      await this.#drain();
      // Without leases nothing tells a page that sends nothing what the other did; it is opened once more.
      if (this.#random() < 0.5 || (!this.#server.leased && pass >= this.#desks.length)) this.#kill(desk);
      this.#server.expire();
      for (let i = 0; i < 20 && (i < 3 || !atRest(desk)); i++) {
        if (desk.page === null) this.#open(desk);
        // A sign of life tells a page that has nothing to send, and perhaps has just been signed in again, that its lease is over.
        else if (i % 2 === 0) void desk.page.editor?.heartbeat();
        else if (desk.page.editor !== null) this.#answer(desk.user, desk.page.editor);
        await this.#drain();
      }
      const editor = desk.page?.editor ?? null;
      if (editor === null) {
        this.#faults.push(`${desk.user} cannot open the work`);
        continue;
      }
      const { sync, document } = editor.state.get();
      if (!atRest(desk)) this.#faults.push(`${desk.user} ends ${sync.phase}, ${sync.waiting} unsent: ${sync.message}`);
      if (pass >= this.#desks.length) documents.push(document);
      // Without leases the other's changes may come in between.
      else if (this.#server.leased) await this.#thereAndBack(editor);
      await this.#drain();
    }
    return documents;
  }

  /** What was taken back can be done again, unless taking it back brought up what the server refuses. */
  async #thereAndBack(editor: Editor): Promise<void> {
    const undone = editor.undo();
    await this.#drain();
    const redone = editor.redo();
    await this.#drain();
    const { refused } = editor.state.get().sync;
    if (await undone && !(await redone) && refused.length === 0) this.#faults.push("what was taken back cannot be done again");
  }

  async #drain(): Promise<void> {
    do await tick(); while (this.#happen());
  }
}

function atRest({ page }: Desk): boolean {
  const sync = page?.editor?.state.get().sync;
  return sync?.phase === "idle" && sync.waiting === 0 && sync.refused.length === 0;
}
