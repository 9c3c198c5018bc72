import { compareOrder } from "../math/order.js";
import { grow, type ImageBounds, type ImagePoint } from "../math/space.js";
import type { Collection } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import { Grid } from "./grid.js";
import { shapeFor, type Shape, type ShapeSet } from "./Shape.js";

/** A draft object together with its geometry, ready to be drawn and hit. */
export interface Item {
  readonly key: string;
  readonly object: JsonObject;
  readonly type: string;
  readonly label: string | null;
  readonly order: string;
  readonly shape: Shape;
  readonly geometry: unknown;
  readonly bounds: ImageBounds;
  readonly area: number;
  /** See `Shape.points`. */
  readonly points: number;
}

/** The items of one document, in the order of the screen, findable by key and by place. */
export class Items {
  readonly list: readonly Item[];
  readonly #byKey: ReadonlyMap<string, Item>;
  readonly #numbers: ReadonlyMap<string, number>;
  #grid: Grid<Item> | null = null;

  constructor(list: readonly Item[], numbers: ReadonlyMap<string, number> = new Map(list.map(({ key }, i) => [key, i + 1]))) {
    this.list = list;
    this.#byKey = new Map(list.map((item) => [item.key, item]));
    this.#numbers = numbers;
  }

  /** Some of the items, under their own numbers. The same items when none is left out. */
  only(kept: (key: string) => boolean): Items {
    const list = this.list.filter(({ key }) => kept(key));
    return list.length === this.list.length ? this : new Items(list, this.#numbers);
  }

  get(key: string | null): Item | null {
    return key === null ? null : this.#byKey.get(key) ?? null;
  }

  /** The number printed beside the item, from 1. */
  numberOf(key: string): number {
    return this.#numbers.get(key) ?? 0;
  }

  within(bounds: ImageBounds): Item[] {
    this.#grid ??= new Grid(this.list);
    return this.#grid.search(bounds);
  }

  /**
   * The item a click means: an outline within `tolerance` picture pixels, the preferred key first, else the nearest; otherwise the
   * smallest item around the point, so that a small one inside a large one can be reached. Of equals, the one in front.
   */
  hit(point: ImagePoint, tolerance: number, preferred: string | null): Item | null {
    return this.under(point, tolerance, preferred)[0] ?? null;
  }

  /** All items that a click can mean, likeliest first. */
  under(point: ImagePoint, tolerance: number, preferred: string | null = null): Item[] {
    const found: { item: Item; rank: number }[] = [];
    for (const item of this.within(grow({ left: point.x, top: point.y, right: point.x, bottom: point.y }, tolerance))) {
      const { inside, distance } = item.shape.nearness(item.geometry, point);
      if (distance <= tolerance) found.push({ item, rank: item.key === preferred ? -1 : distance });
      else if (inside) found.push({ item, rank: tolerance + 1 + item.area });
    }
    return found.sort((a, b) => a.rank - b.rank || this.numberOf(b.item.key) - this.numberOf(a.item.key)).map(({ item }) => item);
  }
}

/** Makes items from draft objects. Objects are never changed in place, so an item is made once for each and kept with it. */
export class ItemReader {
  readonly #shapes: ShapeSet;
  readonly #fallback: Shape;
  readonly #made = new WeakMap<JsonObject, Item | "none">();

  constructor(shapes: ShapeSet, fallback: Shape) {
    this.#shapes = shapes;
    this.#fallback = fallback;
  }

  read(objects: Collection): Items {
    const list: Item[] = [];
    for (const [key, object] of objects) {
      const item = this.item(key, object);
      if (item !== null) list.push(item);
    }
    return new Items(list.sort((a, b) => compareOrder(a.order, b.order) || compareOrder(a.key, b.key)));
  }

  item(key: string, object: JsonObject): Item | null {
    const known = this.#made.get(object);
    if (known !== undefined && (known === "none" || known.key === key)) return known === "none" ? null : known;
    const item = this.#make(key, object);
    this.#made.set(object, item ?? "none");
    return item;
  }

  #make(key: string, object: JsonObject): Item | null {
    const type = typeof object.type === "string" ? object.type : "";
    const own = shapeFor(this.#shapes, type);
    const shape = own !== null && own.read(object) !== null ? own : this.#fallback;
    const geometry = shape.read(object);
    if (geometry === null) return null;
    return {
      key, object, type, shape, geometry,
      label: typeof object.label === "string" ? object.label : null,
      order: typeof object.order === "string" ? object.order : "",
      bounds: shape.bounds(geometry),
      area: shape.area(geometry),
      points: shape.points(geometry),
    };
  }
}
