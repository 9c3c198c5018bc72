import type { ReactElement } from "react";
import type { WorkAttachment } from "../../api/types.js";
import type { Editor } from "../../engine/Editor.js";
import { answerAt, answerWords, leaveOut, takeAnswer, takeIn, voices, type Aspect, type Difference } from "../../model/differences.js";
import { objectAt } from "../../model/document.js";
import type { Json, JsonObject } from "../../model/json.js";
import { outlineOf } from "../../model/outline.js";
import { ANNOTATIONS, LINKS } from "../../model/plans.js";
import type { Palette } from "../../scenes/image/palette.js";
import { useStore } from "../useStore.js";
import { Crop, frameAround } from "./Crop.js";

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  readonly difference: Difference;
  readonly names: readonly string[];
  readonly attachment: WorkAttachment | undefined;
  readonly settled: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onSettle: (settled: boolean) => void;
}

/** One thing that the answers do not have alike: what each says side by side, and what to make of it. */
export function DifferenceCard({ editor, palette, difference, names, attachment, settled, chosen, onChoose, onSettle }: Props): ReactElement {
  const here = useStore(editor.state, (state) => objectAt(state.document, difference.collection, difference.key));
  const isThing = difference.collection === ANNOTATIONS;
  const act = (plan: ReturnType<typeof takeIn>) => {
    void editor.commit(plan).then((done) => {
      if (!done) return editor.tell("That is how it is already.");
      onSettle(true);
      if (isThing) editor.reveal(difference.key);
    });
  };
  const show = () => {
    onChoose();
    const outline = difference.object === null ? null : outlineOf(difference.object);
    if (here !== null && isThing) editor.reveal(difference.key);
    else if (outline !== null) editor.bring({ x: (outline.left + outline.right) / 2, y: (outline.top + outline.bottom) / 2 });
  };
  const outlines = difference.answers.map((answer) => (answer === null || !isThing ? null : outlineOf(answer)));
  const frame = attachment === undefined ? null : frameAround(outlines.flatMap((one) => one ?? []), attachment);
  const canTake = difference.collection !== LINKS;
  return (
    <li className={`merge-card ${settled ? "settled" : ""} ${chosen ? "chosen" : ""}`}>
      <div className="merge-head">
        <button className="link about" aria-expanded={chosen} onClick={show}>{title(editor, difference)}</button>
        <button className="settle" aria-pressed={settled} onClick={() => onSettle(!settled)}>{settled ? "Settled ✓" : "Settle"}</button>
      </div>
      <ul className="merge-aspects">{difference.about.map((aspect, i) => <li key={i} className={aspect.tied === true ? "tied" : ""}>{aspectWords(editor, difference, aspect)}{aspect.tied === true && <b> · tied</b>}</li>)}</ul>
      {chosen && <div className="merge-said">
        {difference.answers.map((answer, i) => (
          <figure key={i}>
            {frame !== null && attachment !== undefined && <Crop attachment={attachment} frame={frame} outline={outlines[i]} others={outlines.flatMap((one, at) => (at === i || one === null ? [] : [one]))} colour={palette.of(labelOf(answer)).colour} words={`What ${names[i]} drew`} />}
            <figcaption>
              <span><b>{names[i]}</b> {answer === null ? <span className="faint">does not have it</span> : summary(editor, difference, answer)}</span>
              {answer !== null && canTake && <button onClick={() => act(takeAnswer(difference, answer, (name) => isPointing(editor, name)))}>Take {names[i]}'s</button>}
            </figcaption>
          </figure>
        ))}
      </div>}
      {chosen && <div className="actions">
        {here === null ? difference.object !== null && <button onClick={() => act(takeIn(difference))}>Take it in</button> : <button onClick={() => act(leaveOut(difference))}>{isThing || difference.collection === LINKS ? "Leave it out" : "Leave it open"}</button>}
        <span className="faint">{here === null ? "Not in the draft." : "In the draft."}</span>
      </div>}
    </li>
  );
}

function labelOf(answer: JsonObject | null): string | null {
  return typeof answer?.label === "string" ? answer.label : null;
}

function isPointing(editor: Editor, attribute: string): boolean {
  return editor.taxonomy.attributes.some(({ key, type }) => key === attribute && type === "linked");
}

function title(editor: Editor, { collection: place, key, object }: Difference): string {
  if (place === ANNOTATIONS) {
    const label = labelOf(object), noun = typeof object?.type === "string" ? object.type : "object";
    return `${noun[0].toLocaleUpperCase()}${noun.slice(1)} ${label === null ? "without a label" : editor.nameOf(label)}`;
  }
  if (place === LINKS) return `Link ${labelOf(object) === null ? "" : editor.nameOf(labelOf(object) ?? "")}`;
  return questionOf(editor, key);
}

function questionOf(editor: Editor, key: string): string {
  const { description = "" } = editor.taxonomy.attributes.find((attribute) => attribute.key === key) ?? {};
  return description === "" ? key : description;
}

function valueWords(editor: Editor, aspect: Aspect, value: Json): string {
  return aspect.aspect === "label" && typeof value === "string" ? editor.nameOf(value) : answerWords(value);
}

function aspectWords(editor: Editor, difference: Difference, aspect: Aspect): string {
  if (aspect.aspect === "presence") return `${difference.votes} of ${difference.answers.length} have it${difference.proposed ? "" : ", so it is left out"}`;
  if (aspect.aspect === "shape") return "Drawn differently";
  const said = voices(difference.answers, (answer) => answerAt(answer, aspect), (value) => valueWords(editor, aspect, value));
  return aspect.aspect === "attribute" && aspect.name !== undefined ? `${questionOf(editor, aspect.name)}: ${said}` : said;
}

/** What this answer says where the answers differ. */
function summary(editor: Editor, difference: Difference, answer: JsonObject): string {
  const parts = difference.about.flatMap((aspect) => (aspect.aspect === "presence" || aspect.aspect === "shape" ? [] : [valueWords(editor, aspect, answerAt(answer, aspect) ?? null)]));
  if (parts.length > 0) return parts.join(" · ");
  const label = labelOf(answer);
  return label === null ? "" : editor.nameOf(label);
}
