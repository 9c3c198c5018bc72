import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { primaryOf } from "../engine/selection.js";
import type { Item } from "../engine/items.js";
import { questionOf, type Issue } from "../model/checks.js";
import { visibleAttributes } from "../model/conditions.js";
import { collection } from "../model/document.js";
import { isObject, type Json, type JsonObject } from "../model/json.js";
import { GLOBAL_ATTRIBUTES, setAttribute, setGlobalAttribute, setLabel } from "../model/plans.js";
import { allowsLabel, type Attribute } from "../model/taxonomy.js";
import type { Extras } from "./extras.js";
import { Field, type LinkTarget } from "./Field.js";
import { Icon } from "./Icon.js";
import { Numbers } from "./Numbers.js";
import { labelName } from "./ObjectList.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly extras: Extras;
  /** Faults are shown beside the questions only after a submission was tried. */
  readonly issues: readonly Issue[];
}

/** What can be said about the selected object, or about the whole picture when none is selected. */
export function Details({ editor, extras, issues }: Props): ReactElement {
  const item = useStore(editor.state, (state) => state.items.get(primaryOf(state)));
  return item === null ? <PictureDetails editor={editor} extras={extras} issues={issues} /> : <ObjectDetails key={item.key} editor={editor} extras={extras} item={item} issues={issues} />;
}

function ObjectDetails({ editor, item, issues }: Props & { item: Item }): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const answers: JsonObject = isObject(item.object.attributes) ? item.object.attributes : {};
  const visible = visibleAttributes(editor.taxonomy.attributes, "object", item.label, answers);
  const fitting = editor.labels.filter(({ choice }) => allowsLabel(editor.taxonomy, item.type, choice));
  const own = issues.filter(({ key }) => key === item.key);
  const targetsFor = (attribute: Attribute): LinkTarget[] => (attribute.type !== "linked" ? [] : items.list
    .filter(({ key, label }) => key !== item.key && label !== null && attribute.allowedLabels.includes(label))
    .map(({ key, label }) => ({ key, name: `${items.numberOf(key)} ${labelName(editor, label)}` })));
  return (
    <section className="details" aria-label="Selected object">
      <div className="details-head">
        <h2><span className="number">{items.numberOf(item.key)}</span> {labelName(editor, item.label)}</h2>
        <button className="quiet square" aria-label="Remove object" title="Remove (Delete)" onClick={() => editor.remove(item.key)}><Icon name="trash" size={17} /></button>
      </div>
      <p className="faint measure">{measures(item)}</p>
      <div className="field">
        <label htmlFor="object-label">Label</label>
        <select id="object-label" value={item.label ?? ""} onChange={(event) => void editor.commit(setLabel(item.key, event.target.value === "" ? null : event.target.value))}>
          {(item.label === null || !fitting.some(({ choice }) => choice === item.label)) && <option value={item.label ?? ""}>{item.label ?? "Choose a label"}</option>}
          {fitting.map(({ choice, display, headings }) => <option key={choice} value={choice}>{[...headings, display].join(" › ")}</option>)}
        </select>
      </div>
      <div className="answers" data-answers>
        {visible.map((attribute) => (
          <Field
            key={attribute.key} id={`answer-${attribute.key}`} attribute={attribute} value={answers[attribute.key]} targets={targetsFor(attribute)}
            fault={faultOf(own, attribute)} onAnswer={(value: Json) => void editor.commit(setAttribute(item.key, attribute.key, value))}
          />
        ))}
      </div>
      <Numbers editor={editor} item={item} />
    </section>
  );
}

function PictureDetails({ editor, issues }: Props): ReactElement {
  const answersOf = useStore(editor.state, (state) => collection(state.document, GLOBAL_ATTRIBUTES));
  const answers: JsonObject = Object.fromEntries([...answersOf].map(([key, { value }]) => [key, value ?? null]));
  const visible = visibleAttributes(editor.taxonomy.attributes, "global", null, answers);
  if (visible.length === 0) return <section className="details" aria-label="Selected object"><p className="faint">Select an object to see and answer its questions.</p></section>;
  return (
    <section className="details" aria-label="Whole picture">
      <div className="details-head"><h2>Whole picture</h2></div>
      <div className="answers" data-answers>
        {visible.map((attribute) => (
          <Field
            key={attribute.key} id={`answer-${attribute.key}`} attribute={attribute} value={answers[attribute.key]} targets={[]}
            fault={faultOf(issues.filter(({ path }) => path.startsWith("global_attributes")), attribute)}
            onAnswer={(value: Json) => void editor.commit(setGlobalAttribute(attribute.key, value))}
          />
        ))}
      </div>
    </section>
  );
}

/** What is wrong with an answer, without the question, which stands above it. */
function faultOf(issues: readonly Issue[], { key, description }: Attribute): string | null {
  const message = issues.find(({ path }) => questionOf(path) === key)?.message;
  if (message === undefined) return null;
  const rest = message.startsWith(`"${description}" `) ? message.slice(description.length + 3) : message;
  return `${rest[0]?.toLocaleUpperCase() ?? ""}${rest.slice(1)}`;
}

function measures({ type, bounds, object }: Item): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const size = `${round(bounds.right - bounds.left)} × ${round(bounds.bottom - bounds.top)} px at ${round(bounds.left)}, ${round(bounds.top)}`;
  const count = Array.isArray(object.vertices) ? `, ${object.vertices.length} vertices` : "";
  return `${type[0]?.toLocaleUpperCase() ?? ""}${type.slice(1)}, ${size}${count}`;
}
