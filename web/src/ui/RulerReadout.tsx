import type { ReactElement } from "react";
import { RULER } from "../engine/RulerTool.js";
import type { Editor } from "../engine/Editor.js";
import { lengthWords, pathLength } from "../math/ruler.js";
import type { ImagePoint } from "../math/space.js";
import type { Resolution } from "../model/facts.js";
import { useStore } from "./useStore.js";

/** The length along the ruler as text, which can be read out and copied. */
export function RulerReadout({ editor, resolution }: { editor: Editor; resolution: Resolution | null }): ReactElement | null {
  const preview = useStore(editor.preview, (value) => value);
  if (preview === null || preview.shape.type !== RULER.type) return null;
  return <output className="readout">{lengthWords(pathLength(preview.geometry as readonly ImagePoint[]), resolution)}</output>;
}
