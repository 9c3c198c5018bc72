import type { ImagePoint } from "../math/space.js";
import { uuid4 } from "../math/uuid.js";
import { collection, documentFrom, type Collection, type Document, type DraftCollections } from "../model/document.js";
import { ANNOTATIONS } from "../model/plans.js";
import { Comparison, NO_CHANGES, setVerdicts, verdictAt, type Changes, type ReviewRecord, type Thread, type Verdict } from "../model/review.js";
import type { Editor } from "./Editor.js";
import type { Item } from "./items.js";
import { Store } from "./store.js";

/** What a review asks of the server. */
export interface ReviewCalls {
  record(): Promise<ReviewRecord>;
  version(version: number): Promise<DraftCollections>;
  comment(lease: string, comment: NewComment): Promise<Thread>;
  resolve(lease: string, thread: string, resolved: boolean): Promise<Thread>;
}

export interface NewComment {
  readonly id: string;
  readonly thread?: string;
  readonly text: string;
  readonly object?: string;
  readonly x?: number;
  readonly y?: number;
}

/** Which objects are in the list and on the picture. */
export type Filter = "all" | "changed" | "open" | "rejected";

/** A thread that is about to be begun. */
export interface Beginning {
  readonly object: string | null;
  readonly at: ImagePoint | null;
}

export interface ReviewState {
  readonly record: ReviewRecord;
  /** The version that the draft is compared with. */
  readonly compare: number;
  readonly changes: Changes;
  /** The objects of the draft as they were in that version are shown. */
  readonly past: boolean;
  readonly filter: Filter;
  /** The thread that is looked at. */
  readonly thread: string | null;
  readonly beginning: Beginning | null;
  /** The next click on the picture says where a comment belongs. */
  readonly placing: boolean;
}

/** What lies around the draft while work is reviewed or put right: earlier versions, verdicts and comments. It changes the draft through the editor only. */
export class Review {
  readonly state: Store<ReviewState>;
  readonly editor: Editor;
  readonly #calls: ReviewCalls;
  #was: Document;
  #comparison: Comparison;
  #seen: Document | null = null;
  /** What was there when the filter was set: what is drawn afterwards is always shown. */
  #known: ReadonlySet<string> = new Set();
  #removed: { readonly of: Collection | null; readonly list: readonly Item[] } = { of: null, list: [] };
  readonly #stop: () => void;

  private constructor(editor: Editor, calls: ReviewCalls, record: ReviewRecord, was: Document) {
    this.editor = editor;
    this.#calls = calls;
    this.#was = was;
    this.#comparison = new Comparison(was);
    this.state = new Store<ReviewState>({ record, compare: record.compare, changes: NO_CHANGES, past: false, filter: "all", thread: null, beginning: null, placing: false });
    this.#stop = editor.state.subscribe(() => this.#follow());
    this.#follow();
    // Who has seen it before looks at what is new; who gets it back, at what was wrong.
    if (record.again && this.count("changed") > 0) this.filter("changed");
    else if (record.kind === "redo" && this.count("rejected") > 0) this.filter("rejected");
  }

  static async open(editor: Editor, calls: ReviewCalls): Promise<Review> {
    const record = await calls.record();
    return new Review(editor, calls, record, documentFrom(await calls.version(record.compare)));
  }

