// What the tests of tools work with; no part of the editor.
import { ItemReader, type Items } from "../engine/items.js";
import { choose } from "../engine/selection.js";
import { NO_MODIFIERS, type Modifiers } from "../engine/Shape.js";
import { snapActive, snapPoint } from "../engine/snap.js";
import type { Input, PointerInput, Preview, Tool, ToolContext } from "../engine/Tool.js";
import type { ImagePoint } from "../math/space.js";
import { apply, collectionsOf, documentFrom, inverse, type Document, type DraftCollections, type Operation } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import { readTaxonomy } from "../model/taxonomy.js";
import { fallbackShape, shapes } from "./index.js";

const SCALE = 2;
export const at = (x: number, y: number): ImagePoint => ({ x, y });
export const SIZE = { left: 0, top: 0, right: 400, bottom: 300 };

/** A tool at work on a document, with snapping as the editor has it. */
export class Bench {
  document: Document;
  state: unknown;
  selection: readonly string[] = [];
  notice = "";
  readonly steps: (readonly Operation[])[] = [];
  readonly #reader = new ItemReader(shapes, fallbackShape);
  #keys = 0;

  constructor(readonly tool: Tool<never>, readonly geometries: JsonObject, annotations: { [key: string]: JsonObject } = {}, others: DraftCollections = {}) {
    this.document = documentFrom({ annotations, ...others });
    this.state = tool.start;
  }

  get items(): Items { return this.#reader.read(this.document.get("annotations") ?? new Map()); }
  get objects(): { readonly [key: string]: JsonObject } { return collectionsOf(this.document).annotations ?? {}; }

  context(): ToolContext {
    const taxonomy = readTaxonomy({ geometries: this.geometries });
    const context: ToolContext = {
      view: { scale: SCALE, x: 0, y: 0 }, limits: SIZE, taxonomy, items: this.items, selection: this.selection,
      label: "road", tolerance: 3, newKey: () => `new${++this.#keys}`,
      integers: this.tool.draws !== null && taxonomy.geometries[this.tool.draws]?.integerPixels === true,
      camera: null, locked: () => false, removable: () => true, hidden: () => false, snap: (point, options) => snapPoint(context, point, snapActive(true, options), options),
    };
    return context;
  }

  give(...inputs: Input[]): this {
    for (const input of inputs) {
      const result = (this.tool as Tool<unknown>).on(this.state, input, this.context());
      this.state = result.state;
      if (result.notice !== undefined) this.notice = result.notice;
      if (result.plan !== undefined) {
        const operations = result.plan(this.document);
        this.steps.push(operations);
        this.document = apply(this.document, operations) as Document;
      }
      if (result.select !== undefined) this.selection = choose(this.selection, result.select === null ? [] : [result.select].flat(), result.mode ?? "only");
    }
    return this;
  }

  undo(): this {
    this.document = apply(this.document, inverse(this.steps.pop() ?? [])) as Document;
    return this;
  }

  preview(): Preview | null { return (this.tool as Tool<unknown>).preview(this.state, this.context()); }
}

export const pointer = (kind: PointerInput["kind"], { x, y }: ImagePoint, held: Partial<Modifiers> = {}): PointerInput => ({ kind, at: { x, y }, screen: { x: x * SCALE, y: y * SCALE }, ...NO_MODIFIERS, ...held });
export const click = (x: number, y: number, held: Partial<Modifiers> = {}): Input[] => [pointer("move", at(x, y), held), pointer("down", at(x, y), held), pointer("up", at(x, y), held)];
export const hand = (points: readonly ImagePoint[]): Input[] => [pointer("down", points[0]), ...points.slice(1).map((point) => pointer("move", point)), pointer("up", points[points.length - 1])];
export const key = (name: string): Input => ({ kind: "key", key: name, ...NO_MODIFIERS });

export const path = (type: string, vertices: readonly ImagePoint[], more: JsonObject = {}): JsonObject => ({ type, label: "road", vertices: vertices.map(({ x, y }) => ({ x, y })), attributes: {}, order: "a0", ...more });
export const verticesOf = (object: JsonObject): ImagePoint[] => object.vertices as unknown as ImagePoint[];
