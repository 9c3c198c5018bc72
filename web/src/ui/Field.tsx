import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { isAnswered } from "../model/checks.js";
import type { Json } from "../model/json.js";
import { leavesOf, type Attribute, type Leaf } from "../model/taxonomy.js";

export interface LinkTarget {
  readonly key: string;
  readonly name: string;
}

interface Props {
  readonly id: string;
  readonly attribute: Attribute;
  readonly value: Json | undefined;
  readonly fault: string | null;
  /** Objects that a linked attribute may point to. */
  readonly targets: readonly LinkTarget[];
  readonly onAnswer: (value: Json) => void;
}

/** One question. A change of the answer is one step; typing becomes one after a short pause or when the field is left. */
export function Field(props: Props): ReactElement {
  const { attribute } = props;
  switch (attribute.type) {
    case "category": return <CategoryField {...props} />;
    case "linked": return <LinkField {...props} />;
    case "number":
    case "angle":
    case "x_line":
    case "y_line": return <TypedField {...props} kind="number" />;
    default: return <TypedField {...props} kind="text" />;
  }
}

function CategoryField({ id, attribute, value, fault, onAnswer }: Props): ReactElement {
  const leaves = leavesOf(attribute.choices);
  const multiple = attribute.allowMultiple;
  const chosen: readonly Json[] = Array.isArray(value) ? value : isAnswered(value) ? [value as Json] : [];
  const toggle = ({ choice }: Leaf) => {
    if (!multiple) return onAnswer(choice);
    const next = chosen.includes(choice) ? chosen.filter((item) => item !== choice) : leaves.map((leaf) => leaf.choice).filter((item) => item === choice || chosen.includes(item));
    return onAnswer(next.length === 0 ? null : next);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const leaf = /^[1-9]$/.test(event.key) ? leaves[Number(event.key) - 1] : undefined;
    if (leaf !== undefined) toggle(leaf);
    else if (event.key === "Backspace" || event.key === "Delete") onAnswer(null);
    else if (!/^[0-9]$|^Arrow|^ $/.test(event.key)) return;
    // Digits, arrows and the space bar belong to the question, not to the canvas.
    event.stopPropagation();
    if (leaf !== undefined) event.preventDefault();
  };
  const groups = groupByHeading(leaves);
  return (
    <fieldset data-question={attribute.key} className={fault === null ? "field" : "field faulty"} onKeyDown={onKey} aria-describedby={`${id}-fault`}>
      <legend>{attribute.description}<Need attribute={attribute} multiple={multiple} /></legend>
      {groups.map(({ heading, members }) => (
        <div key={heading} className="choice-group" role={heading === "" ? "presentation" : "group"} {...(heading === "" ? {} : { "aria-label": heading })}>
          {heading !== "" && <div className="choice-heading" aria-hidden="true">{heading}</div>}
          <div className="choices">
            {members.map((leaf) => {
              const digit = leaves.indexOf(leaf) + 1;
              return (
                <label key={leaf.choice} className="choice">
                  <input type={multiple ? "checkbox" : "radio"} name={id} checked={chosen.includes(leaf.choice)} onChange={() => toggle(leaf)} />
                  <span>{leaf.display}{digit <= 9 && <kbd aria-hidden="true">{digit}</kbd>}</span>
                </label>
              );
            })}
          </div>
        </div>
      ))}
      <Fault id={id} text={fault} />
    </fieldset>
  );
}

function TypedField({ id, attribute, value, fault, onAnswer, kind }: Props & { kind: "number" | "text" }): ReactElement {
  const stored = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const [text, setText] = useState(stored);
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; text: string } | null>(null);
  const answer = useRef(onAnswer);
  answer.current = onAnswer;

  useEffect(() => {
    // Undo, or another writer, changed the answer: show it, unless something newer is being typed.
    if (pending.current === null) setText(stored);
  }, [stored]);
  const flush = () => {
    if (pending.current === null) return;
    clearTimeout(pending.current.timer);
    const typed = pending.current.text;
    pending.current = null;
    answer.current(parse(kind, typed));
  };
  // Leaving the object with the keyboard must not lose what was typed last.
  useEffect(() => flush, []);
  const type = (next: string) => {
    setText(next);
    if (pending.current !== null) clearTimeout(pending.current.timer);
    pending.current = { text: next, timer: setTimeout(flush, 500) };
  };
  const shared = {
    id, value: text, onBlur: flush, autoComplete: "off", "aria-describedby": `${id}-fault`, "aria-invalid": fault !== null,
    onKeyDown: (event: KeyboardEvent) => { if (event.key === "Enter" && !event.shiftKey) { flush(); if (kind === "text" && !event.ctrlKey) event.preventDefault(); } },
  };
  return (
    <div data-question={attribute.key} className={fault === null ? "field" : "field faulty"}>
      <label htmlFor={id}>{attribute.description}<Need attribute={attribute} multiple={false} /></label>
      {kind === "text" ? <textarea rows={2} {...shared} onChange={(event) => type(event.target.value)} />
        : (
          <div className="number-line">
            <input
              type="number" {...shared} onChange={(event) => type(event.target.value)} step={attribute.type === "number" ? attribute.step : "any"}
              {...(attribute.min === null ? {} : { min: attribute.min })} {...(attribute.max === null ? {} : { max: attribute.max })}
            />
            <span className="faint">{rangeWords(attribute)}</span>
          </div>
        )}
      <Fault id={id} text={fault} />
    </div>
  );
}

function LinkField({ id, attribute, value, fault, targets, onAnswer }: Props): ReactElement {
  return (
    <div data-question={attribute.key} className={fault === null ? "field" : "field faulty"}>
      <label htmlFor={id}>{attribute.description}<Need attribute={attribute} multiple={false} /></label>
      <select id={id} value={typeof value === "string" ? value : ""} aria-describedby={`${id}-fault`} onChange={(event) => onAnswer(event.target.value === "" ? null : event.target.value)}>
        <option value="">None</option>
        {targets.map(({ key, name }) => <option key={key} value={key}>{name}</option>)}
      </select>
      <Fault id={id} text={fault} />
    </div>
  );
}

function Need({ attribute, multiple }: { attribute: Attribute; multiple: boolean }): ReactElement | null {
  const words = [multiple ? "several" : "", attribute.required ? "" : "optional"].filter((word) => word !== "").join(", ");
  return words === "" ? null : <span className="faint"> · {words}</span>;
}

function Fault({ id, text }: { id: string; text: string | null }): ReactElement {
  return <p className="fault" id={`${id}-fault`}>{text}</p>;
}

function parse(kind: "number" | "text", text: string): Json {
  if (text.trim() === "") return null;
  if (kind === "text") return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

function rangeWords({ type, min, max }: Attribute): string {
  if (type === "angle") return "0 to 360 degrees";
  if (type === "x_line") return "px from the left side";
  if (type === "y_line") return "px from the top side";
  if (min !== null && max !== null) return `${min} to ${max}`;
  return min !== null ? `from ${min}` : max !== null ? `up to ${max}` : "";
}

function groupByHeading(leaves: readonly Leaf[]): { heading: string; members: Leaf[] }[] {
  const groups: { heading: string; members: Leaf[] }[] = [];
  for (const leaf of leaves) {
    const heading = leaf.headings.join(" › ");
    const last = groups[groups.length - 1];
    if (last !== undefined && last.heading === heading) last.members.push(leaf);
    else groups.push({ heading, members: [leaf] });
  }
  return groups;
}
