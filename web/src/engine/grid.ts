import { intersects, type ImageBounds } from "../math/space.js";

interface Boxed {
  readonly bounds: ImageBounds;
}

/** Cells that one thing may cover before it is kept in the list that every search looks through. */
const MAX_CELLS = 64;

/** Finds things by place without looking at all of them: a uniform grid over their bounds. */
export class Grid<T extends Boxed> {
  readonly #cells = new Map<number, T[]>();
  readonly #large: T[] = [];
  readonly #cell: number;

  constructor(things: readonly T[]) {
    this.#cell = cellSize(things);
    for (const thing of things) this.#add(thing);
  }

  /** Everything whose bounds touch the given ones, each once, in no particular order. */
  search(bounds: ImageBounds): T[] {
    const found = new Set<T>();
    for (const thing of this.#large) if (intersects(thing.bounds, bounds)) found.add(thing);
    const { left, top, right, bottom } = this.#span(bounds);
    if ((right - left + 1) * (bottom - top + 1) > this.#cells.size) {
      for (const things of this.#cells.values()) for (const thing of things) if (intersects(thing.bounds, bounds)) found.add(thing);
      return [...found];
    }
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        for (const thing of this.#cells.get(address(x, y)) ?? []) if (intersects(thing.bounds, bounds)) found.add(thing);
      }
    }
    return [...found];
  }

  #add(thing: T): void {
    const { left, top, right, bottom } = this.#span(thing.bounds);
    if ((right - left + 1) * (bottom - top + 1) > MAX_CELLS) {
      this.#large.push(thing);
      return;
    }
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const cell = this.#cells.get(address(x, y));
        if (cell === undefined) this.#cells.set(address(x, y), [thing]);
        else cell.push(thing);
      }
    }
  }

  #span(bounds: ImageBounds): ImageBounds {
    return {
      left: Math.floor(bounds.left / this.#cell), top: Math.floor(bounds.top / this.#cell),
      right: Math.floor(bounds.right / this.#cell), bottom: Math.floor(bounds.bottom / this.#cell),
    };
  }
}

function address(x: number, y: number): number {
  return (x + 0x100000) * 0x200000 + (y + 0x100000);
}

/** About twice the middle size of the things, so that most of them lie in one to four cells. */
function cellSize(things: readonly Boxed[]): number {
  const sizes = things.map(({ bounds }) => Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top)).sort((a, b) => a - b);
  return Math.max(16, 2 * (sizes[Math.floor(sizes.length / 2)] ?? 0));
}
