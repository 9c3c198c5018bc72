import type { ReactElement } from "react";
import { linkLabels, objectLabels } from "../../model/building/labels.js";
import { freeName, put } from "../../model/building/members.js";
import { renameLink } from "../../model/building/references.js";
import { isObject, objectsOf, stringsOf, type Json, type JsonObject } from "../../model/json.js";
import { Icon } from "../../ui/Icon.js";
import { Menu } from "../../ui/Menu.js";
import { DraftInput } from "./DraftInput.js";
import { issuesAt, type PartProps } from "./edit.js";
import { Issues } from "./Issues.js";
import { NamePicker } from "./NamePicker.js";

interface Props extends PartProps {
  /** Makes a question about one kind of link. */
  readonly onAsk: (label: string) => void;
}

/** How objects may be linked with each other. */
export function Links({ params, edit, issues, onAsk }: Props): ReactElement {
  const labels = objectLabels(params), kinds = linkLabels(params);
  const links: JsonObject = isObject(params.links) ? params.links : {};
  const remove = (label: string) => edit((now) => {
    const next = put(now, ["links", label], undefined);
    return isObject(next.links) && Object.keys(next.links).length === 0 ? put(next, ["links"], undefined) : next;
  });
  const add = () => edit((now) => put(now, ["links", freeName("link", [...linkLabels(now), ...objectLabels(now)])], { from_allowed_labels: [], to_allowed_labels: [] }));
  return (
    <section className="builder-part" aria-labelledby="links-title">
      <h2 id="links-title">Links between objects</h2>
      {kinds.length === 0 && <p className="faint">Objects are not linked with each other yet.</p>}
      {kinds.map((kind, i) => {
        const rules = rulesOf(links[kind]);
        const write = (next: readonly JsonObject[]) => edit((now) => put(now, ["links", kind], next.length === 1 && !Array.isArray(links[kind]) ? next[0] : next));
        const change = (at: number, rule: JsonObject) => write(rules.map((one, place) => (place === at ? rule : one)));
        return (
          <article key={i} className="card question" aria-label={`Link ${kind}`}>
            <div className="question-head">
              <Icon name="link" />
              <DraftInput quiet label={`Name of the link ${kind}`} value={kind} onCommit={(text) => edit((now) => renameLink(now, kind, text))} refuse={(text) => (text === "" ? "It needs a name." : kinds.includes(text) ? `There is a link "${text}" already.` : null)} />
              <Menu name={`More about ${kind}`} items={[
                { name: "Ask something about each such link", keys: "", run: () => onAsk(kind) },
                { name: "Add another pair of ends", keys: "", run: () => write([...rules, { from_allowed_labels: [], to_allowed_labels: [] }]) },
                { name: "Delete the link", keys: "", run: () => remove(kind) },
              ]} />
            </div>
            <Issues issues={issuesAt(issues, `links.${kind}`)} />
            {rules.map((rule, at) => (
              <div key={at} className="question-body">
                <NamePicker label="From" names={stringsOf(rule.from_allowed_labels)} options={labels} onChange={(names) => change(at, { ...rule, from_allowed_labels: names })} />
                <NamePicker label="To" names={stringsOf(rule.to_allowed_labels)} options={labels} onChange={(names) => change(at, { ...rule, to_allowed_labels: names })} />
                <label className="tick"><input type="checkbox" checked={rule.is_bidirectional === true} onChange={(event) => change(at, put(rule, ["is_bidirectional"], event.target.checked ? true : undefined))} />Either end may come first</label>
                {rules.length > 1 && <div><button type="button" onClick={() => write(rules.filter((_, place) => place !== at))}>Remove this pair of ends</button></div>}
              </div>
            ))}
          </article>
        );
      })}
      <div><button type="button" disabled={labels.length === 0} title={labels.length === 0 ? "Links need classes to link." : ""} onClick={add}>Add a kind of link</button></div>
    </section>
  );
}

/** The rules of a link: one, or a list of them. */
function rulesOf(value: Json | undefined): readonly JsonObject[] {
  return objectsOf(isObject(value) ? [value] : value);
}
