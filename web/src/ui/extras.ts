import { useMemo } from "react";
import type { Work, WorkAttachment } from "../api/types.js";
import type { Editor } from "../engine/Editor.js";
import type { Review } from "../engine/Review.js";
import { readFacts, type Facts } from "../model/facts.js";
import { readLayers, type Layers } from "../scenes/image/overlays/layers.js";
import { overlaysFor, type Overlays } from "../scenes/image/overlays/Overlays.js";
import type { Palette } from "../scenes/image/palette.js";

/** What comes with a picture besides itself and the annotations. */
export interface Extras {
  readonly facts: Facts;
  readonly layers: Layers;
  readonly overlays: Overlays;
  /** Pictures shown beside the task's own. */
  readonly context: readonly WorkAttachment[];
  readonly project: string | null;
}

export function useExtras(work: Work, editor: Editor, palette: Palette, review: Review | null = null): Extras {
  return useMemo(() => {
    const facts = readFacts(work.params), layers = readLayers(work.params);
    const context = work.attachments.filter(({ path }) => path.startsWith("context_attachments["));
    return { facts, layers, overlays: overlaysFor(editor, palette, facts, layers, review), context, project: work.project };
  }, [work, editor, palette, review]);
}
