import type { Editor } from "../../../engine/Editor.js";
import type { Review } from "../../../engine/Review.js";
import type { Facts } from "../../../model/facts.js";
import type { Frame } from "../frame.js";
import { Palette } from "../palette.js";
import { paintConnections } from "./connections.js";
import { paintLinkedAnswers } from "./answers.js";
import { paintLayers, type Layers } from "./layers.js";
import { paintLines } from "./lines.js";
import { paintLinks } from "./links.js";
import { paintNote } from "./note.js";
import { paintPicking } from "./picking.js";
import { paintReview } from "./review.js";
import { paintRuler } from "./ruler.js";

/** What a scene shows besides the picture and the shapes. */
export interface Overlays {
  /** Under the shapes. */
  under(frame: Frame): void;
  /** Over the shapes. */
  over(frame: Frame): void;
  /** Asks for a painting whenever something of this changes. */
  watch(request: () => void): () => void;
}

export function overlaysFor(editor: Editor, palette: Palette, facts: Facts, layers: Layers, review: Review | null = null): Overlays {
  const links = linkPalette(editor);
  return {
    under(frame) {
      paintLayers(frame, layers);
      paintConnections(frame, editor, palette);
    },
    over(frame) {
      if (review !== null) paintReview(frame, review);
      paintLinkedAnswers(frame, editor);
      paintLinks(frame, editor, links);
      paintLines(frame, editor);
      paintPicking(frame, editor, palette, links);
      paintNote(frame, editor.preview.get());
      paintRuler(frame, editor.preview.get(), facts.resolution);
    },
    watch(request) {
      const stops = [editor.hand.subscribe(request), layers.hidden.subscribe(request), ...(review === null ? [] : [review.state.subscribe(request)])];
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** The colours of the links' names. */
export function linkPalette({ taxonomy }: Editor): Palette {
  return new Palette(taxonomy.links.map(({ label }) => label), taxonomy.colours);
}
