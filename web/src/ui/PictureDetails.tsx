import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Issue } from "../model/checks.js";
import { visibleAttributes } from "../model/conditions.js";
import { collection } from "../model/document.js";
import type { Json, JsonObject } from "../model/json.js";
import { addWords } from "../model/permissions.js";
import { GLOBAL_ATTRIBUTES, setGlobalAttribute } from "../model/plans.js";
import { ROTATION, rotationQuestion } from "../model/rotation.js";
import { faultOf } from "./answers/faults.js";
import { RotationField } from "./answers/RotationField.js";
import type { Extras } from "./extras.js";
import { FactTable } from "./FactTable.js";
import { Field } from "./Field.js";
import { LayerList } from "./LayerList.js";
import { LinkList } from "./LinkList.js";
import { Lock } from "./Lock.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly extras: Extras;
  readonly issues: readonly Issue[];
}

/** What is asked and known about the whole picture. */
export function PictureDetails({ editor, extras, issues }: Props): ReactElement {
  const answersOf = useStore(editor.state, (state) => collection(state.document, GLOBAL_ATTRIBUTES));
  const turn = useStore(editor.turn, (value) => value);
  const answers: JsonObject = Object.fromEntries([...answersOf].map(([key, { value }]) => [key, value ?? null]));
  const visible = visibleAttributes(editor.taxonomy.attributes, "global", null, answers);
  const own = issues.filter(({ path }) => path.startsWith("global_attributes"));
  const closed = addWords(editor.taxonomy.base);
  const hasMore = visible.length > 0 || editor.taxonomy.links.length > 0 || extras.layers.list.length > 0 || closed !== null;
  return (
    <section className="details" aria-label="Whole picture">
      <div className="details-head"><h2>Whole picture</h2></div>
      {!hasMore && <p className="faint">Select an object to see and answer its questions.</p>}
      {closed !== null && <Lock words={closed} />}
      <div className="answers" data-answers>
        {visible.map((attribute) => {
          const shared = {
            id: `answer-${attribute.key}`, attribute, value: answers[attribute.key], mixed: false, locked: false, targets: [], fault: faultOf(own, attribute),
            onAnswer: (value: Json) => void editor.commit(setGlobalAttribute(attribute.key, value)),
          };
          return attribute.key === ROTATION && rotationQuestion(editor.taxonomy) !== null ? <RotationField key={attribute.key} {...shared} turn={turn} /> : <Field key={attribute.key} {...shared} />;
        })}
      </div>
      <LinkList editor={editor} />
      <LayerList layers={extras.layers} />
      <FactTable facts={extras.facts} />
    </section>
  );
}
