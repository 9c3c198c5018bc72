import { useState, type ReactElement } from "react";
import type { WorkAttachment } from "../../api/types.js";
import type { Editor } from "../../engine/Editor.js";
import type { Differences } from "../../model/differences.js";
import type { Palette } from "../../scenes/image/palette.js";
import { DifferenceCard } from "./DifferenceCard.js";
import "./merge.css";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly merge: Differences;
  readonly attachment: WorkAttachment | undefined;
  /** The numbers of the differences that are settled. */
  readonly settled: ReadonlySet<number>;
  readonly onSettle: (number: number, settled: boolean) => void;
}

/** What several answers to the task differ in; the draft began as what most of them say. */
export function DifferencesPanel({ editor, palette, merge, attachment, settled, onSettle }: Props): ReactElement {
  const [chosen, setChosen] = useState<number | null>(0);
  const { answers, differences, agreed } = merge;
  return (
    <div className="merge-panel">
      <p>{answers.length} people answered this unseen of each other and agree by <b>{Math.round(merge.agreement * 100)} %</b>. The draft is what most of them say. {agreed > 0 && `About ${agreed} ${agreed === 1 ? "thing" : "things"} nobody differs.`}</p>
      {differences.length === 0 ? <p className="empty">They differ in nothing. Look it over and submit it.</p> : (
        <ol aria-label="Differences">
          {differences.map((difference, i) => (
            <DifferenceCard
              key={i} editor={editor} palette={palette} difference={difference} names={answers.map(({ name }) => name)} attachment={attachment} settled={settled.has(i)} chosen={chosen === i}
              onChoose={() => setChosen(chosen === i ? null : i)} onSettle={(on) => onSettle(i, on)}
            />
          ))}
        </ol>
      )}
    </div>
  );
}
