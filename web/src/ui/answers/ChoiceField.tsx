import type { KeyboardEvent, ReactElement } from "react";
import { isAnswered } from "../../model/checks.js";
import type { Json } from "../../model/json.js";
import { leavesOf, type Leaf } from "../../model/taxonomy.js";
import { ChoiceTree } from "./ChoiceTree.js";
import { Question, type FieldProps } from "./Question.js";

/** More choices than these are searched rather than looked over. */
const MANY = 14;

/** One leaf of the choices, or several. Digits choose, Backspace takes the answer away. */
export function ChoiceField({ id, attribute, value, mixed, fault, locked, onAnswer }: FieldProps): ReactElement {
  const leaves = leavesOf(attribute.choices);
  const multiple = attribute.allowMultiple;
  const chosen: readonly Json[] = mixed ? [] : Array.isArray(value) ? value : isAnswered(value) ? [value as Json] : [];
  const toggle = (choice: string) => {
    if (locked) return undefined;
    if (!multiple) return onAnswer(choice);
    const next = chosen.includes(choice) ? chosen.filter((item) => item !== choice) : leaves.map((leaf) => leaf.choice).filter((item) => item === choice || chosen.includes(item));
    return onAnswer(next.length === 0 ? null : next);
  };
  const clear = () => { if (!locked) onAnswer(null); };
  const many = leaves.length > MANY;
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof HTMLInputElement && event.target.type === "search")) return;
    const leaf = !many && /^[1-9]$/.test(event.key) ? leaves[Number(event.key) - 1] : undefined;
    if (leaf !== undefined) toggle(leaf.choice);
    else if (event.key === "Backspace" || event.key === "Delete") clear();
    else if (!/^[0-9]$|^Arrow|^ $/.test(event.key)) return;
    // Digits, arrows and the space bar belong to the question, not to the canvas.
    event.stopPropagation();
    if (leaf !== undefined) event.preventDefault();
  };
  return (
    <Question id={id} attribute={attribute} mixed={mixed} fault={fault} multiple={multiple} grouped onKeyDown={onKey}>
      {many
        ? <ChoiceTree id={id} name={attribute.description} choices={attribute.choices} chosen={chosen} multiple={multiple} locked={locked} onToggle={toggle} />
        : groupByHeading(leaves).map(({ heading, members }) => (
          <div key={heading} className="choice-group" role={heading === "" ? "presentation" : "group"} {...(heading === "" ? {} : { "aria-label": heading })}>
            {heading !== "" && <div className="choice-heading" aria-hidden="true">{heading}</div>}
            <div className="choices">
              {members.map((leaf) => {
                const digit = leaves.indexOf(leaf) + 1;
                return (
                  <label key={leaf.choice} className="choice">
                    <input type={multiple ? "checkbox" : "radio"} name={id} disabled={locked} checked={chosen.includes(leaf.choice)} onChange={() => toggle(leaf.choice)} />
                    <span>{leaf.display}{digit <= 9 && <kbd aria-hidden="true">{digit}</kbd>}</span>
                  </label>
                );
              })}
            </div>
          </div>
        ))}
      {!attribute.required && chosen.length > 0 && !locked && <button className="link clear" onClick={clear}>Clear</button>}
    </Question>
  );
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
