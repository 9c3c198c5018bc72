import { loadTile, tileURL, type TileSource } from "./tiles.js";

/** A picture that is decoded and ready to be drawn. */
export interface LoadedPicture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** For a large picture, of which `source` is a small copy: where its parts are. */
  readonly tiles?: TileSource;
}

/** Loads the small copy of a picture in tiles, with which it can be shown at once. */
export async function loadTiled(tiles: TileSource): Promise<LoadedPicture> {
  const source = await loadTile(tileURL(tiles, { level: 0, column: 0, row: 0 }), new AbortController().signal);
  return { source, width: source.width, height: source.height, tiles };
}

/** Loads and decodes a picture; fails with words for the person. */
export async function loadPicture(url: string): Promise<LoadedPicture> {
  const image = new Image();
  image.decoding = "async";
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new Error("The picture could not be loaded.");
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  try {
    // A bitmap is decoded once and for all; the browser may throw an image's pixels away and decode again in the middle of a pan.
    return { source: await createImageBitmap(image), width, height };
  } catch {
    return { source: image, width, height };
  }
}
