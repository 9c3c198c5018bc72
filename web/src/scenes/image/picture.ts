/** A picture that is decoded and ready to be drawn. */
export interface LoadedPicture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
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
