import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import "./Guidance.css";
import { useStore } from "./useStore.js";

/** What the drawing tool waits for, in the corner of the canvas: the next act on the shape in hand, or how to begin one. */
export function Guidance({ editor }: { editor: Editor }): ReactElement | null {
  const tool = useStore(editor.state, (state) => state.tool);
  const next = useStore(editor.preview, (preview) => preview?.next ?? null);
  const { draws, hint } = editor.tools.find(({ id }) => id === tool) ?? editor.tools[0];
  return draws === null ? null : <p className="guidance" role="status">{next ?? hint}</p>;
}
