import { unionOf } from "../math/arrange.js";
import type { ImageBounds, ImagePoint, ScreenPoint } from "../math/space.js";
import type { Turn } from "../math/turn.js";
import { uuid4 } from "../math/uuid.js";
import type { Size, View } from "../math/view.js";
import { checkDraft, paddedPicture, type Issue, type PictureSize } from "../model/checks.js";
import { collection, collectionsOf, overwrite, type Choice, type Collection, type Document } from "../model/document.js";
import type { Mark } from "../model/history.js";
import { readLinks, type Link } from "../model/links.js";
import { addWords, lockWords, refusalOf } from "../model/permissions.js";
import { ANNOTATIONS, LINKS, removeObjects, type Plan } from "../model/plans.js";
import { rotationQuestion, settleRotation, turnOf } from "../model/rotation.js";
import { allowsLabel, labelChoices, type LabelChoice, type Taxonomy } from "../model/taxonomy.js";
import { relabel } from "./acts.js";
import { pageClipboard, type Clipboard } from "./clipboard.js";
import { NO_MEMORY, readDisplay, withTrait, writeDisplay, type DisplayMap, type DisplayTrait } from "./display.js";
import { EMPTY_HAND, type Hand, type HandContext, type HandResult } from "./hand/context.js";
import { inputToHand } from "./hand/hand.js";
import { pickItem, type Pick } from "./hand/picking.js";
import { ItemReader, type Items } from "./items.js";
import { largeness } from "./largeness.js";
import { Ledger, type Released, type Submitted } from "./Ledger.js";
import { preferences } from "./preferences.js";
import { NOTHING_TO_SEND } from "./Sender.js";
import { choose } from "./selection.js";
import type { EditorSetup, EditorState } from "./setup.js";
import { NO_MODIFIERS, type ShapeSet } from "./Shape.js";
import { Sight } from "./Sight.js";
import { Store } from "./store.js";
import { snapActive, snapPoint } from "./snap.js";
import type { Input, Preview, SelectMode, Tool, ToolContext, ToolResult } from "./Tool.js";

/** Pointer reach around outlines, in CSS pixels. */
const REACH = 6;

/** The only writer of a piece of work: it turns inputs into steps, journals them, shows them and has them sent. */
export class Editor {
  readonly taxonomy: Taxonomy;
  readonly tools: readonly Tool[];
  readonly labels: readonly LabelChoice[];
  readonly limits: ImageBounds;
  readonly picture: PictureSize;
  readonly work: string;
  readonly shapes: ShapeSet;
  readonly clipboard: Clipboard;
  readonly state: Store<EditorState>;
  readonly view: Store<View>;
  /** Counts up when the shape in hand changes. */
  readonly preview = new Store<Preview | null>(null);
  readonly cursor = new Store<string>("default");
  /** The item under the pointer or under the row of the list that the pointer is on. */
  readonly hover = new Store<string | null>(null);
  /** What the pointer is busy with besides shapes: picking, lines across objects, the selected link. */
  readonly hand = new Store<Hand>(EMPTY_HAND);
  /** How far the picture is turned on the screen. */
  readonly turn = new Store<Turn>(0);
  readonly #setup: EditorSetup;
  readonly #reader: ItemReader;
  readonly #sight: Sight;
  #ledger!: Ledger;
  #toolState: unknown;
  /** What was half drawn when another tool was taken, by tool. */
  readonly #aside = new Map<string, unknown>();
  #notices = 0;
  #lastDrawing: string | null = null;
  /** The button is down on something of the tool's. */
  #pressed = false;
  #pointer: ImagePoint | null = null;
  /** Steps on their way into the journal that came from the shape in hand. */
  #held = 0;
  /** The only objects to be shown; null for all. */
  #only: ReadonlySet<string> | null = null;
  #links: { readonly of: Collection; readonly list: readonly Link[] } | null = null;
  /** Why nothing may be changed, for now or for good. */
  #closed: string | null;
  /** What is shown in place of the work's own document. */
  #instead: Document | null = null;

