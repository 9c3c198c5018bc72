import { Fragment, type ReactElement } from "react";
import type { Question } from "../../model/building/attributes.js";
import { linkLabels, objectLabels } from "../../model/building/labels.js";
import { put } from "../../model/building/members.js";
import type { Json, JsonObject } from "../../model/json.js";
import { leavesOf, readLabels, scalarsOf } from "../../model/taxonomy.js";
import { DraftInput } from "./DraftInput.js";
import { NamePicker } from "./NamePicker.js";

interface Props {
  readonly question: Question;
  readonly all: readonly Question[];
  readonly params: JsonObject;
  /** Changes a member of the conditions; undefined takes it away. */
  readonly onChange: (member: string, value: Json | undefined) => void;
}

/** When a question is asked: for which labels, and after which answers to others. */
export function Conditions({ question, all, params, onChange }: Props): ReactElement {
  const { labels, level, alternatives, key } = question;
  const others = all.filter((other) => other.key !== key && (other.level === "picture") === (level === "picture"));
  const write = (next: readonly JsonObject[]) => onChange("attribute_conditions", next.length === 0 ? undefined : next);
  const change = (i: number, wants: JsonObject | null) => write(wants === null || Object.keys(wants).length === 0 ? alternatives.filter((_, at) => at !== i) : alternatives.map((one, at) => (at === i ? wants : one)));
  const options = level === "links" ? linkLabels(params) : objectLabels(params);
  return (
    <>
      {level !== "picture" && (
        <>
          <label className="plain">Asked for
            <select aria-label="Asked for" value={labels === null ? "all" : "some"} disabled={level === "links"} onChange={(event) => onChange("label_condition", event.target.value === "all" ? undefined : { label: [] })}>
              {level === "links" ? <option value="some">these links</option> : <><option value="all">every object</option><option value="some">objects with these labels</option></>}
            </select>
          </label>
          {labels !== null && <NamePicker label={level === "links" ? "Links" : "Labels"} names={labels} options={options} onChange={(names) => onChange("label_condition", { label: names })} />}
        </>
      )}
      <fieldset className="alternatives">
        <legend>Only after certain answers</legend>
        {alternatives.map((wants, i) => (
          <Fragment key={i}>
            {i > 0 && <p className="faint or">or</p>}
            <div className="alternative">
              {Object.entries(wants).map(([wanted, values], place) => (
                <Want key={wanted} wanted={wanted} values={values} first={place === 0} others={others} taken={Object.keys(wants)}
                  onWanted={(next) => change(i, Object.fromEntries(Object.entries(wants).map(([name, value]) => (name === wanted ? [next, []] : [name, value]))))}
                  onValues={(next) => change(i, put(wants, [wanted], next))} onRemove={() => change(i, put(wants, [wanted], undefined))} />
              ))}
              {others.some((other) => !(other.key in wants)) && <button type="button" className="link" onClick={() => change(i, { ...wants, [others.find((other) => !(other.key in wants))?.key ?? ""]: [] })}>and another answer</button>}
            </div>
          </Fragment>
        ))}
        <div className="actions">
          <button type="button" disabled={others.length === 0} title={others.length === 0 ? "There is no other question at this level." : ""} onClick={() => write([...alternatives, { [others[0].key]: [] }])}>{alternatives.length === 0 ? "Add a condition" : "Or after other answers"}</button>
        </div>
      </fieldset>
    </>
  );
}

interface WantProps {
  readonly wanted: string;
  readonly values: Json;
  readonly first: boolean;
  readonly others: readonly Question[];
  readonly taken: readonly string[];
  readonly onWanted: (key: string) => void;
  readonly onValues: (values: readonly Json[]) => void;
  readonly onRemove: () => void;
}

/** One question that must have one of certain answers. */
function Want({ wanted, values, first, others, taken, onWanted, onValues, onRemove }: WantProps): ReactElement {
  const other = others.find(({ key }) => key === wanted);
  const chosen = scalarsOf(values).map(String);
  const keys = [...others.map(({ key }) => key).filter((key) => key === wanted || !taken.includes(key)), ...(other === undefined ? [wanted] : [])];
  return (
    <div className="want">
      <div className="want-line">
        <span>{first ? "when" : "and"}</span>
        <select aria-label="Question" value={wanted} onChange={(event) => onWanted(event.target.value)}>{keys.map((key) => <option key={key}>{key}</option>)}</select>
        <span>is</span><span className="spring" />
        <button type="button" className="link" onClick={onRemove}>Remove</button>
      </div>
      {other?.type === "category"
        ? <NamePicker label={`Answers to ${wanted}`} names={chosen} options={leavesOf(readLabels(other.object.choices)).map(({ choice }) => choice)} onChange={onValues} />
        : <DraftInput label={`Answers to ${wanted}, with commas between them`} value={chosen.join(", ")} onCommit={(text) => onValues(text.split(",").map((one) => one.trim()).filter((one) => one !== ""))} />}
    </div>
  );
}
