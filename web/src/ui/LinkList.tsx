import type { ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Item } from "../engine/items.js";
import { removeLink, startRefusal, type Link, type LinkKind } from "../model/links.js";
import { linkPalette } from "../scenes/image/overlays/Overlays.js";
import { focusFirst } from "./focus.js";
import { Icon } from "./Icon.js";
import { useStore } from "./useStore.js";

/** All links of the picture, with what begins a new one. */
export function LinkList({ editor }: { editor: Editor }): ReactElement | null {
  useStore(editor.state, (state) => state.document);
  if (editor.taxonomy.links.length === 0) return null;
  const links = editor.links();
  return (
    <div className="part">
      <h3>Links{links.length > 0 && <span className="faint"> {links.length}</span>}</h3>
      {links.length === 0 && <p className="faint">Nothing is linked yet.</p>}
      <Rows editor={editor} links={links} />
      <Beginnings editor={editor} from={null} />
    </div>
  );
}

/** The links from and to one object. */
export function LinksOfObject({ editor, item }: { editor: Editor; item: Item }): ReactElement | null {
  if (editor.taxonomy.links.length === 0) return null;
  return (
    <div className="part">
      <h3>Links</h3>
      <Rows editor={editor} links={editor.links().filter(({ from, to }) => from === item.key || to === item.key)} />
      <Beginnings editor={editor} from={item} />
    </div>
  );
}

function Rows({ editor, links }: { editor: Editor; links: readonly Link[] }): ReactElement | null {
  const palette = linkPalette(editor);
  if (links.length === 0) return null;
  return (
    <ul className="link-rows">
      {links.map((link) => (
        <li key={link.key}>
          <button className="quiet link-row" title="Select this link" onClick={() => editor.selectLink(link.key)} onMouseEnter={() => editor.hover.set(link.to)} onMouseLeave={() => editor.hover.set(null)}>
            <i className="swatch" style={{ background: palette.of(link.label).colour }} aria-hidden="true" />
            <span>{endName(editor, link.from)} <span className="faint">{editor.nameOf(link.label)}</span> <span aria-label="to">→</span> {endName(editor, link.to)}</span>
          </button>
          <button className="quiet square" aria-label={`Remove the link from ${endName(editor, link.from)} to ${endName(editor, link.to)}`} title="Remove link" onClick={() => void editor.commit(removeLink(link.key))}><Icon name="trash" size={15} /></button>
        </li>
      ))}
    </ul>
  );
}

/** One button for each kind of link; those that cannot begin at the object say why. */
function Beginnings({ editor, from }: { editor: Editor; from: Item | null }): ReactElement {
  const begin = (link: LinkKind) => {
    editor.startPick({ kind: "link", link, from: from?.key ?? null });
    focusFirst("canvas.canvas");
  };
  return (
    <div className="beginnings">
      {editor.taxonomy.links.map((kind) => {
        const refusal = from === null ? null : startRefusal(kind, from, (label) => editor.nameOf(label));
        return <button key={kind.label} disabled={refusal !== null} title={refusal ?? "Pick the two objects on the picture"} onClick={() => begin(kind)}><Icon name="link" size={16} /> {editor.nameOf(kind.label)}</button>;
      })}
    </div>
  );
}

/** Number and label of an object at the end of a link. */
export function endName(editor: Editor, key: string): string {
  const { items } = editor.state.get(), item = items.get(key);
  return item === null ? "a missing object" : `${items.numberOf(key)} ${item.label === null ? "no label" : editor.nameOf(item.label)}`;
}
