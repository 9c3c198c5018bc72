import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactElement } from "react";
import type { Display, DisplayTrait } from "../engine/display.js";
import type { Editor } from "../engine/Editor.js";
import type { Item, Items } from "../engine/items.js";
import type { Review } from "../engine/Review.js";
import { primaryOf, selectedOf } from "../engine/selection.js";
import type { Palette } from "../scenes/image/palette.js";
import { placeWords } from "./describe.js";
import { Icon } from "./Icon.js";
import "./ObjectList.css";
import { marksOf, useFilter } from "./review/marks.js";
import { SelectionBar } from "./SelectionBar.js";
import { useStore } from "./useStore.js";

const ROW = 28;
const SPARE = 6;

interface Props {
  readonly editor: Editor;
  readonly palette: Palette;
  /** Keys of objects that break a rule. */
  readonly faulty: ReadonlySet<string>;
  readonly review?: Review | null;
}

/** The objects as a list: what the canvas shows, for the keyboard and for assistive technology. Only rows in sight are in the page. */
export function ObjectList({ editor, palette, faulty, review = null }: Props): ReactElement {
  const all = useStore(editor.state, (state) => state.items), shown = useStore(editor.state, (state) => state.shown);
  const filter = useFilter(review);
  // Hidden objects stay in the list, since it is where they are shown again; a filter leaves its own.
  const items = filter === "all" ? all : shown;
  const rows = useMemo(() => new Map(items.list.map(({ key }, i) => [key, i])), [items]);
  const display = useStore(editor.state, (state) => state.display);
  const selected = useStore(editor.state, selectedOf);
  const primary = useStore(editor.state, primaryOf);
  const list = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [height, setHeight] = useState(400);
  /** Where a range begins, and the row that the keyboard is on where that is not the primary object. */
  const [anchor, setAnchor] = useState<string | null>(null);
  const [wandering, setWandering] = useState<string | null>(null);
  const cursor = items.get(wandering) === null ? primary : wandering;
  const at = cursor === null ? -1 : rows.get(cursor) ?? -1;

  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [items.list.length === 0]);

  useEffect(() => setWandering(null), [primary]);

  useEffect(() => {
    const element = list.current;
    if (element === null || at < 0) return;
    if (at * ROW < element.scrollTop) element.scrollTop = at * ROW;
    else if ((at + 1) * ROW > element.scrollTop + element.clientHeight) element.scrollTop = (at + 1) * ROW - element.clientHeight;
  }, [at]);

  if (items.list.length === 0) return <p className="empty">{all.list.length > 0 ? "No object is like that. Show all of them in the bar above the picture." : editor.closed === null ? "Nothing is drawn yet. Choose a label above, then draw on the picture." : "Nothing is drawn on this picture."}</p>;

  const choose = (key: string, held: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean }) => {
    if (held.shiftKey) return editor.select(rangeOf(items, rows, anchor ?? primary ?? key, key));
    setAnchor(key);
    return editor.point(key, held.ctrlKey || held.metaKey ? "toggle" : "only");
  };
  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const moves: { readonly [key: string]: number } = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, Home: 0, End: items.list.length - 1, PageDown: at + page, PageUp: at - page,
    };
    const control = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    if (event.key in moves) {
      const { key } = items.list[Math.max(0, Math.min(items.list.length - 1, moves[event.key]))];
      if (control) setWandering(key);
      else choose(key, event);
    } else if (event.key === " " && cursor !== null) choose(cursor, { shiftKey: event.shiftKey, ctrlKey: true, metaKey: false });
    else if (event.key === "Enter" && cursor !== null && !control) editor.reveal(cursor);
    else if ((event.key === "Delete" || event.key === "Backspace") && selected.size > 0) editor.remove([...selected]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const first = Math.max(0, Math.floor(scroll / ROW) - SPARE);
  const last = Math.min(items.list.length, Math.ceil((scroll + height) / ROW) + SPARE);
  return <>
    <div
      ref={list} className="objects" role="listbox" aria-label={`Objects, ${items.list.length}`} aria-multiselectable="true" tabIndex={0}
      {...(at >= first && at < last ? { "aria-activedescendant": `object-${cursor}` } : {})}
      onScroll={(event) => setScroll(event.currentTarget.scrollTop)} onKeyDown={onKey} onMouseLeave={() => editor.hover.set(null)}
    >
      <div role="presentation" style={{ height: items.list.length * ROW }}>
        {items.list.slice(first, last).map((item, i) => (
          <Row
            key={item.key} item={item} index={first + i} number={items.numberOf(item.key)} count={items.list.length} editor={editor} palette={palette} display={display.get(item.key)}
            selected={selected.has(item.key)} current={item.key === cursor} faulty={faulty.has(item.key)} review={review} onChoose={(event) => choose(item.key, event)}
          />
        ))}
      </div>
    </div>
    <SelectionBar editor={editor} />
  </>;
}

