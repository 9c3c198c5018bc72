import type { ReactElement } from "react";
import { pickRefusal, type Picking } from "../engine/hand/picking.js";
import type { Editor } from "../engine/Editor.js";
import { either } from "../model/links.js";
import { useStore } from "./useStore.js";
import "./PickBar.css";

/** What is to be picked or placed on the picture just now, and why not what the pointer is on. */
export function PickBar({ editor }: { editor: Editor }): ReactElement | null {
  const hand = useStore(editor.hand, (value) => value);
  const leave = () => { editor.input({ kind: "cancel" }); };
  if (hand.picking === null && (hand.line === null || hand.line.held)) return null;
  const refusal = hand.picking === null ? null : refusalAt(editor, hand.picking);
  return (
    <div className="pick-bar" role="status">
      <p><b>{hand.picking === null ? "Click where the line goes." : words(editor, hand.picking)}</b>{refusal !== null && <span className="pick-refusal">{refusal}</span>}</p>
      <button onClick={leave}>Leave <kbd>Esc</kbd></button>
    </div>
  );
}

function words(editor: Editor, { pick }: Picking): string {
  if (pick.kind === "answer") return `${pick.attribute.description} Pick ${either(pick.attribute.allowedLabels.map((label) => editor.nameOf(label)))}.`;
  return pick.from === null ? `${editor.nameOf(pick.link.label)}: pick where it starts.` : `${editor.nameOf(pick.link.label)}: pick where it leads to.`;
}

function refusalAt(editor: Editor, { pick, over }: Picking): string | null {
  const item = editor.state.get().items.get(over);
  return item === null ? null : pickRefusal(pick, item, editor.handContext());
}
