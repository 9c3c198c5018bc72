import { useState, type KeyboardEvent, type ReactElement } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Item } from "../engine/items.js";
import type { NumberField, ShapeLimits } from "../engine/Shape.js";
import { changeObject } from "../model/plans.js";
import "./Numbers.css";
import { useStore } from "./useStore.js";

interface Props {
  readonly editor: Editor;
  readonly item: Item;
}

/** Position and size of an object in numbers, the changes that buttons stand for, and what its drawing lacks. */
export function Numbers({ editor, item }: Props): ReactElement | null {
  const locked = useStore(editor.state, () => editor.locked(item.key));
  const { shape, geometry } = item, limits = limitsOf(editor, item);
  // While the object is pulled about, what is shown follows.
  const inHand = useStore(editor.preview, (preview) => (preview?.replaces === item.key && preview.shape === shape ? preview.geometry : null));
  const fields = shape.numbers?.(geometry, limits) ?? [], shownFields = inHand === null ? fields : shape.numbers?.(inHand, limits) ?? [];
  const actions = shape.actions?.(geometry, limits) ?? [];
  const note = shape.aids?.(inHand ?? geometry, limits).note ?? null;
  if (fields.length === 0 && actions.length === 0 && note === null) return null;
  return (
    <section className="numbers" aria-label="Position and size">
      {note !== null && <p className="numbers-note" role="status">{note}</p>}
      <div className="numbers-grid">
        {shownFields.map((field) => (
          <NumberInput key={field.id} editor={editor} item={item} field={fields.find(({ id }) => id === field.id) ?? field} live={field.value} locked={locked} />
        ))}
      </div>
      {actions.length > 0 && (
        <div className="actions">
          {actions.map(({ id, name, result }) => (
            <button key={id} disabled={locked || result === null} title={result === null ? "There is no room for it." : undefined} onClick={() => act(editor, item, id)}>{name}</button>
          ))}
        </div>
      )}
    </section>
  );
}

interface InputProps extends Props {
  readonly field: NumberField;
  /** The number as it is in hand, which may not be kept. */
  readonly live: number;
  readonly locked: boolean;
}

function NumberInput({ editor, item, field, live, locked }: InputProps): ReactElement {
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed === null ? field.value : numberIn(typed);
  const show = (next: string, number: number | null) => {
    setTyped(next);
    if (number !== null) preview(editor, item, field, number);
  };
  const giveUp = () => {
    if (typed === null) return;
    setTyped(null);
    editor.preview.set(null);
  };
  const keep = () => {
    if (typed === null) return;
    if (value === null) editor.tell(`"${typed}" is no number, so ${field.name.toLocaleLowerCase()} stays as it was.`);
    if (value === null || value === field.value) return giveUp();
    setTyped(null);
    void commit(editor, item, field, value).then(() => editor.preview.set(null));
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = (event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0) * (event.shiftKey ? 10 : 1) * field.step;
    if (step !== 0) {
      const next = Math.round(((value ?? field.value) + step) * 100) / 100;
      show(String(next), next);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) keep();
    else if (event.key === "Escape" && typed !== null) giveUp();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <label className="numbers-field">
      <span>{field.name}{field.unit === "°" && " °"}</span>
      <input
        inputMode="decimal" autoComplete="off" spellCheck={false} disabled={locked} data-number={field.id} aria-invalid={value === null} value={typed ?? shown(live)}
        onChange={(event) => show(event.target.value, numberIn(event.target.value))} onKeyDown={onKey} onBlur={keep} onFocus={(event) => event.target.select()}
      />
    </label>
  );
}

function limitsOf(editor: Editor, { type }: Item): ShapeLimits {
  return { bounds: editor.limits, rule: editor.taxonomy.geometries[type] ?? null };
}

/** The object as it would be, so that stepping can be watched on the picture before it becomes a step. */
function preview(editor: Editor, item: Item, { id }: NumberField, value: number): void {
  const { shape, geometry } = item;
  const changed = shape.withNumber?.(geometry, id, value, limitsOf(editor, item)) ?? geometry;
  editor.preview.set({ shape, geometry: changed, label: item.label, replaces: item.key, handles: true, emphasis: null });
}

async function commit(editor: Editor, item: Item, { id, name, unit }: NumberField, value: number): Promise<void> {
  const { shape } = item, limits = limitsOf(editor, item);
  await editor.commit(changeObject(item.key, (object) => {
    const geometry = shape.read(object), changed = geometry === null ? undefined : shape.withNumber?.(geometry, id, value, limits);
    if (changed === undefined) return object;
    const reached = shape.numbers?.(changed, limits).find((field) => field.id === id)?.value;
    if (reached !== undefined && Math.abs(reached - value) > 0.01 && !(unit === "°" && Math.abs(Math.abs(reached - value) % 360) < 0.01)) {
      editor.tell(`${name} is ${shown(reached)} ${unit} now, as near to ${shown(value)} as the picture and the task allow.`);
    }
    return shape.write(changed, object);
  }));
}

function act(editor: Editor, item: Item, id: string): void {
  const { shape } = item, limits = limitsOf(editor, item);
  void editor.commit(changeObject(item.key, (object) => {
    const geometry = shape.read(object);
    const result = geometry === null ? null : shape.actions?.(geometry, limits).find((action) => action.id === id)?.result ?? null;
    return result === null ? object : shape.write(result, object);
  }));
}

/** A number with a decimal point or comma; null for anything else. */
function numberIn(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  const number = Number(trimmed);
  return trimmed === "" || !Number.isFinite(number) ? null : number;
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}
