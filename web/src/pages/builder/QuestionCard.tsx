import { useId, type ReactElement } from "react";
import { isMadeUp, keyFrom, removeQuestion, withCondition, type Question } from "../../model/building/attributes.js";
import { listOf, objectLabels } from "../../model/building/labels.js";
import { freeName, moveMember, put } from "../../model/building/members.js";
import { renameAttribute, renameChoice } from "../../model/building/references.js";
import { isObject, numberOf, stringsOf, type Json, type JsonObject } from "../../model/json.js";
import { Menu } from "../../ui/Menu.js";
import { Conditions } from "./Conditions.js";
import { DraftInput, NumberInput } from "./DraftInput.js";
import { issuesAt, type PartProps } from "./edit.js";
import { Issues } from "./Issues.js";
import { LabelTree } from "./LabelTree.js";
import { NamePicker } from "./NamePicker.js";
import { questionSummary, TYPE_WORDS } from "./questionWords.js";

interface Props extends PartProps {
  readonly question: Question;
  readonly all: readonly Question[];
  readonly open: boolean;
  readonly fresh: boolean;
  readonly onToggle: () => void;
  readonly onRenamed: (key: string) => void;
}

/** One question: folded its words and when it is asked, open all that can be said about it. */
export function QuestionCard({ question, all, params, edit, issues, open, fresh, onToggle, onRenamed }: Props): ReactElement {
  const { key, object, type, level } = question;
  const id = useId();
  const wrong = issuesAt(issues, `annotation_attributes.${key}`);
  const change = (next: (object: JsonObject) => JsonObject, name?: string) => edit((now) => {
    const attributes = isObject(now.annotation_attributes) ? now.annotation_attributes : {}, own = attributes[key];
    return isObject(own) ? put(now, ["annotation_attributes", key], next(own)) : now;
  }, name);
  const set = (member: string, value: Json | undefined) => change((own) => put(own, [member], value));
  /** What belongs to the old kind stays, in case somebody changes their mind; an empty list of choices says nothing. */
  const setType = (next: string) => change((own) => ({ ...(next !== "category" && listOf(own.choices).length === 0 ? put(own, ["choices"], undefined) : own), type: next }));
  const rename = (to: string) => { onRenamed(to); edit((now) => renameAttribute(now, key, to)); };
  const describe = (words: string) => {
    const better = keyFrom(words);
    // As long as nobody has named the answer, it is called after the question.
    const to = isMadeUp(key) && better !== "" ? freeName(better, all.map((one) => one.key)) : key;
    if (to !== key) onRenamed(to);
    edit((now) => renameAttribute(put(now, ["annotation_attributes", key, "description"], words), key, to));
  };
  const move = (by: number) => edit((now) => (isObject(now.annotation_attributes) ? put(now, ["annotation_attributes"], moveMember(now.annotation_attributes, key, by)) : now));
  return (
    <article className={`card question ${wrong.length > 0 ? "wrong" : ""}`} aria-label={`Question ${key}`}>
      <div className="question-head">
        <button type="button" className="quiet question-title" aria-expanded={open} aria-controls={id} onClick={onToggle}>
          <b>{typeof object.description === "string" && object.description !== "" ? object.description : key}</b>
          <span className="faint">{questionSummary(question)}</span>
        </button>
        <Menu name={`More about ${key}`} items={[{ name: "Move up", keys: "", run: () => move(-1) }, { name: "Move down", keys: "", run: () => move(1) }, { name: "Delete the question", keys: "", run: () => edit((now) => removeQuestion(now, key)) }]} />
      </div>
      <Issues issues={wrong} />
      {open && (
        <div className="question-body" id={id}>
          <DraftInput label="Question" value={typeof object.description === "string" ? object.description : ""} placeholder="Is the cat asleep?" autoFocus={fresh} onCommit={describe} />
          <DraftInput
            label="Name in answers" value={key} onCommit={rename}
            refuse={(text) => (text === "" ? "It needs a name." : ["label", "uuid", "type"].includes(text) ? `"${text}" is taken by every answer.` : all.some((one) => one.key === text) ? `There is a question "${text}" already.` : null)}
          />
          <label className="plain">Kind of answer
            <select aria-label="Kind of answer" value={type} onChange={(event) => setType(event.target.value)}>
              {Object.entries(TYPE_WORDS).filter(([name]) => level !== "picture" || !["linked", "x_line", "y_line"].includes(name) || name === type).map(([name, words]) => <option key={name} value={name}>{words}</option>)}
              {!(type in TYPE_WORDS) && <option value={type}>{type}</option>}
            </select>
          </label>
          <label className="tick"><input type="checkbox" checked={question.isRequired} onChange={(event) => set("required", event.target.checked === (type !== "linked") ? undefined : event.target.checked)} />It must be answered</label>
          {type === "category" && (
            <fieldset className="question-choices">
              <legend>Choices</legend>
              <LabelTree list={listOf(object.choices)} noun="choice" addLabel={`Add a choice for ${key}`} onChange={(list) => set("choices", list)} onRename={(from, to) => edit((now) => renameChoice(now, key, from, to))} />
              <label className="tick"><input type="checkbox" checked={object.allow_multiple === true} onChange={(event) => set("allow_multiple", event.target.checked ? true : undefined)} />Several may be chosen</label>
            </fieldset>
          )}
          {type === "number" && (
            <div className="option-grid">
              <NumberInput label="Least" value={numberOf(object.min)} onCommit={(value) => set("min", value ?? undefined)} />
              <NumberInput label="Greatest" value={numberOf(object.max)} onCommit={(value) => set("max", value ?? undefined)} />
              <NumberInput label="In steps of" value={numberOf(object.step)} onCommit={(value) => set("step", value ?? undefined)} />
            </div>
          )}
          {type === "linked" && <NamePicker label="Objects that may be pointed at" names={stringsOf(object.allowed_labels)} options={objectLabels(params)} onChange={(names) => set("allowed_labels", names.length === 0 ? undefined : names)} />}
          <Conditions question={question} all={all} params={params} onChange={(member, value) => change((own) => withCondition(own, member, value))} />
        </div>
      )}
    </article>
  );
}
