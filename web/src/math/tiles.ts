import type { ImageBounds } from "./space.js";

/** One size of a picture that is cut into tiles, in its own pixels. */
export interface TileLevel {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

/** A picture in tiles: levels that halve, the smallest first; the last one is the picture itself. */
export interface Tiling {
  /** The side of a tile in pixels. */
  readonly tile: number;
  readonly levels: readonly TileLevel[];
}

/** The place of a tile. */
export interface TilePlace {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** How many pixels of the picture a pixel of a level stands for, in each direction. */
export function pixelsPer({ levels }: Tiling, level: number): number {
  return 2 ** (levels.length - 1 - level);
}

/** The smallest level that shows the picture without loss at a scale in device pixels, or the largest there is. */
export function levelFor(tiling: Tiling, scale: number): number {
  const { length } = tiling.levels;
  // A little less than exact is as sharp to the eye and a quarter of the tiles.
  const halvings = Math.floor(Math.log2(1 / Math.max(scale, 1e-9)) + 0.25);
  return Math.min(Math.max(length - 1 - halvings, 0), length - 1);
}

/** The part of the picture that a tile shows, in the picture's pixels. */
export function boundsOfTile(tiling: Tiling, { level, column, row }: TilePlace): ImageBounds {
  const whole = tiling.levels[tiling.levels.length - 1], side = tiling.tile * pixelsPer(tiling, level);
  // The last pixels of a level may stand for more than the picture has.
  return {
    left: column * side, top: row * side,
    right: Math.min((column + 1) * side, whole.width), bottom: Math.min((row + 1) * side, whole.height),
  };
}

/** The tiles of a level that show a part of the picture, those in its middle first. */
export function tilesWithin(tiling: Tiling, level: number, part: ImageBounds): TilePlace[] {
  const { columns, rows } = tiling.levels[level], side = tiling.tile * pixelsPer(tiling, level);
  const first = (at: number) => Math.max(0, Math.floor(at / side));
  const last = (at: number, count: number) => Math.min(count, Math.ceil(at / side)) - 1;
  const found: TilePlace[] = [];
  for (let row = first(part.top); row <= last(part.bottom, rows); row++) {
    for (let column = first(part.left); column <= last(part.right, columns); column++) found.push({ level, column, row });
  }
  const x = (part.left + part.right) / 2 / side - 0.5, y = (part.top + part.bottom) / 2 / side - 0.5;
  const off = ({ column, row }: TilePlace) => (column - x) ** 2 + (row - y) ** 2;
  return found.sort((a, b) => off(a) - off(b));
}

/** The tile of a coarser level that shows what a tile shows. */
export function ancestorOf({ level, column, row }: TilePlace, coarser: number): TilePlace {
  const factor = 2 ** (level - coarser);
  return { level: coarser, column: Math.floor(column / factor), row: Math.floor(row / factor) };
}

/**
 * What to load for a view, in this order: the view two levels coarser than it needs, which is a sixteenth of the tiles and soon there; then
 * the view itself; then what is around it, for the next pan. The smallest level is a small copy of the picture, which stands under all.
 */
export function wantedTiles(tiling: Tiling, scale: number, part: ImageBounds): TilePlace[] {
  const level = levelFor(tiling, scale), wanted: TilePlace[] = [];
  if (level > 2) wanted.push(...tilesWithin(tiling, level - 2, part));
  if (level > 0) {
    const seen = tilesWithin(tiling, level, part);
    const margin = tiling.tile * pixelsPer(tiling, level) / 2;
    const around = tilesWithin(tiling, level, { left: part.left - margin, top: part.top - margin, right: part.right + margin, bottom: part.bottom + margin });
    const keys = new Set(seen.map(tileKey));
    wanted.push(...seen, ...around.filter((place) => !keys.has(tileKey(place))));
  }
  return wanted;
}

export function tileKey({ level, column, row }: TilePlace): string {
  return `${level}/${column}_${row}`;
}
