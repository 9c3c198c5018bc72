import type { ReactElement } from "react";
import { listOf, objectLabels } from "../../model/building/labels.js";
import { questionsOf } from "../../model/building/attributes.js";
import { at, put } from "../../model/building/members.js";
import { isObject, numberOf, stringsOf, type Json, type JsonObject } from "../../model/json.js";
import { NumberInput } from "./DraftInput.js";
import type { Edit } from "./edit.js";

interface Option {
  readonly member: string;
  readonly words: string;
  readonly kind: "number" | "tick";
}

const SIZES: readonly Option[] = [
  { member: "min_width", words: "Least width, pixels", kind: "number" },
  { member: "min_height", words: "Least height, pixels", kind: "number" },
];
const VERTICES: readonly Option[] = [
  { member: "min_vertices", words: "Fewest vertices", kind: "number" },
  { member: "max_vertices", words: "Most vertices", kind: "number" },
];
const OPTIONS: { readonly [geometry: string]: readonly Option[] } = {
  box: [...SIZES, { member: "can_rotate", words: "Boxes may be turned", kind: "tick" }, { member: "integer_pixels", words: "Corners on whole pixels", kind: "tick" }],
  polygon: VERTICES,
  line: VERTICES,
  cuboid: SIZES,
};

/** The limits of one kind of figure, folded away until somebody wants them. */
export function GeometryOptions({ name, params, edit }: { name: string; params: JsonObject; edit: Edit }): ReactElement | null {
  if (name === "point") return <Connections params={params} edit={edit} />;
  const options = OPTIONS[name];
  if (options === undefined) return null;
  const rule = at(params, ["geometries", name]);
  const set = (member: string, value: Json | undefined) => edit((now) => put(now, ["geometries", name, member], value));
  const said = isObject(rule) ? options.filter(({ member }) => member in rule).length : 0;
  return (
    <details className="figure-options">
      <summary>Limits{said > 0 ? ` (${said})` : ""}</summary>
      <div className="option-grid">
        {options.map(({ member, words, kind }) => (kind === "number"
          ? <NumberInput key={member} label={words} least={0} value={numberOf(at(rule, [member]))} onCommit={(value) => set(member, value ?? undefined)} />
          : <label key={member} className="tick"><input type="checkbox" checked={at(rule, [member]) === true} onChange={(event) => set(member, event.target.checked ? true : undefined)} />{words}</label>))}
      </div>
    </details>
  );
}

/** Which points are joined by lines on the screen, to show how they belong together. */
function Connections({ params, edit }: { params: JsonObject; edit: Edit }): ReactElement {
  const path = ["geometries", "point", "connections"];
  const list = listOf(at(params, path)).filter(isObject);
  const labels = objectLabels({ geometries: { point: at(params, ["geometries", "point"]) ?? {} } });
  const linked = questionsOf(params).filter(({ type }) => type === "linked");
  const write = (next: readonly JsonObject[]) => edit((now) => put(now, path, next.length === 0 ? undefined : next));
  const change = (i: number, object: JsonObject) => write(list.map((one, position) => (position === i ? object : one)));
  return (
    <details className="figure-options">
      <summary>Lines between points{list.length > 0 ? ` (${list.length})` : ""}</summary>
      {list.map((connection, i) => {
        const pair = stringsOf(connection.pair), attribute = typeof connection.connection_attribute === "string" ? connection.connection_attribute : "";
        return (
          <div key={i} className="connection">
            {[0, 1].map((end) => (
              <select key={end} aria-label={end === 0 ? "From" : "To"} value={pair[end] ?? ""} onChange={(event) => change(i, { ...connection, pair: end === 0 ? [event.target.value, pair[1] ?? ""] : [pair[0] ?? "", event.target.value] })}>
                {[...new Set([...labels, ...(pair[end] === undefined ? [] : [pair[end]])])].map((label) => <option key={label}>{label}</option>)}
              </select>
            ))}
            <select aria-label="Where the answer is the same" value={attribute} onChange={(event) => change(i, put(connection, ["connection_attribute"], event.target.value === "" ? undefined : event.target.value))}>
              <option value="">always</option>
              {linked.map(({ key }) => <option key={key} value={key}>same {key}</option>)}
            </select>
            <button type="button" onClick={() => write(list.filter((_, position) => position !== i))}>Remove</button>
          </div>
        );
      })}
      <button type="button" disabled={labels.length < 2} title={labels.length < 2 ? "This needs two labels of points." : ""} onClick={() => write([...list, { pair: [labels[0], labels[1]] }])}>Add a line</button>
    </details>
  );
}
