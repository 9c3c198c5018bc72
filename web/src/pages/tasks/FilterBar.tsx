import { useEffect, useRef, useState, type ReactElement } from "react";
import type { TaskCalls } from "../../api/tasks.js";
import { Icon } from "../../ui/Icon.js";
import { Popover } from "../../ui/Popover.js";
import { FilterEditor } from "./FilterEditor.js";
import { FIELDS, fieldWords, isEmpty, isUsed, STATUSES, without, withValues, type Filter, type FilterField } from "./filter.js";

/** Typing is over after so many milliseconds without a key. */
const PAUSE = 250;

interface Props {
  readonly calls: TaskCalls;
  readonly filter: Filter;
  readonly fixedProject: boolean;
  readonly onChange: (filter: Filter) => void;
}

/** Search, statuses, and one chip for each other thing that the list is narrowed down by. */
export function FilterBar({ calls, filter, fixedProject, onChange }: Props): ReactElement {
  const [added, setAdded] = useState<string | null>(null);
  const fields = FIELDS.filter(({ id }) => !fixedProject || id !== "project");
  const used = fields.filter((field) => isUsed(filter, field) || field.id === added);
  const statuses = filter.status ?? [];
  const toggle = (status: string) => onChange(withValues(filter, "status", statuses.includes(status) ? statuses.filter((other) => other !== status) : [...statuses, status]));
  const drop = (field: FilterField) => {
    if (field.id === added) setAdded(null);
    onChange(without(filter, field));
  };
  return (
    <div className="filter-bar" role="search">
      <Search value={filter.search?.[0] ?? ""} onSearch={(text) => onChange(withValues(filter, "search", text === "" ? [] : [text]))} />
      <div className="segments-open" role="group" aria-label="Status">
        {STATUSES.map(([status, name]) => <button key={status} className="filter-chip" aria-pressed={statuses.includes(status)} onClick={() => toggle(status)}>{name}</button>)}
      </div>
      {used.map((field) => (
        <span key={field.id} className="filter-used">
          <Popover look="filter-chip on" begins={field.id === added ? "open" : "closed"} label={`${field.title}: ${fieldWords(filter, field)}`} button={<>{field.title}: <b>{fieldWords(filter, field)}</b></>}>
            {(close) => <FilterEditor calls={calls} field={field} filter={filter} onChange={onChange} onDone={close} />}
          </Popover>
          <button className="filter-drop" aria-label={`Without the filter by ${field.title.toLowerCase()}`} onClick={() => drop(field)}><Icon name="close" size={14} /></button>
        </span>
      ))}
      <Popover look="filter-chip" label="Add a filter" button="+ Filter">
        {(close) => fields.filter((field) => !used.includes(field)).map((field) => (
          <button key={field.id} className="quiet choice-row" onClick={() => { setAdded(field.id); close(); }}>{field.title}</button>
        ))}
      </Popover>
      {!isEmpty(fixedProject ? withValues(filter, "project", []) : filter) && <button className="quiet" onClick={() => { setAdded(null); onChange(filter.project !== undefined && fixedProject ? { project: filter.project } : {}); }}>Clear</button>}
    </div>
  );
}

function Search({ value, onSearch }: { value: string; onSearch: (text: string) => void }): ReactElement {
  const [text, setText] = useState(value);
  const latest = useRef(onSearch), field = useRef<HTMLInputElement>(null);
  latest.current = onSearch;
  // The address changed by other means, such as the way back.
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => latest.current(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      field.current?.focus();
      field.current?.select();
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <span className="task-search">
      <input ref={field} type="search" aria-label="Search ids, tags and metadata" placeholder="Search ids, tags, metadata" title={'Words that begin like this; "quoted" words as a whole'} value={text} onChange={(event) => setText(event.target.value)} />
      <kbd aria-hidden="true">/</kbd>
    </span>
  );
}
