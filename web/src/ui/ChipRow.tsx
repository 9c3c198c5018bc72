import { useState, type KeyboardEvent, type ReactElement, type RefObject } from "react";
import type { Editor } from "../engine/Editor.js";
import { primaryOf } from "../engine/selection.js";
import type { LabelChoice } from "../model/taxonomy.js";
import type { Palette } from "../scenes/image/palette.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly search: RefObject<HTMLInputElement>;
  readonly onDone: () => void;
}

/** The labels as chips with the digit that chooses each; the search narrows them down, Enter takes the first. */
export function ChipRow({ editor, palette, search, onDone }: Props): ReactElement {
  const [query, setQuery] = useState("");
  const label = useStore(editor.state, (state) => state.label);
  const selected = useStore(editor.state, (state) => state.items.get(primaryOf(state)));
  const relabels = useStore(editor.state, (state) => state.tool === editor.tools[0].id) && selected !== null;
  const current = relabels ? selected.label : label;
  const found = editor.labels.filter((choice) => matches(choice, query));

  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter" && found.length > 0) editor.pickLabel(found[0].choice);
    setQuery("");
    onDone();
  };

  return (
    <div className="chips">
      <div className="chip-list" role="group" aria-label={relabels ? "Label of the selected object" : "Label of the next object"}>
        {found.map((choice, i) => {
          const digit = editor.labels.indexOf(choice) + 1;
          const heading = choice.headings.join(" › ");
          const before = found[i - 1]?.headings.join(" › ") ?? "";
          const opens = heading !== "" && heading !== before;
          return (
            <span className={i > 0 && heading !== before ? "chip-slot opens" : "chip-slot"} key={choice.choice}>
              {opens && <span className="chip-heading">{heading}</span>}
              <button className="chip" aria-pressed={choice.choice === current} onClick={() => editor.pickLabel(choice.choice)} title={[...choice.headings, choice.display].join(" › ")}>
                <i className="swatch" style={{ background: palette.of(choice.choice).colour }} aria-hidden="true" />
                {choice.display}
                {digit <= 9 && <kbd>{digit}</kbd>}
              </button>
            </span>
          );
        })}
        {found.length === 0 && <span className="faint">No label matches.</span>}
      </div>
      <label className="search">
        <span className="hidden">Search labels</span>
        <input ref={search} type="search" placeholder="Search labels" value={query} onChange={(event) => setQuery(event.target.value)} onKeyDown={onKey} autoComplete="off" spellCheck={false} />
        <kbd aria-hidden="true">/</kbd>
      </label>
    </div>
  );
}

function matches({ choice, display, headings }: LabelChoice, query: string): boolean {
  const words = query.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  const text = [choice, display, ...headings].join(" ").toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}