  close(): void { this.#stop(); }

  get isReview(): boolean { return this.state.get().record.kind === "review"; }

  /** Whether what changed is worth a mark: where a person changed what a person had seen. */
  get isNews(): boolean { return this.state.get().compare > 0; }

  /** What was there in the version compared with and is there no more. */
  removed(): readonly Item[] {
    const { removed } = this.state.get().changes;
    if (this.#removed.of !== removed) this.#removed = { of: removed, list: this.editor.read(removed).list };
    return this.#removed.list;
  }

  // Verdicts

  /**
   * The verdict on an object: the reviewer's own, or else the one from before where nothing has changed since. For who puts it right the
   * one that it came back with.
   */
  verdict(key: string): Verdict | null {
    const { record, changes, compare } = this.state.get(), before = record.before[key] ?? null;
    if (!this.isReview) return before;
    const own = verdictAt(this.editor.state.get().document, key);
    if (own !== null || !record.again || compare !== record.compare || changes.objects.has(key)) return own;
    return before === "accepted" ? before : null;
  }

  /** Notes a verdict on the selected objects, or takes the same one back, and goes on to the next one without. */
  async decide(verdict: Verdict): Promise<void> {
    const { selection } = this.editor.state.get();
    if (!this.isReview) return this.editor.tell("Verdicts are for reviews.");
    if (selection.length === 0) return this.editor.tell("Select an object first.");
    const { document } = this.editor.state.get(), same = selection.every((key) => verdictAt(document, key) === verdict);
    await this.editor.commit(setVerdicts(selection, same ? null : verdict));
    if (!same && selection.length === 1) this.next(1, "open");
  }

  /** Goes to the next object that is not decided yet, or that is among those shown. */
  next(direction: 1 | -1, which: Filter = "open"): void {
    const { items, selection } = this.editor.state.get();
    const { list } = items, from = selection.length === 0 ? -1 : items.numberOf(selection[selection.length - 1]) - 1;
    const wanted = this.keys(this.state.get().filter);
    for (let step = 1; step <= list.length; step++) {
      const item = list[(from + direction * step + 2 * list.length) % list.length];
      if ((wanted === null || wanted.has(item.key)) && (which !== "open" || this.verdict(item.key) === null)) return this.editor.reveal(item.key);
    }
    this.editor.tell("Every object has its verdict.");
  }

  // Looking

  /** The keys of the objects that a filter leaves; null for all. */
  keys(filter: Filter): ReadonlySet<string> | null {
    if (filter === "all") return null;
    if (filter === "changed") return new Set(this.state.get().changes.objects.keys());
    return new Set(this.#all().filter((key) => this.verdict(key) === (filter === "open" ? null : "rejected")));
  }

  count(filter: Filter): number {
    return this.keys(filter)?.size ?? this.editor.state.get().items.list.length;
  }

  filter(filter: Filter): void {
    this.state.update({ filter });
    this.#known = new Set(this.#all());
    this.#show();
  }

  /** Shows how it was, or how it is. */
  lookBack(past: boolean): void {
    if (past === this.state.get().past) return;
    this.state.update({ past });
    this.editor.show(past ? this.#was : null);
  }

  /** Compares with another version. */
  async compareWith(version: number): Promise<void> {
    const was = documentFrom(await this.#calls.version(version));
    this.#was = was;
    this.#comparison = new Comparison(was);
    this.#seen = null;
    this.state.update({ compare: version });
    this.#follow();
    if (this.state.get().past) this.editor.show(was);
  }

  #follow(): void {
    const { document } = this.editor.state.get();
    if (document === this.#seen || this.state.get().past) return;
    this.#seen = document;
    this.state.update({ changes: this.#comparison.with(document) });
    if (this.state.get().filter !== "all") this.#show();
  }

  #all(): string[] {
    return [...collection(this.editor.state.get().document, ANNOTATIONS).keys()];
  }

  #show(): void {
    const keys = this.keys(this.state.get().filter);
    this.editor.showOnly(keys === null ? null : new Set([...keys, ...this.#all().filter((key) => !this.#known.has(key))]));
  }

  // Comments

  /** Begins a thread about the selected object, or about a place that the next click says. */
  begin(): void {
    const { selection, items } = this.editor.state.get(), item = items.get(selection[selection.length - 1] ?? null);
    if (item === null) return this.place(true);
    const { top, right } = item.bounds;
    this.beginAt({ object: item.key, at: { x: Math.round(right), y: Math.round(top) } });
  }

  beginAt(beginning: Beginning | null): void { this.state.update({ beginning, placing: false, thread: null }); }
  place(placing: boolean): void { this.state.update({ placing, beginning: null }); }

  /** Looks at a thread: its object is selected and its place brought into sight. */
  look(id: string | null): void {
    this.state.update({ thread: id, beginning: null });
    const thread = this.state.get().record.threads.find((one) => one.id === id);
    if (thread === undefined) return;
    if (thread.object !== null && this.editor.state.get().items.get(thread.object) !== null) this.editor.reveal(thread.object);
    else if (thread.at !== null) this.editor.bring(thread.at);
  }

  /** Writes a comment; resolves to what kept it from being sent, in words, or null. */
  async write(text: string, thread: string | null): Promise<string | null> {
    const { beginning } = this.state.get();
    const about = thread !== null ? { thread } : {
      ...(beginning?.object == null ? {} : { object: beginning.object }), ...(beginning?.at == null ? {} : { x: beginning.at.x, y: beginning.at.y }),
    };
    const comment: NewComment = { id: uuid4(), text, ...about };
    return this.#keep((lease) => this.#calls.comment(lease, comment), (written) => ({ beginning: null, thread: written.id }));
  }

  resolve(thread: string, resolved: boolean): Promise<string | null> {
    return this.#keep((lease) => this.#calls.resolve(lease, thread, resolved), () => ({}));
  }

  async #keep(call: (lease: string) => Promise<Thread>, then: (thread: Thread) => Partial<ReviewState>): Promise<string | null> {
    const kept: Thread[] = [];
    const result = await this.editor.holding(async (lease) => { kept.push(await call(lease)); });
    if (!result.done) return result.message;
    for (const thread of kept) {
      const { record } = this.state.get();
      const threads = record.threads.some(({ id }) => id === thread.id) ? record.threads.map((one) => (one.id === thread.id ? thread : one)) : [...record.threads, thread];
      this.state.update({ record: { ...record, threads }, ...then(thread) });
    }
    return null;
  }

  /** How many comments were written during this work, and on how many objects the verdict is to reject. */
  reasons(): { readonly comments: number; readonly rejected: number } {
    const since = lastOf(this.state.get().record.versions)?.at ?? "";
    const own = this.state.get().record.threads.flatMap(({ comments }) => comments).filter(({ by, at }) => by?.own === true && at > since);
    return { comments: own.length, rejected: this.count("rejected") };
  }
}

/** The last one, if there is any. */
export function lastOf<T>(list: readonly T[]): T | undefined {
  return list[list.length - 1];
}
