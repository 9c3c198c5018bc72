import type { ReactElement } from "react";

const PRIORITIES: readonly (readonly [number, string])[] = [[30, "30: first"], [20, "20"], [10, "10: last"]];

/** How urgent something is, among what the API knows. */
export function PrioritySelect({ value, onChange, label }: { value: number | null; onChange: (value: number | null) => void; label?: string }): ReactElement {
  return (
    <select aria-label={label} value={value ?? ""} onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}>
      <option value="">as usual</option>
      {PRIORITIES.map(([number, name]) => <option key={number} value={number}>{name}</option>)}
    </select>
  );
}