/** The keys from one row to another, the second one last, so that it becomes the primary. */
function rangeOf(items: Items, rows: ReadonlyMap<string, number>, from: string, to: string): string[] {
  const a = rows.get(from) ?? 0, b = rows.get(to) ?? 0;
  const keys = items.list.slice(Math.min(a, b), Math.max(a, b) + 1).map(({ key }) => key);
  return a <= b ? keys : keys.reverse();
}

interface RowProps {
  readonly item: Item;
  readonly index: number;
  /** The number printed beside the object, which a filter does not change. */
  readonly number: number;
  readonly count: number;
  readonly editor: Editor;
  readonly palette: Palette;
  readonly display: Display | undefined;
  readonly selected: boolean;
  readonly current: boolean;
  readonly faulty: boolean;
  readonly review: Review | null;
  readonly onChoose: (event: MouseEvent) => void;
}

function Row({ item, index, number, count, editor, palette, display, selected, current, faulty, review, onChoose }: RowProps): ReactElement {
  const name = labelName(editor, item.label);
  const hidden = display?.hidden === true, locked = display?.locked === true;
  const held = editor.closed === null ? editor.lockOf(item.key) : null;
  const marks = review === null ? [] : marksOf(review, item.key);
  const words = [`${number} ${name}`, ...marks.map(({ words }) => words), item.type, placeWords(item.bounds, editor.picture), ...(hidden ? ["hidden"] : []), ...(locked || held !== null ? ["locked"] : []), ...(faulty ? ["needs attention"] : [])];
  return (
    <div
      id={`object-${item.key}`} role="option" aria-selected={selected} aria-posinset={index + 1} aria-setsize={count} aria-label={words.join(", ")}
      className={["row", ...(selected ? ["selected"] : []), ...(current ? ["current"] : []), ...(hidden ? ["unseen"] : [])].join(" ")} style={{ top: index * ROW }}
      onClick={onChoose} onDoubleClick={() => editor.reveal(item.key)} onMouseEnter={() => editor.hover.set(item.key)}
    >
      <i className="swatch" style={{ background: palette.of(item.label).colour }} />
      <span className="number">{number}</span>
      <span className={item.label === null ? "name missing" : "name"}>{name}</span>
      {marks.map(({ look, text, words: said }) => <span key={look} className={`mark ${look}`} title={said} aria-hidden="true">{text}</span>)}
      <span className="kind">{item.type}</span>
      <Trait editor={editor} item={item} trait="hidden" on={hidden} selected={selected} icon={hidden ? "eyeOff" : "eye"} title={hidden ? "Show" : "Hide"} />
      {editor.closed !== null ? null : held === null
        ? <Trait editor={editor} item={item} trait="locked" on={locked} selected={selected} icon={locked ? "lock" : "unlock"} title={locked ? "Unlock" : "Lock"} />
        : <span className="trait on" title={held}><Icon name="lock" size={14} /></span>}
      <i className={faulty ? "dot warning" : "dot good"} title={faulty ? "Needs attention, see Checks" : "Complete"} />
    </div>
  );
}

interface TraitProps {
  readonly editor: Editor;
  readonly item: Item;
  readonly trait: DisplayTrait;
  readonly on: boolean;
  readonly selected: boolean;
  readonly icon: string;
  readonly title: string;
}

/** For the pointer only: the keyboard has commands for the selection, and the row's name tells the state. On a selected row it is for all selected ones. */
function Trait({ editor, item, trait, on, selected, icon, title }: TraitProps): ReactElement {
  const toggle = (event: MouseEvent) => {
    event.stopPropagation();
    editor.setTrait(selected ? editor.state.get().selection : [item.key], trait, !on);
  };
  return <span className={on ? "trait on" : "trait"} title={title} aria-hidden="true" onClick={toggle} onDoubleClick={(event) => event.stopPropagation()}><Icon name={icon} size={14} /></span>;
}

export function labelName(editor: Editor, label: string | null): string {
  if (label === null) return "no label";
  return editor.labels.find(({ choice }) => choice === label)?.display ?? label;
}
