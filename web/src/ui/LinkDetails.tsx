import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import { linkQuestions } from "../model/answers.js";
import type { Issue } from "../model/checks.js";
import { isObject, type Json, type JsonObject } from "../model/json.js";
import { linkRefusal, removeLink, setLinkAttribute, turnLink, type Link } from "../model/links.js";
import { linkPalette } from "../scenes/image/overlays/Overlays.js";
import { faultOf } from "./answers/faults.js";
import { Field } from "./Field.js";
import { focusFirst } from "./focus.js";
import { Icon } from "./Icon.js";
import { endName } from "./LinkList.js";
import { targetsFor } from "./ObjectDetails.js";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly link: Link;
  readonly issues: readonly Issue[];
}

/** The selected link: its ends, its direction and its answers. */
export function LinkDetails({ editor, link, issues }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const answers: JsonObject = isObject(link.object.attributes) ? link.object.attributes : {};
  const own = issues.filter(({ key }) => key === link.key);
  const kind = editor.taxonomy.links.find(({ label }) => label === link.label);
  const from = items.get(link.from), to = items.get(link.to);
  const turns = kind !== undefined && from !== null && to !== null
    && linkRefusal(kind, to, from, editor.links().filter(({ key }) => key !== link.key), (label) => editor.nameOf(label)) === null;
  const remove = () => {
    void editor.commit(removeLink(link.key));
    editor.selectLink(null);
  };
  return (
    <section className="details" aria-label="Selected link">
      <div className="details-head">
        <h2><i className="swatch" style={{ background: linkPalette(editor).of(link.label).colour }} aria-hidden="true" /> {editor.nameOf(link.label)}</h2>
        <button className="quiet square" aria-label="Remove link" title="Remove (Delete)" onClick={remove}><Icon name="trash" size={17} /></button>
      </div>
      <p className="ends">
        <button className="link" onClick={() => editor.reveal(link.from)}>{endName(editor, link.from)}</button>
        <span aria-label="to">→</span>
        <button className="link" onClick={() => editor.reveal(link.to)}>{endName(editor, link.to)}</button>
        {turns && <button className="quiet square" aria-label="Turn the link around" title="Turn around" onClick={() => void editor.commit(turnLink(link.key))}><Icon name="swap" size={16} /></button>}
      </p>
      <div className="answers" data-answers>
        {linkQuestions(editor.taxonomy.attributes, link.label, answers).map((attribute) => (
          <Field
            key={attribute.key} id={`answer-${attribute.key}`} attribute={attribute} value={answers[attribute.key]} mixed={false} locked={false}
            fault={faultOf(own, attribute)} targets={targetsFor(editor, items, attribute, [])} onShow={(key) => editor.hover.set(key)}
            onPick={() => { editor.startPick({ kind: "answer", attribute, of: "link", keys: [link.key] }); focusFirst("canvas.canvas"); }}
            onAnswer={(value: Json) => void editor.commit(setLinkAttribute(link.key, attribute.key, value))}
          />
        ))}
      </div>
    </section>
  );
}
