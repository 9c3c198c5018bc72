import type { Command } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import type { Item } from "../engine/items.js";
import { uuid4 } from "../math/uuid.js";
import { changeObject, type Plan } from "../model/plans.js";
import { divisionPlan } from "./split/divide.js";
import { givenWay } from "./split/giveWay.js";
import { joinPlan, joinable } from "./split/join.js";
import type { Vertices } from "./path/Shape.js";

/** What can be done to paths beyond drawing and pulling them. */
export const pathCommands: readonly Command[] = [
  {
    id: "path.join", name: "Join polygons that share a border", group: "Objects", keys: ["M"], scope: "canvas",
    available: (editor) => (chosen(editor, "polygon").length >= 2 ? true : "Select two or more polygons that share a border."),
    run(editor) {
      const joined = joinable(chosen(editor, "polygon"));
      if ("refusal" in joined) return editor.tell(joined.refusal);
      void editor.commit(joinPlan(joined)).then((done) => { if (done) editor.select(joined.kept.key); });
    },
  },
  {
    id: "path.give", name: "Cut what others cover out of the polygon", group: "Objects", keys: ["Shift+X"], scope: "canvas",
    available: (editor) => (chosen(editor, "polygon").length === 1 ? true : "Select one polygon."),
    run(editor) {
      const { items, display } = editor.state.get(), [item] = chosen(editor, "polygon");
      const left = givenWay(item, items, { bounds: editor.limits, rule: editor.taxonomy.geometries.polygon ?? null }, (key) => display.get(key)?.hidden === true);
      if ("refusal" in left) return editor.tell(left.refusal);
      const keys = left.parts.slice(1).map(() => uuid4());
      void editor.commit(divisionPlan([left], [keys])).then((done) => { if (done) editor.select([item.key, ...keys]); });
    },
  },
  {
    id: "path.reverse", name: "Reverse the direction of lines", group: "Objects", keys: ["Shift+R"], scope: "canvas",
    available: (editor) => (chosen(editor, "line").length > 0 ? true : "Select a line."),
    run: (editor) => void editor.commit(together(chosen(editor, "line").map(({ key, shape }) => changeObject(key, (object) => {
      const vertices = shape.read(object) as Vertices | null;
      return vertices === null ? object : shape.write([...vertices].reverse(), object);
    })))),
  },
];

function chosen(editor: Editor, type: string): Item[] {
  const { items, selection, display } = editor.state.get();
  return selection.flatMap((key) => items.get(key) ?? []).filter((item) => item.type === type && display.get(item.key)?.locked !== true);
}

/** Plans for different objects as one step. */
function together(plans: readonly Plan[]): Plan {
  return (document) => plans.flatMap((plan) => plan(document));
}
