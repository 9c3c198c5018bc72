import { useEffect, useId, useState, type FormEvent, type ReactElement } from "react";
import type { TaskCalls } from "../../api/tasks.js";
import { typeWords } from "../../ui/words.js";
import { withValues, type Filter, type FilterField } from "./filter.js";

interface Props {
  readonly calls: TaskCalls;
  readonly field: FilterField;
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly onDone: () => void;
}

/** Gives a field its values. */
export function FilterEditor(props: Props): ReactElement {
  switch (props.field.editing) {
    case "words": return <Words {...props} />;
    case "range": return <Range {...props} />;
    case "lines": return <Lines {...props} />;
    default: return <Named {...props} />;
  }
}

function Words({ field: { names: [name], words = [], title }, filter, onChange }: Props): ReactElement {
  const chosen = filter[name] ?? [];
  return (
    <fieldset>
      <legend className="hidden">{title}</legend>
      {words.map(([value, shown]) => (
        <label key={value} className="tick">
          <input type="checkbox" checked={chosen.includes(value)} onChange={(event) => onChange(withValues(filter, name, event.target.checked ? [...chosen, value] : chosen.filter((other) => other !== value)))} />{shown}
        </label>
      ))}
    </fieldset>
  );
}

/** A date covers its whole day, at both ends. */
function Range({ field: { names: [from, to] }, filter, onChange }: Props): ReactElement {
  const field = (title: string, name: string) => (
    <label className="line">{title}<input type="date" value={(filter[name]?.[0] ?? "").slice(0, 10)} onChange={(event) => onChange(withValues(filter, name, event.target.value === "" ? [] : [event.target.value]))} /></label>
  );
  const recent = (days: number) => onChange(withValues(withValues(filter, to, []), from, [new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)]));
  return (
    <>
      {field("From", from)}{field("Up to", to)}
      <span className="actions"><button type="button" onClick={() => recent(0)}>Today</button><button type="button" onClick={() => recent(6)}>7 days</button><button type="button" onClick={() => recent(29)}>30 days</button></span>
    </>
  );
}

function Lines({ field: { names: [name], title }, filter, onChange, onDone }: Props): ReactElement {
  const [text, setText] = useState((filter[name] ?? []).join("\n"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(withValues(filter, name, [...new Set(text.split("\n").map((line) => line.trim()).filter((line) => line !== ""))].slice(0, 100)));
    onDone();
  };
  return (
    <form onSubmit={submit} className="popover-form">
      <label className="line">{title}<textarea rows={4} value={text} placeholder="One on each line, up to 100" onChange={(event) => setText(event.target.value)} /></label>
      <button className="primary">Apply</button>
    </form>
  );
}

/** A name that is typed, with those that there are as suggestions; of tags several. */
function Named({ calls, field, filter, onChange, onDone }: Props): ReactElement {
  const [name] = field.names, isSeveral = field.editing === "tags", chosen = filter[name] ?? [];
  const [text, setText] = useState(isSeveral ? "" : chosen[0] ?? "");
  const known = useSuggestions(calls, field.id, text, filter.project?.[0] ?? null);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = text.trim();
    onChange(withValues(filter, name, isSeveral ? [...new Set([...chosen, ...(value === "" ? [] : [value])])] : value === "" ? [] : [value]));
    if (isSeveral) setText("");
    else onDone();
  };
  return (
    <form onSubmit={submit} className="popover-form">
      {isSeveral && chosen.length > 0 && (
        <span className="tag-list">{chosen.map((tag) => <button type="button" key={tag} className="tag" aria-label={`Without ${tag}`} onClick={() => onChange(withValues(filter, name, chosen.filter((other) => other !== tag)))}>{tag} ✕</button>)}</span>
      )}
      <label className="line">{field.title}<input value={text} list={id} spellCheck={false} autoComplete="off" onChange={(event) => setText(event.target.value)} /></label>
      <datalist id={id}>{known.map((value) => <option key={value} value={value}>{field.id === "type" ? typeWords(value) : undefined}</option>)}</datalist>
      <button className="primary">{isSeveral ? "Add" : "Apply"}</button>
    </form>
  );
}

const TYPES = ["imageannotation", "annotation", "polygonannotation", "lineannotation", "pointannotation", "cuboidannotation", "categorization", "comparison", "transcription", "datacollection", "textcollection", "namedentityrecognition", "documenttranscription"];

/** Names that begin with what was typed. That none can be had is no reason to disturb anybody: names can be typed. */
function useSuggestions(calls: TaskCalls, of: string, typed: string, project: string | null): readonly string[] {
  const [known, setKnown] = useState<readonly string[]>(of === "type" ? TYPES : []);
  useEffect(() => {
    let current = true;
    const ask = of === "tags" ? calls.tags(typed) : of === "project" ? calls.projectNames(typed) : of === "batch" ? calls.batchNames(project) : null;
    ask?.then((names) => { if (current) setKnown(names); }, () => undefined);
    return () => { current = false; };
  }, [calls, of, of === "batch" ? "" : typed, project]);
  return known;
}
