import type { ReactElement } from "react";
import type { Editor } from "../../engine/Editor.js";
import { visibleAttributes } from "../../model/conditions.js";
import { collection } from "../../model/document.js";
import { isAnswered, isObject, type Json, type JsonObject } from "../../model/json.js";
import { GLOBAL_ATTRIBUTES } from "../../model/plans.js";
import type { Attribute, LabelNode } from "../../model/taxonomy.js";
import { labelName } from "../../ui/ObjectList.js";
import { endName } from "../../ui/LinkList.js";
import { useStore } from "../../ui/useStore.js";

/** What was said about the selected object, or about the whole picture while nothing is selected. */
export function Answers({ editor }: { editor: Editor }): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const selection = useStore(editor.state, (state) => state.selection);
  const document = useStore(editor.state, (state) => state.document);
  const item = items.get(selection[selection.length - 1] ?? null);
  const { attributes } = editor.taxonomy;
  if (item === null) {
    const answers: JsonObject = Object.fromEntries([...collection(document, GLOBAL_ATTRIBUTES)].map(([key, { value }]) => [key, value ?? null]));
    return (
      <section className="details" aria-label="Whole picture">
        <div className="details-head"><h2>Whole picture</h2></div>
        <AnswerList editor={editor} attributes={visibleAttributes(attributes, "global", null, answers)} answers={answers} none="Select an object to read what was said about it." />
        <Links editor={editor} of={null} />
      </section>
    );
  }
  const answers = isObject(item.object.attributes) ? item.object.attributes : {};
  return (
    <section className="details" aria-label="Selected object">
      <div className="details-head"><h2><span className="number">{items.numberOf(item.key)}</span> {labelName(editor, item.label)}</h2></div>
      <p className="faint measure">{item.type}, {extent(item.bounds.right - item.bounds.left)} × {extent(item.bounds.bottom - item.bounds.top)} px</p>
      <AnswerList editor={editor} attributes={visibleAttributes(attributes, "object", item.label, answers)} answers={answers} none="No questions are asked about this object." />
      <Links editor={editor} of={item.key} />
    </section>
  );
}

function extent(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

interface ListProps {
  readonly editor: Editor;
  readonly attributes: readonly Attribute[];
  readonly answers: JsonObject;
  readonly none: string;
}

function AnswerList({ editor, attributes, answers, none }: ListProps): ReactElement {
  if (attributes.length === 0) return <p className="faint">{none}</p>;
  return (
    <dl className="facts answers-read">
      {attributes.map((attribute) => (
        <div key={attribute.key}>
          <dt>{attribute.description}</dt>
          <dd className={isAnswered(answers[attribute.key]) ? "" : "missing"}>{answerWords(editor, attribute, answers[attribute.key])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Links({ editor, of }: { editor: Editor; of: string | null }): ReactElement | null {
  const links = editor.links().filter(({ from, to }) => of === null || from === of || to === of);
  if (links.length === 0) return null;
  return (
    <div className="part">
      <h3>Links</h3>
      <ul className="links-read">{links.map((link) => <li key={link.key}>{endName(editor, link.from)} <span className="faint">{editor.nameOf(link.label)}</span> → {endName(editor, link.to)}</li>)}</ul>
    </div>
  );
}

/** An answer as people read it: choices by their names, objects by number and label. */
function answerWords(editor: Editor, attribute: Attribute, answer: Json | undefined): string {
  if (!isAnswered(answer)) return "no answer";
  const values: readonly Json[] = Array.isArray(answer) ? answer : [answer as Json];
  return values.map((value) => {
    if (attribute.type === "linked" && typeof value === "string") return endName(editor, value);
    if (typeof value === "string" || typeof value === "number") return displayOf(attribute.choices, String(value)) ?? String(value);
    return typeof value === "boolean" ? (value ? "yes" : "no") : JSON.stringify(value);
  }).join(", ");
}

function displayOf(choices: readonly LabelNode[], wanted: string): string | null {
  for (const { choice, display, children } of choices) {
    if (children.length === 0 && choice === wanted) return display;
    const found = displayOf(children, wanted);
    if (found !== null) return found;
  }
  return null;
}
