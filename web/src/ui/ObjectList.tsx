import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Item } from "../engine/items.js";
import { primaryOf } from "../engine/selection.js";
import type { Palette } from "../scenes/image/palette.js";
import { useStore } from "./useStore.js";

const ROW = 28;
const SPARE = 6;

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  /** Keys of objects that break a rule. */
  readonly faulty: ReadonlySet<string>;
}

/** The objects as a list: what the canvas shows, for the keyboard and for assistive technology. Only rows in sight are in the page. */
export function ObjectList({ editor, palette, faulty }: Props): ReactElement {
  const items = useStore(editor.state, (state) => state.items);
  const selection = useStore(editor.state, primaryOf);
  const list = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [height, setHeight] = useState(400);
  const selected = selection === null ? -1 : items.numberOf(selection) - 1;

  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [items.list.length === 0]);

  useEffect(() => {
    const element = list.current;
    if (element === null || selected < 0) return;
    if (selected * ROW < element.scrollTop) element.scrollTop = selected * ROW;
    else if ((selected + 1) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (selected + 1) * ROW - element.clientHeight;
  }, [selected]);

  if (items.list.length === 0) return <p className="empty">Nothing is drawn yet. Choose a label above, then draw on the picture.</p>;

  const choose = (index: number) => editor.select(items.list[Math.max(0, Math.min(items.list.length - 1, index))].key);
  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const moves: { readonly [key: string]: number } = {
      ArrowDown: selected + 1, ArrowUp: selected < 0 ? 0 : selected - 1, Home: 0, End: items.list.length - 1, PageDown: selected + page, PageUp: selected - page,
    };
    if (event.key in moves) choose(moves[event.key]);
    else if (event.key === "Enter" && selection !== null) editor.reveal(selection);
    else if ((event.key === "Delete" || event.key === "Backspace") && selection !== null) editor.remove(selection);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const first = Math.max(0, Math.floor(scroll / ROW) - SPARE);
  const last = Math.min(items.list.length, Math.ceil((scroll + height) / ROW) + SPARE);
  const inSight = selected >= first && selected < last;
  return (
    <div
      ref={list} className="objects" role="listbox" aria-label={`Objects, ${items.list.length}`} tabIndex={0}
      {...(inSight ? { "aria-activedescendant": `object-${selection}` } : {})}
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)} onKeyDown={onKey} onMouseLeave={() => editor.hover.set(null)}
    >
      <div role="presentation" style={{ height: items.list.length * ROW }}>
        {items.list.slice(first, last).map((item, i) => (
          <Row key={item.key} item={item} index={first + i} count={items.list.length} editor={editor} palette={palette} selected={item.key === selection} faulty={faulty.has(item.key)} />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: Item;
  readonly index: number;
  readonly count: number;
  readonly editor: Editor;
  readonly palette: Palette;
  readonly selected: boolean;
  readonly faulty: boolean;
}

function Row({ item, index, count, editor, palette, selected, faulty }: RowProps): ReactElement {
  const name = labelName(editor, item.label);
  return (
    <div
      id={`object-${item.key}`} role="option" aria-selected={selected} aria-posinset={index + 1} aria-setsize={count}
      aria-label={`${index + 1} ${name}, ${item.type}${faulty ? ", needs attention" : ""}`}
      className={selected ? "row selected" : "row"} style={{ top: index * ROW }}
      onClick={() => editor.point(item.key)} onDoubleClick={() => editor.reveal(item.key)} onMouseEnter={() => editor.hover.set(item.key)}
    >
      <i className="swatch" style={{ background: palette.of(item.label).colour }} />
      <span className="number">{index + 1}</span>
      <span className={item.label === null ? "name missing" : "name"}>{name}</span>
      <span className="kind">{item.type}</span>
      <i className={faulty ? "dot warning" : "dot good"} title={faulty ? "Needs attention, see Checks" : "Complete"} />
    </div>
  );
}

export function labelName(editor: Editor, label: string | null): string {
  if (label === null) return "no label";
  return editor.labels.find(({ choice }) => choice === label)?.display ?? label;
}
