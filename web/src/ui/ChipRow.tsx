import { useEffect, useState, type ReactElement, type RefObject } from "react";
import type { Editor } from "../engine/Editor.js";
import type { EditorState } from "../engine/setup.js";
import { primaryOf } from "../engine/selection.js";
import { allowsLabel } from "../model/taxonomy.js";
import type { Palette } from "../scenes/image/palette.js";
import { useKeyOf } from "./Keymap.js";
import { labelOptions } from "./LabelSelect.js";
import { noteLabel } from "./recentLabels.js";
import { matching } from "./search.js";
import { comboBox, OptionList } from "./SearchSelect.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly search: RefObject<HTMLInputElement>;
  readonly onDone: () => void;
}

/** The labels as chips with the digit that chooses each; the search lists them all with their headings, those used last first. */
export function ChipRow({ editor, palette, search, onDone }: Props): ReactElement {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const label = useStore(editor.state, (state) => state.label);
  const selected = useStore(editor.state, (state) => state.items.get(primaryOf(state)));
  const count = useStore(editor.state, (state) => state.selection.length);
  const shared = useStore(editor.state, (state) => sharedLabel(state));
  const keyOf = useKeyOf();
  const relabels = useStore(editor.state, (state) => state.tool === editor.tools[0].id) && selected !== null;
  const current = relabels ? shared : label;
  const found = editor.labels.filter((choice) => matching([...choice.headings, choice.display, choice.choice], query));

  useEffect(() => { if (current !== null) noteLabel(current); }, [current]);
  const leave = () => {
    setQuery("");
    setOpen(false);
    onDone();
  };
  const options = labelOptions(editor, editor.labels, palette).map((option) => (
    relabels && !allowsLabel(editor.taxonomy, selected.type, option.value) ? { ...option, refused: `Not a label for a ${selected.shape.noun}` } : option));

  return (
    <div className="chips">
      <div className="chip-list" role="group" aria-label={relabels ? (count > 1 ? `Label of the ${count} selected objects` : "Label of the selected object") : "Label of the next object"}>
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
                {keyOf(`label.${digit}`) !== "" && <kbd>{keyOf(`label.${digit}`)}</kbd>}
              </button>
            </span>
          );
        })}
        {found.length === 0 && <span className="faint">No label matches.</span>}
      </div>
      <label className="search">
        <span className="hidden">Search labels</span>
        <input
          ref={search} id="label-search" type="search" placeholder={editor.labels.length > 12 ? `Search ${editor.labels.length} labels` : "Search labels"} value={query}
          onChange={(event) => { setQuery(event.target.value); setOpen(true); }} onFocus={() => setOpen(true)} onClick={() => setOpen(true)} onBlur={() => { setOpen(false); setQuery(""); }} {...comboBox("label-search", open)}
        />
        <kbd aria-hidden="true">{keyOf("label.search")}</kbd>
      </label>
      {open && <OptionList id="label-search" field={search} options={options} query={query} current={current ?? ""} onChoose={(choice) => { editor.pickLabel(choice); leave(); }} onClose={leave} />}
    </div>
  );
}

/** The label that all selected objects have; null when they differ. */
function sharedLabel({ items, selection }: EditorState): string | null {
  const first = items.get(selection[0] ?? null)?.label ?? null;
  return selection.every((key) => items.get(key)?.label === first) ? first : null;
}
