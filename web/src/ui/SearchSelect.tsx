import { useEffect, useRef, useState, type CSSProperties, type ReactElement, type RefObject } from "react";
import { matching } from "./search.js";
import "./SearchSelect.css";

export interface SearchOption {
  readonly value: string;
  readonly name: string;
  /** The headings it stands under, outermost first. */
  readonly path: readonly string[];
  readonly colour?: string;
  /** A key that chooses it elsewhere. */
  readonly hint?: string;
  /** Words that find it, besides name and path. */
  readonly also?: string;
  /** Why it cannot be chosen. */
  readonly refused?: string;
}

interface Props {
  readonly id: string;
  readonly options: readonly SearchOption[];
  readonly value: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly describedBy?: string;
  readonly onChoose: (value: string) => void;
  /** What the list stands at, while it is open. */
  readonly onShow?: (value: string | null) => void;
}

/** Longer lists are narrowed down by typing. */
const LIMIT = 200;

/** A choice from a list that can be searched: what is chosen stands in the field, typing narrows the list down. */
export function SearchSelect({ id, options, value, placeholder = "", disabled = false, describedBy, onChoose, onShow }: Props): ReactElement {
  const [query, setQuery] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const chosen = options.find((option) => option.value === value);
  const close = () => {
    setQuery(null);
    onShow?.(null);
  };
  return (
    <span className="search-select">
      <input
        ref={field} id={id} type="text" className="search-select-field" value={query ?? chosen?.name ?? ""} placeholder={query === null ? placeholder : "Type to search"} disabled={disabled}
        title={chosen === undefined ? "" : [...chosen.path, chosen.name].join(" › ")}
        onChange={(event) => setQuery(event.target.value)} onClick={() => setQuery(query ?? "")} onBlur={close}
        {...comboBox(id, query !== null, describedBy)}
        onKeyDown={(event) => {
          if (query === null && !event.ctrlKey && !event.metaKey && (event.key === "ArrowDown" || event.key === "ArrowUp" || event.key === "Enter")) {
            setQuery("");
            event.preventDefault();
            event.stopPropagation();
          }
        }}
      />
      {query !== null && (
        <OptionList
          id={id} field={field} options={options} query={query} current={value}
          onChoose={(next) => { close(); onChoose(next); }} onClose={close} {...(onShow === undefined ? {} : { onShow })}
        />
      )}
    </span>
  );
}

export function comboBox(id: string, open: boolean, describedBy?: string) {
  return {
    role: "combobox", autoComplete: "off", spellCheck: false, "aria-autocomplete": "list" as const, "aria-expanded": open, "aria-controls": `${id}-list`,
    ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
  };
}

interface ListProps {
  readonly id: string;
  readonly field: RefObject<HTMLInputElement>;
  readonly options: readonly SearchOption[];
  readonly query: string;
  readonly current: string;
  readonly onChoose: (value: string) => void;
  readonly onClose: () => void;
  readonly onShow?: (value: string | null) => void;
}

/** The list below a field, worked by the field's keys. It lies over everything, so that no panel cuts it off. */
export function OptionList({ id, field, options, query, current, onChoose, onClose, onShow }: ListProps): ReactElement {
  const found = options.filter(({ name, path, also = "" }) => matching([...path, name, also], query));
  const shown = found.slice(0, LIMIT);
  const [at, setAt] = useState(() => Math.max(0, shown.findIndex((option) => option.value === current)));
  const place = Math.min(at, Math.max(0, shown.length - 1));
  const list = useRef<HTMLUListElement>(null);
  const latest = useRef({ shown, place, onChoose, onClose });
  latest.current = { shown, place, onChoose, onClose };

  useEffect(() => setAt(query === "" ? Math.max(0, shown.findIndex((option) => option.value === current)) : 0), [query]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    field.current?.setAttribute("aria-activedescendant", `${id}-option-${place}`);
    onShow?.(shown[place]?.value ?? null);
  }, [place, shown.length]);
  useEffect(() => {
    const input = field.current;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { shown: rows, place: row } = latest.current;
      const moves: { readonly [key: string]: number } = { ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + 8, PageUp: row - 8 };
      if (event.key in moves) setAt(Math.max(0, Math.min(rows.length - 1, moves[event.key])));
      else if (event.key === "Enter") {
        if (rows[row] !== undefined && rows[row].refused === undefined) latest.current.onChoose(rows[row].value);
      } else if (event.key === "Escape") latest.current.onClose();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    input?.addEventListener("keydown", onKey);
    return () => {
      input?.removeEventListener("keydown", onKey);
      input?.removeAttribute("aria-activedescendant");
    };
  }, []);

  return (
    <ul ref={list} className="option-list" id={`${id}-list`} role="listbox" aria-label="Choices" style={placeBelow(field.current)} onMouseDown={(event) => event.preventDefault()}>
      {shown.map((option, i) => (
        <li
          key={`${option.value} ${i}`} id={`${id}-option-${i}`} role="option" aria-selected={i === place} aria-disabled={option.refused !== undefined} title={option.refused ?? [...option.path, option.name].join(" › ")}
          className={option.value === current ? "current" : ""} onMouseMove={() => setAt(i)} onClick={() => { if (option.refused === undefined) onChoose(option.value); }}
        >
          {option.colour !== undefined && <i className="swatch" style={{ background: option.colour }} aria-hidden="true" />}
          <span className="option-name">{option.name}</span>
          {option.path.length > 0 && <span className="option-path">{option.path.join(" › ")}</span>}
          {option.hint !== undefined && <kbd aria-hidden="true">{option.hint}</kbd>}
        </li>
      ))}
      {shown.length === 0 && <li role="option" aria-selected={false} aria-disabled className="faint">Nothing matches.</li>}
      {found.length > LIMIT && <li role="option" aria-selected={false} aria-disabled className="faint">{found.length - LIMIT} more: type to narrow them down.</li>}
    </ul>
  );
}

/** Below the field where there is room, else above it. */
function placeBelow(field: HTMLElement | null): CSSProperties {
  if (field === null) return {};
  const { left, right, top, bottom } = field.getBoundingClientRect();
  const width = Math.max(right - left, 220), below = window.innerHeight - bottom - 12;
  const x = Math.max(8, Math.min(left, window.innerWidth - width - 8));
  return below > 180 || below > top ? { left: x, top: bottom + 4, width, maxHeight: Math.min(below, 340) } : { left: x, bottom: window.innerHeight - top + 4, width, maxHeight: Math.min(top - 12, 340) };
}

