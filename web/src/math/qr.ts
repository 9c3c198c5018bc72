/**
 * QR codes of bytes with error correction level M, by ISO/IEC 18004: what a camera reads from a screen.
 * The tables are those of the standard's table 9, versions 1 to 15, which hold up to 412 bytes.
 */

/** Error correction codewords in each block, and blocks, by version. */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/** The modules of a code, row by row; true is dark. Null if the text is too long. */
export function qrCode(text: string): readonly (readonly boolean[])[] | null {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, i) => dataWords(i + 1) * 8 >= 4 + lengthBits(i + 1) + bytes.length * 8) + 1;
  if (version === 0) return null;
  const words = interleaved(version, padded(version, bytes));
  const grids = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => drawn(version, words, mask));
  return grids.reduce((best, grid) => (penalty(grid) < penalty(best) ? grid : best));
}

const sizeOf = (version: number) => version * 4 + 17;
const lengthBits = (version: number) => (version < 10 ? 8 : 16);

/** All codewords that a version has room for, those of correction among them. */
function rawWords(version: number): number {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const patterns = aligned === 0 ? 0 : (25 * aligned - 10) * aligned - 55;
  return ((16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0)) >> 3;
}

const dataWords = (version: number) => rawWords(version) - CORRECTION[version - 1] * BLOCKS[version - 1];

/** Mode, length, bytes, end and filling, as codewords. */
function padded(version: number, bytes: Uint8Array): number[] {
  const bits: number[] = [];
  const put = (value: number, count: number) => { for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1); };
  put(4, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  const room = dataWords(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let filler = 0xec; bits.length < room; filler ^= 0xfd) put(filler, 8);
  return Array.from({ length: room / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((word, bit) => word << 1 | bit, 0));
}

/** The words of all blocks with their correction, in the order in which they are drawn. */
function interleaved(version: number, data: readonly number[]): number[] {
  const blocks = BLOCKS[version - 1], correction = CORRECTION[version - 1];
  const short = Math.floor(data.length / blocks), long = data.length % blocks;
  const divisor = generator(correction);
  let at = 0;
  const parts = Array.from({ length: blocks }, (_, i) => {
    const part = data.slice(at, at += short + (i >= blocks - long ? 1 : 0));
    return { part, rest: remainder(part, divisor) };
  });
  const words: number[] = [];
  for (let i = 0; i <= short; i++) for (const { part } of parts) if (i < part.length) words.push(part[i]);
  for (let i = 0; i < correction; i++) for (const { rest } of parts) words.push(rest[i]);
  return words;
}

/** Product in the field of 256 elements with the polynomial x⁸ + x⁴ + x³ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}

/** The generator polynomial of Reed and Solomon's code, without its leading one. */
function generator(degree: number): number[] {
  const polynomial: number[] = [...Array.from({ length: degree - 1 }, () => 0), 1];
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) polynomial[j] = times(polynomial[j], root) ^ (polynomial[j + 1] ?? 0);
  }
  return polynomial;
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const rest = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ (rest.shift() ?? 0);
    rest.push(0);
    divisor.forEach((coefficient, i) => { rest[i] ^= times(coefficient, factor); });
  }
  return rest;
}

type Grid = boolean[][];

/** Patterns that are the same for every content, and which modules they take. */
function frame(version: number): { readonly grid: Grid; readonly taken: Grid } {
  const size = sizeOf(version);
  const blank = (): Grid => Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const grid = blank(), taken = blank();
  const set = (x: number, y: number, dark: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    grid[y][x] = dark;
    taken[y][x] = true;
  };
  for (let i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
      const far = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, far !== 2 && far !== 4);
    }
  }
  const places = alignments(version), last = places.length - 1;
  places.forEach((cy, i) => places.forEach((cx, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  return { grid, taken };
}

/** Where the small squares stand, in both directions. */
function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2, size = sizeOf(version);
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - (count - 2 - i) * step)];
}

/** Ten or twelve bits that protect a short number, by Bose, Chaudhuri and Hocquenghem. */
function protectedBits(data: number, length: number, polynomial: number): number {
  let rest = data;
  for (let i = 0; i < length; i++) rest = (rest << 1) ^ ((rest >> (length - 1)) * polynomial);
  return data << length | rest;
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function drawn(version: number, words: readonly number[], mask: number): Grid {
  const { grid, taken } = frame(version), size = sizeOf(version);
  const set = (x: number, y: number, dark: boolean) => { grid[y][x] = dark; taken[y][x] = true; };
  // Level M has the number 0, so the mask is all there is to tell.
  const format = protectedBits(mask, 10, 0x537) ^ 0x5412;
  const bit = (i: number) => ((format >> i) & 1) === 1;
  for (let i = 0; i < 6; i++) { set(8, i, bit(i)); set(14 - i - 9, 8, bit(i + 9)); }
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
  if (version >= 7) {
    const bits = protectedBits(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const dark = ((bits >> i) & 1) === 1, a = size - 11 + (i % 3), b = Math.floor(i / 3);
      set(a, b, dark);
      set(b, a, dark);
    }
  }
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) for (const x of [right, right - 1]) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      if (taken[y][x]) continue;
      const dark = at < words.length * 8 && ((words[at >> 3] >> (7 - (at & 7))) & 1) === 1;
      grid[y][x] = dark !== MASKS[mask](x, y);
      at++;
    }
  }
  return grid;
}

/** How hard a code is to read: long runs, squares of one colour, and far from half of it dark. */
function penalty(grid: readonly (readonly boolean[])[]): number {
  const size = grid.length;
  let sum = 0, dark = 0;
  for (let a = 0; a < size; a++) {
    for (const module of [(b: number) => grid[a][b], (b: number) => grid[b][a]]) {
      for (let b = 0, run = 0; b < size; b++) {
        run = b > 0 && module(b) === module(b - 1) ? run + 1 : 1;
        sum += run === 5 ? 3 : run > 5 ? 1 : 0;
      }
    }
    for (let b = 0; b < size; b++) {
      if (grid[a][b]) dark++;
      if (a > 0 && b > 0 && grid[a][b] === grid[a - 1][b] && grid[a][b] === grid[a][b - 1] && grid[a][b] === grid[a - 1][b - 1]) sum += 3;
    }
  }
  return sum + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}
