import { useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { Dialog } from "./Dialog.js";
import { ranked } from "./fuzzy.js";
import "./Palette.css";

/** Something that can be looked for and done. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  /** What kind of thing it is, shown beside the name and searched too. */
  readonly kind: string;
  readonly keys: string;
  /** Why it cannot be done now, or null. */
  readonly reason: string | null;
  /** Shown only once something is typed. */
  readonly onlyFound?: boolean;
  readonly run: () => void;
}

/** More results than this say that the words are too few. */
const MOST = 60;

/** Everything the editor can do, found by a few letters and done by Enter. */
export function Palette({ entries, onClose }: { entries: readonly Entry[]; onClose: () => void }): ReactElement {
  const [query, setQuery] = useState("");
  const [place, setPlace] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const found = useMemo(() => {
    const offered = query.trim() === "" ? entries.filter(({ onlyFound }) => onlyFound !== true) : entries;
    return ranked(offered, query, ({ name, kind }) => `${name} ${kind}`).slice(0, MOST);
  }, [entries, query]);
  const current = found[Math.min(place, found.length - 1)]?.thing;

  const run = (entry: Entry) => {
    if (entry.reason !== null) return;
    onClose();
    // The dialog gives the focus back first; what runs may put it elsewhere.
    setTimeout(entry.run);
  };
  const move = (next: number) => {
    const to = (next + found.length) % Math.max(1, found.length);
    setPlace(to);
    list.current?.children[to]?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    const moves: { readonly [key: string]: number } = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: Math.min(found.length - 1, place + 8), PageUp: Math.max(0, place - 8) };
    if (event.key in moves) move(moves[event.key]);
    else if (event.key === "Enter" && current !== undefined) run(current);
    // A search field would only be emptied.
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Commands" look="palette" onClose={onClose}>
      <input
        type="search" role="combobox" aria-label="Search commands, labels and objects" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
        {...(current === undefined ? {} : { "aria-activedescendant": `palette-${current.id}` })}
        data-first placeholder="Search commands, labels and objects" autoComplete="off" spellCheck={false}
        value={query} onChange={(event) => { setQuery(event.target.value); setPlace(0); list.current?.scrollTo({ top: 0 }); }} onKeyDown={onKey}
      />
      <ul ref={list} id="palette-list" className="palette-list" role="listbox" aria-label="Results">
        {found.map(({ thing, places }) => (
          <li
            key={thing.id} id={`palette-${thing.id}`} role="option" aria-selected={thing === current} aria-disabled={thing.reason !== null}
            className="palette-entry" onClick={() => run(thing)} onMouseMove={() => setPlace(found.findIndex((other) => other.thing === thing))}
          >
            <span className="palette-name"><Marked text={thing.name} places={places} /></span>
            <span className="palette-why">{thing.reason ?? thing.kind}</span>
            {thing.keys !== "" && <kbd>{thing.keys}</kbd>}
          </li>
        ))}
      </ul>
      <p className={found.length === 0 ? "empty" : "hidden"} role="status">{found.length === 0 ? "Nothing is called that." : `${found.length} results`}</p>
    </Dialog>
  );
}

function Marked({ text, places }: { text: string; places: readonly number[] }): ReactElement {
  const marked = new Set(places);
  return <>{[...text].map((letter, i) => (marked.has(i) ? <b key={i}>{letter}</b> : letter))}</>;
}
