import { useEffect, useRef, type KeyboardEvent, type ReactElement } from "react";
import type { Json } from "../../model/json.js";
import type { Attribute } from "../../model/taxonomy.js";
import { Question, type FieldProps } from "./Question.js";
import { usePending } from "./usePending.js";

/** From this length on the number of characters is told. */
const LONG = 120;

export function NumberField(props: FieldProps): ReactElement {
  const { id, attribute, mixed, fault, locked, onAnswer } = props;
  const { value, change, flush } = usePending(textOf(props), (typed) => onAnswer(numberFrom(typed)));
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault}>
      <div className="number-line">
        <NumberInput id={id} value={value} fault={fault} locked={locked} mixed={mixed} step={attribute.step} min={attribute.min} max={attribute.max} onChange={change} onLeave={flush} />
        <span className="faint">{rangeWords(attribute)}</span>
      </div>
    </Question>
  );
}

interface NumberInputProps {
  readonly id: string;
  readonly value: string;
  readonly fault: string | null;
  readonly locked: boolean;
  readonly mixed: boolean;
  readonly step: number | "any";
  readonly min: number | null;
  readonly max: number | null;
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
}

export function NumberInput({ id, value, fault, locked, mixed, step, min, max, onChange, onLeave }: NumberInputProps): ReactElement {
  return (
    <input
      id={id} type="number" value={value} disabled={locked} step={step} autoComplete="off" placeholder={mixed ? "different" : ""} aria-describedby={`${id}-fault`} aria-invalid={fault !== null}
      {...(min === null ? {} : { min })} {...(max === null ? {} : { max })}
      onChange={(event) => onChange(event.target.value)} onBlur={onLeave} onKeyDown={(event) => { if (event.key === "Enter") onLeave(); }}
    />
  );
}

export function TextField(props: FieldProps): ReactElement {
  const { id, attribute, mixed, fault, locked, onAnswer } = props;
  const { value, change, flush } = usePending(textOf(props), (typed) => onAnswer(typed.trim() === "" ? null : typed));
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // The field is as high as its text, within reason.
    if (area.current === null) return;
    area.current.style.height = "auto";
    area.current.style.height = `${Math.min(area.current.scrollHeight + 2, 220)}px`;
  }, [value]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    flush();
    if (!event.ctrlKey && !event.metaKey) event.preventDefault();
  };
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault}>
      <textarea
        ref={area} id={id} rows={2} value={value} disabled={locked} autoComplete="off" placeholder={mixed ? "Different answers; typing replaces them" : ""} aria-describedby={`${id}-fault`} aria-invalid={fault !== null}
        onChange={(event) => change(event.target.value)} onBlur={flush} onKeyDown={onKey}
      />
      {value.length >= LONG && <span className="faint length">{value.length} characters</span>}
    </Question>
  );
}

export function textOf({ value, mixed }: Pick<FieldProps, "value" | "mixed">): string {
  return !mixed && (typeof value === "number" || typeof value === "string") ? String(value) : "";
}

export function numberFrom(text: string): Json {
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

function rangeWords({ min, max, step }: Attribute): string {
  const range = min !== null && max !== null ? `${min} to ${max}` : min !== null ? `from ${min}` : max !== null ? `up to ${max}` : "";
  return [range, step === 1 ? "" : `in steps of ${step}`].filter((word) => word !== "").join(", ");
}
