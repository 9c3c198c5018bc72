import type { Command } from "../engine/commands.js";
import type { Editor } from "../engine/Editor.js";
import { partsOf, type Bindings } from "../engine/keymap.js";
import { placeWords } from "../ui/describe.js";
import { labelName } from "../ui/ObjectList.js";
import type { Entry } from "../ui/Palette.js";
import { go } from "./route.js";

export interface Page {
  readonly path: string;
  readonly name: string;
}

/** What the palette offers: every command, every label, the other pages, and every object by its number. */
export function entriesOf(editor: Editor, commands: readonly Command[], bindings: Bindings, pages: readonly Page[]): readonly Entry[] {
  const keysOf = (id: string) => partsOf(bindings.get(id)?.[0] ?? "").join(" ");
  const { items } = editor.state.get();
  return [
    // Labels stand below under their names.
    ...commands.filter(({ id }) => !/^label\.\d/.test(id) && id !== "task.palette").map((command): Entry => {
      const available = command.available(editor);
      return { id: command.id, name: command.name, kind: command.group, keys: keysOf(command.id), reason: available === true ? null : available, run: () => void command.run(editor) };
    }),
    ...editor.labels.map(({ choice, display, headings }, i): Entry => ({
      id: `label-${i}`, name: [...headings, display].join(" › "), kind: "Label", keys: keysOf(`label.${i + 1}`), reason: null, run: () => editor.pickLabel(choice),
    })),
    ...pages.map(({ path, name }): Entry => ({ id: `page-${path}`, name, kind: "Page; this work is kept", keys: "", reason: null, run: () => go(path) })),
    ...items.list.map((item, i): Entry => ({
      id: `object-${item.key}`, name: `${i + 1} ${labelName(editor, item.label)}`, kind: `Object, ${item.shape.noun}, ${placeWords(item.bounds, editor.picture)}`, keys: "", reason: null,
      onlyFound: true, run: () => editor.reveal(item.key),
    })),
  ];
}
