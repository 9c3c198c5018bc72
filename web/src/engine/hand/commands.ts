import { startRefusal, type LinkKind } from "../../model/links.js";
import type { Command } from "../commands.js";
import type { Editor } from "../Editor.js";
import { primaryOf } from "../selection.js";

/** What the hand can be told by keys and from the palette. */
export const HAND_COMMANDS: readonly Command[] = [
  {
    id: "link.begin", name: "Link two objects", group: "Objects", keys: ["G"], scope: "work",
    available: (editor) => (editor.taxonomy.links.length > 0 ? true : "This task does not ask for links."),
    run: begin,
  },
  {
    id: "link.next", name: "Next link", group: "Objects", keys: ["Shift+G"], scope: "work", repeats: true,
    available: (editor) => (editor.links().length > 0 ? true : "Nothing is linked yet."),
    run: next,
  },
];

/** From the selected object, where some link can start at it; otherwise both ends are picked. Pressed again, it takes the next kind of link. */
function begin(editor: Editor): void {
  const kinds = editor.taxonomy.links, { picking } = editor.hand.get();
  const now = picking?.pick.kind === "link" ? kinds.indexOf(picking.pick.link) : -1;
  const item = editor.state.get().items.get(primaryOf(editor.state.get()));
  const fits = (kind: LinkKind) => item !== null && startRefusal(kind, item, (label) => label) === null;
  const link = now >= 0 ? kinds[(now + 1) % kinds.length] : kinds.find(fits) ?? kinds[0];
  editor.startPick({ kind: "link", link, from: item !== null && fits(link) ? item.key : null });
}

function next(editor: Editor): void {
  const links = editor.links(), now = links.findIndex(({ key }) => key === editor.hand.get().link);
  editor.selectLink(links[(now + 1) % links.length].key);
}