  private constructor(setup: EditorSetup) {
    this.#setup = setup;
    this.#closed = setup.closed ?? null;
    this.taxonomy = setup.taxonomy;
    const asked = (type: string): boolean => (setup.taxonomy.geometries[type]?.labels.length ?? 0) > 0;
    this.tools = setup.tools.filter(({ draws, worksOn }) => (draws === null || asked(draws)) && (worksOn === undefined || worksOn.some(asked)));
    this.labels = labelChoices(setup.taxonomy);
    this.picture = setup.picture;
    this.limits = paddedPicture(setup.taxonomy, setup.picture);
    this.#sight = new Sight(this.limits);
    this.view = this.#sight.view;
    this.work = setup.work;
    this.shapes = setup.shapes;
    this.clipboard = setup.clipboard ?? pageClipboard();
    this.#reader = new ItemReader(setup.shapes, setup.fallback);
    this.#toolState = this.tools[0].start;
    const document: Document = new Map(), items = this.#reader.read(collection(document, ANNOTATIONS));
    this.state = new Store<EditorState>({
      document, items, shown: items, selection: [], display: readDisplay((setup.memory ?? NO_MEMORY).read()), tool: this.tools[0].id, label: null,
      sync: NOTHING_TO_SEND, canUndo: false, canRedo: false, notice: null, serverIssues: [],
    });
  }

