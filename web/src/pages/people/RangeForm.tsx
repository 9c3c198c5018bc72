import { useEffect, useState, type ReactElement } from "react";
import type { Api } from "../../api/client.js";
import { projectsOf } from "../../api/projects.js";
import type { Days } from "../../api/staff.js";

export interface Range {
  readonly days: Days;
  /** A project's name, or nothing for all. */
  readonly project: string;
}

/** From which day to which, and of which project. */
export function RangeForm({ api, range, onChange }: { api: Api; range: Range; onChange: (range: Range) => void }): ReactElement {
  const [names, setNames] = useState<readonly string[]>([]);
  // Without the names the days can still be chosen.
  useEffect(() => void projectsOf(api).names().then(setNames, () => undefined), [api]);
  const { days, project } = range;
  const set = (part: Partial<Days>) => onChange({ ...range, days: { ...days, ...part } });
  return (
    <form className="line-form" onSubmit={(event) => event.preventDefault()}>
      <label>From<input type="date" required value={days.from} max={days.to} onChange={(event) => { if (event.target.value !== "") set({ from: event.target.value }); }} /></label>
      <label>To<input type="date" required value={days.to} min={days.from} onChange={(event) => { if (event.target.value !== "") set({ to: event.target.value }); }} /></label>
      <label>Project
        <select value={project} onChange={(event) => onChange({ ...range, project: event.target.value })}>
          <option value="">All projects</option>
          {names.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </label>
    </form>
  );
}
