import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { LabelChoice } from "../model/taxonomy.js";
import { Palette } from "../scenes/image/palette.js";
import { recentLabels } from "./recentLabels.js";
import { SearchSelect, type SearchOption } from "./SearchSelect.js";

interface Props {
  readonly editor: Editor;
  readonly labels: readonly LabelChoice[];
  readonly value: string | null;
  readonly mixed: boolean;
  readonly disabled: boolean;
  readonly onChoose: (choice: string) => void;
}

/** The label of what is selected, which can be searched and changed. */
export function LabelSelect({ editor, labels, value, mixed, disabled, onChoose }: Props): ReactElement {
  const palette = new Palette(editor.labels.map(({ choice }) => choice), editor.taxonomy.colours);
  const strange = value !== null && !labels.some(({ choice }) => choice === value) ? [{ value, name: value, path: ["not a label here"] }] : [];
  return (
    <div className="field">
      <label htmlFor="object-label">Label{mixed && <span className="mixed"> · different labels</span>}</label>
      <SearchSelect
        id="object-label" options={[...labelOptions(editor, labels, palette), ...strange]} value={value ?? ""} disabled={disabled}
        placeholder={mixed ? "Different labels" : "Choose a label"} onChoose={onChoose}
      />
    </div>
  );
}

/** Labels as a list shows them: those used last first, then all in the order of the task. */
export function labelOptions(editor: Editor, labels: readonly LabelChoice[], palette: Palette): SearchOption[] {
  const byChoice = new Map(labels.map((label) => [label.choice, label]));
  const recent = labels.length > 9 ? recentLabels().flatMap((choice) => byChoice.get(choice) ?? []).slice(0, 5) : [];
  return [...recent, ...labels.filter((label) => !recent.includes(label))].map(({ choice, display, headings }) => {
    const digit = editor.labels.findIndex((label) => label.choice === choice) + 1;
    return { value: choice, name: display, path: headings, colour: palette.of(choice).colour, also: choice, ...(digit <= 9 ? { hint: String(digit) } : {}) };
  });
}
