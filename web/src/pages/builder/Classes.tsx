import { useMemo, type ReactElement } from "react";
import { GEOMETRIES, listOf, objectLabels, withColour } from "../../model/building/labels.js";
import { at, put } from "../../model/building/members.js";
import { renameLabel } from "../../model/building/references.js";
import { isObject, type JsonObject } from "../../model/json.js";
import { readColours } from "../../model/taxonomy.js";
import { Palette } from "../../scenes/image/palette.js";
import { Icon } from "../../ui/Icon.js";
import { Menu } from "../../ui/Menu.js";
import { issuesAt, type PartProps } from "./edit.js";
import { GeometryOptions } from "./GeometryOptions.js";
import { Issues } from "./Issues.js";
import { LabelTree } from "./LabelTree.js";

export const FIGURES: { readonly [geometry: string]: { readonly one: string; readonly many: string } } = {
  box: { one: "box", many: "Boxes" },
  polygon: { one: "polygon", many: "Polygons" },
  line: { one: "line", many: "Lines" },
  point: { one: "point", many: "Points" },
  ellipse: { one: "ellipse", many: "Ellipses" },
  cuboid: { one: "cuboid", many: "Cuboids" },
};

interface Props extends PartProps {
  /** Makes a question about one label. */
  readonly onAsk: (label: string) => void;
}

/** What can be drawn: the classes under each kind of figure. */
export function Classes({ params, edit, issues, onAsk }: Props): ReactElement {
  const geometries: JsonObject = isObject(params.geometries) ? params.geometries : {};
  const present = Object.keys(geometries).filter((name) => name in FIGURES);
  const missing = GEOMETRIES.filter((name) => !present.includes(name));
  const palette = useMemo(() => new Palette(objectLabels(params), readColours(params.label_colors)), [params]);
  const add = (name: string) => edit((now) => put(now, ["geometries", name, "objects_to_annotate"], []));
  return (
    <section className="builder-part" aria-labelledby="classes-title">
      <h2 id="classes-title">What is drawn</h2>
      <Issues issues={issues.filter(({ path }) => path === "geometries")} />
      {present.map((name) => {
        const path = ["geometries", name, "objects_to_annotate"];
        return (
          <section key={name} className="card figure" aria-labelledby={`figure-${name}`}>
            <div className="figure-head">
              <Icon name={name} /><h3 id={`figure-${name}`}>{FIGURES[name].many}</h3><span className="spring" />
              <Menu name={`More about ${FIGURES[name].many.toLowerCase()}`} items={[{ name: `Remove ${FIGURES[name].many.toLowerCase()}`, keys: "", run: () => edit((now) => put(now, ["geometries", name], undefined)) }]} />
            </div>
            <LabelTree
              list={listOf(at(params, path))} noun="class" addLabel={`Add a class of ${FIGURES[name].many.toLowerCase()}`}
              colourOf={(choice) => palette.of(choice).colour} onColour={(choice, colour) => edit((now) => withColour(now, choice, colour), `colour ${choice}`)}
              onChange={(list) => edit((now) => put(now, path, list))} onRename={(from, to) => edit((now) => renameLabel(now, from, to))}
              further={(choice) => [{ name: `Ask something about each ${choice}`, keys: "", run: () => onAsk(choice) }]}
            />
            <Issues issues={issuesAt(issues, `geometries.${name}`)} />
            <GeometryOptions name={name} params={params} edit={edit} />
          </section>
        );
      })}
      {missing.length > 0 && (
        <div className="add-figures" role="group" aria-label="Add a kind of figure">
          {missing.map((name) => <button key={name} type="button" onClick={() => add(name)}><Icon name={name} size={16} />Add {FIGURES[name].many.toLowerCase()}</button>)}
        </div>
      )}
    </section>
  );
}
