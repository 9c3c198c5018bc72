import type { ReactElement } from "react";
import { axisOf, frameOf } from "../engine/hand/lines.js";
import type { Editor } from "../engine/Editor.js";
import type { Item, Items } from "../engine/items.js";
import { setAttributes, setLabels, sharedAnswer, sharedQuestions } from "../model/answers.js";
import type { Issue } from "../model/checks.js";
import { isObject, type Json } from "../model/json.js";
import { allowsLabel, type Attribute } from "../model/taxonomy.js";
import { faultOf } from "./answers/faults.js";
import type { LinkTarget } from "./answers/Question.js";
import { Field } from "./Field.js";
import { focusFirst } from "./focus.js";
import { Icon } from "./Icon.js";
import { LabelSelect } from "./LabelSelect.js";
import { LinksOfObject } from "./LinkList.js";
import { Lock } from "./Lock.js";
import { Numbers } from "./Numbers.js";
import { labelName } from "./ObjectList.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  /** The selected objects; the last one is the primary. */
  readonly items: readonly Item[];
  readonly issues: readonly Issue[];
}

/** Label and answers of the selected objects. Of several, those that they share are shown and changed together. */
export function ObjectDetails({ editor, items: chosen, issues }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const item = chosen[chosen.length - 1], single = chosen.length === 1;
  const keys = chosen.map(({ key }) => key);
  const objects = chosen.map(({ label, object }) => ({ label, answers: isObject(object.attributes) ? object.attributes : {} }));
  const { base } = editor.taxonomy;
  const given = keys.filter((key) => base.originals.has(key));
  const own = useStore(editor.state, ({ display }) => keys.some((key) => display.get(key)?.locked === true));
  const locked = own || (!base.canEdit && given.length > 0), labelLocked = own || (!base.canEditLabels && given.length > 0);
  const lock = given.map((key) => editor.lockOf(key)).find((words) => words !== null) ?? (own ? "Locked by you. Unlock it before you change it." : null);
  const faults = issues.filter(({ key }) => key === item.key);
  const labels = editor.labels.filter(({ choice }) => chosen.every(({ type }) => allowsLabel(editor.taxonomy, type, choice)));
  const label = chosen.every((one) => one.label === item.label) ? item.label : null;
  const removable = useStore(editor.state, () => keys.some((key) => editor.removable(key)));
  return (
    <section className="details" aria-label={single ? "Selected object" : "Selected objects"}>
      <div className="details-head">
        <h2>{single ? <><span className="number">{items.numberOf(item.key)}</span> {labelName(editor, item.label)}</> : `${chosen.length} objects`}</h2>
        <button className="quiet square" aria-label={single ? "Remove object" : "Remove objects"} disabled={!removable} title={removable ? "Remove (Delete)" : lock ?? "Locked"} onClick={() => editor.remove(keys)}><Icon name="trash" size={17} /></button>
      </div>
      <p className="faint measure">{single ? measures(item) : kinds(chosen)}</p>
      {lock !== null && <Lock words={lock} />}
      {editor.taxonomy.withLabels && (
        <LabelSelect editor={editor} labels={labels} value={label} mixed={!single && label === null} disabled={labelLocked} onChoose={(choice) => void editor.commit(setLabels(keys, choice))} />
      )}
      <div className="answers" data-answers>
        {sharedQuestions(editor.taxonomy.attributes, objects).map((attribute) => {
          const shared = sharedAnswer(attribute.key, objects), axis = axisOf(attribute);
          return (
            <Field
              key={attribute.key} id={`answer-${attribute.key}`} attribute={attribute} value={shared.mixed ? undefined : shared.value} mixed={shared.mixed}
              fault={single ? faultOf(faults, attribute) : null} locked={locked} targets={targetsFor(editor, items, attribute, keys)}
              onPick={() => pick(editor, attribute, keys)} onShow={(key) => editor.hover.set(key)}
              {...(single && axis !== null ? { onPlace: () => { editor.startLine(item.key, attribute.key, axis); focusFirst("canvas.canvas"); }, most: mostOf(item, axis) } : {})}
              onAnswer={(value: Json) => void editor.commit(setAttributes(keys, attribute.key, value))}
            />
          );
        })}
      </div>
      {single && <LinksOfObject editor={editor} item={item} />}
      {single && !locked && <Numbers editor={editor} item={item} />}
    </section>
  );
}

/** The objects that may be the answer to a linked attribute. */
export function targetsFor(editor: Editor, items: Items, attribute: Attribute, except: readonly string[]): LinkTarget[] {
  if (attribute.type !== "linked") return [];
  return items.list.filter(({ key, label }) => !except.includes(key) && label !== null && attribute.allowedLabels.includes(label))
    .map(({ key, label }) => ({ key, label, name: `${items.numberOf(key)} ${labelName(editor, label)}` }));
}

function pick(editor: Editor, attribute: Attribute, keys: readonly string[]): void {
  editor.startPick({ kind: "answer", attribute, of: "objects", keys });
  focusFirst("canvas.canvas");
}

function mostOf(item: Item, axis: "x" | "y"): number {
  const { width, height } = frameOf(item);
  return axis === "x" ? width : height;
}

function measures({ type, bounds, object }: Item): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const place = `at ${round(bounds.left)}, ${round(bounds.top)}`;
  const size = type === "point" ? place : `${round(bounds.right - bounds.left)} × ${round(bounds.bottom - bounds.top)} px ${place}`;
  const count = Array.isArray(object.vertices) ? `, ${object.vertices.length} vertices` : "";
  return `${type[0]?.toLocaleUpperCase() ?? ""}${type.slice(1)}, ${size}${count}`;
}

/** How many of each geometry are selected. */
function kinds(items: readonly Item[]): string {
  const counts = new Map<string, number>();
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => `${count} × ${type}`).join(", ");
}