  /** Opens a claimed piece of work: the server's draft, then what this browser had not sent, with its undo history. */
  static async open(setup: EditorSetup): Promise<Editor> {
    const editor = new Editor(setup);
    editor.#ledger = await Ledger.open({
      ...setup, refusal: (operations) => editor.closed ?? refusalOf(setup.taxonomy.base, operations) ?? largeness(operations), onChange: () => editor.#refresh(), tell: (text) => editor.tell(text),
    });
    await editor.#ledger.start();
    editor.#refresh();
    return editor;
  }

  // Steps

  /**
   * Works out a plan at its turn, journals the step and only then shows it. Resolves to whether there was anything to do.
   */
  commit(plan: Plan, mark: Mark = "edit"): Promise<boolean> { return this.#ledger.commit(plan, mark); }

  undo(): Promise<boolean> { return this.#walk("undo"); }
  redo(): Promise<boolean> { return this.#walk("redo"); }

  #walk(side: "undo" | "redo"): Promise<boolean> {
    if (side === "undo" && this.input({ kind: "key", key: "Undo", ...NO_MODIFIERS })) return Promise.resolve(true);
    if (this.input({ kind: "cancel" }, "drawing only")) return Promise.resolve(true);
    return side === "undo" ? this.#ledger.undo() : this.#ledger.redo();
  }

  /** Removes objects that are not locked; says so where some are. */
  remove(keys: string | readonly string[]): void {
    const all = [keys].flat();
    // Of several, those that cannot be seen are kept: nobody would notice that they are gone.
    const free = all.filter((key) => this.removable(key) && (all.length === 1 || !this.hidden(key)));
    const kept = all.some((key) => this.removable(key) && !free.includes(key)) ? "Locked and hidden objects" : "Locked objects";
    if (free.length < all.length) this.tell(free.length === 0 ? this.lockOf(all[0]) ?? `${kept} are not removed. ${kept === "Locked objects" ? "Unlock" : "Unlock or show"} them first.` : `${kept} were kept.`);
    if (free.length > 0) void this.commit(removeObjects(free));
  }

  // Choosing

  select(keys: string | null | readonly string[], mode: SelectMode = "only"): void {
    const before = this.state.get().selection;
    const selection = choose(before, keys === null ? [] : typeof keys === "string" ? [keys] : keys, mode);
    if (this.hand.get().link !== null) this.hand.set(EMPTY_HAND);
    if (selection !== before) this.state.update({ selection });
    this.#updatePreview();
  }

  /** Hides or shows, locks or unlocks objects, for this person on this computer. */
  setTrait(keys: readonly string[], trait: DisplayTrait, on: boolean): void {
    const { display: before, items } = this.state.get();
    const display = withTrait(before, keys, trait, on);
    this.state.update({ display, shown: this.#visible(items, display) });
    this.#setup.memory?.write(writeDisplay(display));
    this.#updatePreview();
  }

  #visible(items: Items, display: DisplayMap): Items {
    return items.only((key) => display.get(key)?.hidden !== true && this.#only?.has(key) !== false);
  }

  /** Shows only some of the objects; null shows all again. */
  showOnly(keys: ReadonlySet<string> | null): void {
    this.#only = keys;
    const { items, display } = this.state.get();
    this.state.update({ shown: this.#visible(items, display) });
    this.#updatePreview();
  }

  /** Objects of another state of the same picture, ready to be drawn. */
  read(objects: Collection): Items { return this.#reader.read(objects); }

  hidden(key: string): boolean { return this.state.get().display.get(key)?.hidden === true; }
  /** Whether an object may be removed: what only the task has locked may be where the task says so. */
  removable(key: string): boolean {
    const { originals, canDelete } = this.taxonomy.base;
    return this.closed === null && this.state.get().display.get(key)?.locked !== true && (canDelete || !originals.has(key));
  }

  /** Whether an object cannot be changed by hand: the person has locked it, or the task does not allow it. */
  locked(key: string): boolean {
    const { canEdit, originals } = this.taxonomy.base;
    return this.closed !== null || this.state.get().display.get(key)?.locked === true || (!canEdit && originals.has(key));
  }

  setTool(id: string): void {
    const tool = this.tools.find((candidate) => candidate.id === id);
    if (tool === undefined) return;
    let { label } = this.state.get();
    if (tool.draws !== null) {
      const refused = addWords(this.taxonomy.base);
      if (refused !== null) return this.tell(refused);
      this.#lastDrawing = tool.id;
      if (label === null || !allowsLabel(this.taxonomy, tool.draws, label)) label = this.labels.find(({ geometries }) => geometries.includes(tool.draws as string))?.choice ?? null;
    }
    const current = this.#tool(), kept = current.kept?.(this.#toolState) ?? null;
    if (kept !== null && current === tool) return;
    if (kept !== null) {
      this.#aside.set(current.id, kept);
      this.tell(`The half-drawn ${current.name.toLocaleLowerCase()} is kept: its tool goes on with it.`);
    }
    this.hand.set(EMPTY_HAND);
    this.#toolState = this.#aside.get(id) ?? tool.start;
    this.#aside.delete(id);
    this.cursor.set(tool.draws === null ? "default" : "crosshair");
    this.state.update({ tool: id, label });
    this.#updatePreview();
  }

  /**
   * A label was chosen. With the selecting tool and something selected it relabels that; otherwise it becomes the label of what is
   * drawn next, with a tool that the label allows.
   */
  pickLabel(choice: string): void {
    const label = this.labels.find((candidate) => candidate.choice === choice);
    if (label === undefined) return;
    const tool = this.#tool();
    if (tool.draws === null && this.state.get().selection.length > 0) return relabel(this, label);
    this.state.update({ label: choice });
    if (tool.draws !== null && label.geometries.includes(tool.draws)) {
      this.#updatePreview();
      return;
    }
    const drawing = this.tools.filter(({ draws }) => draws !== null && label.geometries.includes(draws));
    const next = drawing.find(({ id }) => id === this.#lastDrawing) ?? drawing[0];
    if (next === undefined) this.tell(`"${label.display}" is drawn with a tool that this editor does not have yet.`);
    else this.setTool(next.id);
  }

  /** Finishes the shape in hand, or draws again with the last label and tool. */
  repeat(): void {
    if (this.#tool().draws !== null && this.input({ kind: "key", key: "Enter", ...NO_MODIFIERS })) return;
    const last = this.#lastDrawing ?? this.tools.find(({ draws }) => draws !== null)?.id;
    if (last !== undefined) this.setTool(last);
  }

  tell(text: string): void {
    this.state.update({ notice: { text, count: ++this.#notices } });
  }

  // Input

  #tool(): Tool {
    return this.tools.find(({ id }) => id === this.state.get().tool) ?? this.tools[0];
  }

  #context(): ToolContext {
    const { shown, selection, label } = this.state.get();
    const view = this.view.get();
    const { draws } = this.#tool();
    const context: ToolContext = {
      view, items: shown, selection, label, limits: this.limits, taxonomy: this.taxonomy, tolerance: REACH / view.scale, newKey: uuid4,
      integers: draws !== null && this.taxonomy.geometries[draws]?.integerPixels === true, camera: this.taxonomy.geometries.cuboid?.camera ?? null,
      locked: (key) => this.locked(key), removable: (key) => this.removable(key), hidden: (key) => this.hidden(key),
      snap: (point, options) => snapPoint(context, point, snapActive(preferences.get().snapping, options), options),
    };
    return context;
  }

  /** Gives an input to the tool; with "drawing only" just gives up a half-drawn shape. Returns whether it meant anything. */
  input(input: Input, scope: "all" | "drawing only" = "all"): boolean {
    const tool = this.#tool();
    if (input.kind === "move" || input.kind === "down") this.#pointer = input.at;
    if (input.kind === "cancel" && scope === "drawing only" && (tool.draws === null || this.preview.get() === null)) return false;
    const taken = this.#pressed || scope === "drawing only" ? null : inputToHand(this.hand.get(), input, this.handContext());
    if (taken !== null) {
      this.#take(taken);
      return true;
    }
    if (input.kind === "down" || input.kind === "up") this.#pressed = input.kind === "down";
    const before = this.#toolState, result = this.#ask(tool, input);
    if (result.cursor !== undefined) this.cursor.set(result.cursor);
    if (result.notice !== undefined) this.tell(result.notice);
    if (result.plan === undefined) {
      if (result.select !== undefined) this.select(result.select, result.mode);
      this.#updatePreview();
    } else {
      // The preview stays on screen until the step is journalled, so that nothing jumps back in between.
      this.#held += 1;
      void this.commit(result.plan).then((done) => {
        this.#held -= 1;
        if (done && result.select !== undefined) this.select(result.select, result.mode);
        // What was refused stays in hand, unless something else has been taken into it.
        if (!done && tool === this.#tool() && (tool.kept?.(this.#toolState) ?? null) === null) this.#toolState = tool.kept?.(before) ?? this.#toolState;
        this.#updatePreview();
      });
    }
    if (input.kind === "cancel" && scope === "all" && result.handled === false) return this.#leaveLevel();
    return result.handled !== false;
  }

  /**
   * A key that means nothing to a drawing tool is for what is selected, such as the shape that was just drawn. Not so Backspace, which
   * takes vertices back and must not go on to remove the shape before.
   */
  #ask(tool: Tool, input: Input): ToolResult<unknown> {
    const result = tool.on(this.#toolState, input, this.#context());
    this.#toolState = result.state;
    if (input.kind !== "key" || input.key === "Backspace" || result.handled !== false || tool === this.tools[0] || this.preview.get() !== null) return result;
    return this.tools[0].on(this.tools[0].start, input, this.#context());
  }

  /** What picking and overlays may know. */
  handContext(): HandContext {
    return { ...this.#context(), links: this.links(), selecting: this.#tool() === this.tools[0], name: (label) => this.nameOf(label) };
  }

  #take({ hand, plan, notice, cursor, hover, deselect }: HandResult): void {
    if (notice !== undefined) this.tell(notice);
    if (cursor !== undefined) this.cursor.set(cursor);
    if (hover !== undefined) this.hover.set(hover);
    if (deselect === true && this.state.get().selection.length > 0) this.state.update({ selection: [] });
    // What is in hand stays on screen until the step is journalled, so that nothing jumps back in between.
    if (plan === undefined) this.hand.set(hand);
    else void this.commit(plan).then(() => this.hand.set(hand));
    this.#updatePreview();
  }

  /** Has an object picked on the canvas or in the list, for an answer or for a link. */
  startPick(pick: Pick): void {
    this.setTool(this.tools[0].id);
    this.hover.set(null);
    this.cursor.set("crosshair");
    this.hand.set({ ...EMPTY_HAND, picking: { pick, pointer: null, over: null } });
  }

  /** Chooses an object in a list: picks it while something is to be picked, selects it otherwise. */
  point(key: string, mode: SelectMode = "only"): void {
    const { picking } = this.hand.get(), item = this.state.get().items.get(key);
    if (picking === null || item === null) this.select(key, mode);
    else this.#take(pickItem(picking, item, this.handContext()));
  }

  /** Lets a line across an object follow the pointer until a click places it. */
  startLine(key: string, attribute: string, axis: "x" | "y"): void {
    this.setTool(this.tools[0].id);
    this.cursor.set(axis === "x" ? "col-resize" : "row-resize");
    this.hand.set({ ...EMPTY_HAND, line: { key, attribute, axis, value: null, held: false } });
  }

  selectLink(link: string | null): void {
    this.select(null);
    this.hand.set({ ...EMPTY_HAND, link });
  }

  /** The links of the draft; the same list as long as no link changes. */
  links(): readonly Link[] {
    const links = collection(this.state.get().document, LINKS);
    if (this.#links?.of !== links) this.#links = { of: links, list: readLinks(links) };
    return this.#links.list;
  }

  /** A label, or the name of a link, as people read it. */
  nameOf(label: string): string {
    return this.labels.find(({ choice }) => choice === label)?.display ?? label;
  }

  /** Why nothing can be changed here, as a sentence; null where the work is open. */
  get closed(): string | null {
    return this.#closed ?? (this.#instead === null ? null : "This is how it was. Go back to how it is to change something.");
  }

  /** Lets changes in, or with a reason keeps them out from now on. */
  keepOut(reason: string | null): void {
    this.input({ kind: "cancel" }, "drawing only");
    this.#closed = reason;
    this.#refresh();
  }

  /** Shows another document, such as an earlier state, or with null the work's own again. Nothing can be changed meanwhile. */
  show(document: Document | null): void {
    this.input({ kind: "cancel" }, "drawing only");
    this.#instead = document;
    this.#refresh();
  }

  /** What the task does not let people do with an object, as a sentence; null when it is theirs. */
  lockOf(key: string): string | null {
    return this.closed ?? lockWords(this.taxonomy.base, key);
  }

  #leaveLevel(): boolean {
    if (this.#tool() !== this.tools[0]) this.setTool(this.tools[0].id);
    else if (this.state.get().selection.length > 0) this.select(null);
    else return false;
    return true;
  }

  #updatePreview(): void {
    const preview = this.#tool().preview(this.#toolState, this.#context());
    if (preview === null && this.#held > 0) return;
    this.preview.set(preview);
  }

  // View

  /** Where the pointer was last seen on the picture. */
  get pointer(): ImagePoint | null { return this.#pointer; }

  resize(canvas: Size): void { this.#sight.resize(canvas); }
  fit(): void { this.#sight.fit(); }
  zoom(factor: number, about?: ScreenPoint): void { this.#sight.zoom(factor, about); }
  pan(dx: number, dy: number): void { this.#sight.pan(dx, dy); }

  /** Shows the selected objects as large as is useful. */
  fitSelection(): void {
    const { items, selection } = this.state.get();
    const bounds = unionOf(selection.flatMap((key) => items.get(key)?.bounds ?? []));
    if (bounds !== null) this.#sight.fill(bounds, 0.15);
  }

  /** Selects an object and brings it into sight. */
  reveal(key: string): void {
    const item = this.state.get().items.get(key);
    if (item === null) return;
    this.select(key);
    this.#sight.bring(item.bounds);
  }

  /** Brings a place into sight. */
  bring({ x, y }: { readonly x: number; readonly y: number }): void {
    this.#sight.bring({ left: x, top: y, right: x, bottom: y });
  }

  // Sending

  /** The rules that the draft breaks. */
  check(document = this.#ledger.document): Issue[] {
    return checkDraft(this.taxonomy, this.picture, collectionsOf(overwrite(document, settleRotation(this.taxonomy)(document))));
  }

  /** Resolves when every change made so far is in the document. */
  quiet(): Promise<void> { return this.#ledger.quiet(); }

  /** Hands the work in; a review can also be sent back with what is wrong with it. */
  async submit(verdict?: "rejected"): Promise<Submitted> {
    if (verdict === undefined) await this.commit(settleRotation(this.taxonomy));
    const result = await this.#ledger.submit(verdict);
    if (result.done) this.#setup.memory?.write(null);
    else this.state.update({ serverIssues: result.issues });
    return result;
  }

  /** Gives the work back, with everything that was drawn; `call` tells the server in which way. */
  async release(call: (lease: string) => Promise<void> = (lease) => this.#setup.transport.release(lease)): Promise<Released> {
    const result = await this.#ledger.release(call);
    if (result.done) this.#setup.memory?.write(null);
    return result;
  }

  /** Makes a call that needs the hold on the work. */
  holding(call: (lease: string) => Promise<void>): Promise<Released> { return this.#ledger.holding(call); }
  heartbeat(): Promise<void> { return this.#ledger.heartbeat(); }

  /** Takes the work anew after the lease was lost. Resolves to whether it could be had. */
  reclaim(): Promise<boolean> { return this.#ledger.reclaim(); }
  resume(): void { this.#ledger.resume(); }
  choose(choice: (collection: string, key: string) => Choice): Promise<void> { return this.#ledger.choose(choice); }
  /** Sends what the server refused once more, or gives it up. */
  retryRefused(): Promise<void> { return this.#ledger.retryRefused(); }
  dropRefused(): Promise<void> { return this.#ledger.dropRefused(); }

  /** Ends the editor; unsent steps stay in the journal. */
  close(): void { this.#ledger.close(); }

  #refresh(): void {
    const { state: sync, canUndo, canRedo } = this.#ledger, document = this.#instead ?? this.#ledger.document;
    const previous = this.state.get();
    const annotations = collection(document, ANNOTATIONS);
    const same = annotations === collection(previous.document, ANNOTATIONS);
    const items = same ? previous.items : this.#reader.read(annotations);
    const shown = same ? previous.shown : this.#visible(items, previous.display);
    const there = items === previous.items ? previous.selection : previous.selection.filter((key) => items.get(key) !== null);
    const selection = there.length === previous.selection.length ? previous.selection : there;
    this.state.update({
      document, items, shown, selection, sync, canUndo, canRedo,
      // An issue of the last submission is out of date once something was changed.
      serverIssues: document === previous.document ? previous.serverIssues : [],
    });
    if (rotationQuestion(this.taxonomy) !== null) this.turn.set(turnOf(document));
    // What is in hand was made of the objects as they were.
    if (!same && this.preview.get() !== null) this.#updatePreview();
  }
}
