import type { ReactElement } from "react";
import type { Tool } from "../engine/Tool.js";
import { Dialog } from "./Dialog.js";

const SHEET: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  { title: "Labels and answers", keys: [
    ["1 – 9", "Choose a label; with the select tool, relabel the selected object"], ["/", "Search labels"], ["N", "Draw again with the last label and tool"],
    ["Tab", "From the canvas to the first question"], ["1 – 9 in a question", "Answer it"], ["Esc in a question", "Back to the canvas"],
  ] },
  { title: "Objects", keys: [
    ["Ctrl Z", "Undo"], ["Ctrl Shift Z, Ctrl Y", "Redo"], ["Arrow keys", "Nudge by 1 px, with Shift by 10"], ["Delete", "Remove the object, or the vertex in hand"],
    ["Alt click", "Remove a vertex"], ["Drag the middle of an edge", "Insert a vertex"], ["Esc", "Leave one level"],
  ] },
  { title: "Drawing a polygon", keys: [["Enter, double click", "Close"], ["Backspace", "Take the last vertex back"]] },
  { title: "View", keys: [
    ["Wheel", "Zoom about the pointer"], ["Space and drag, middle button", "Pan"], ["+  −", "Zoom"], ["Shift 1", "Fit"], ["Shift 2", "One to one"],
  ] },
  { title: "Work", keys: [["Ctrl Enter", "Check and submit"], ["I", "Fold the instruction"], ["?", "This sheet"]] },
];

export function KeySheet({ tools, onClose }: { tools: readonly Tool[]; onClose: () => void }): ReactElement {
  const sheet = [{ title: "Tools", keys: tools.map(({ key, name, hint }) => [key, `${name}. ${hint}`] as const) }, ...SHEET];
  return (
    <Dialog title="Keys" wide onClose={onClose}>
      <div className="sheet">
        {sheet.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{keys.map(([key, words]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{words}</dd></div>)}</dl>
          </section>
        ))}
      </div>
      <div className="actions"><button className="primary" onClick={onClose}>Close</button></div>
    </Dialog>
  );
}
