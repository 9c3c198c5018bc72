import type { ReactElement } from "react";
import { share } from "./figures.js";

export interface Bar {
  readonly name: string;
  readonly n: number;
}

/** Named bars with their numbers, the longest of which fills the width. */
export function Bars({ bars, none }: { bars: readonly Bar[]; none: string }): ReactElement {
  const most = Math.max(...bars.map(({ n }) => n), 1), whole = bars.reduce((sum, { n }) => sum + n, 0);
  if (whole === 0) return <p className="faint">{none}</p>;
  return (
    <ul className="bars">
      {bars.map(({ name, n }) => (
        <li key={name}>
          <span className="bar-name">{name}</span>
          <span className="bar-track"><i style={{ width: `${(100 * n) / most}%` }} /></span>
          <span className="bar-number">{n.toLocaleString()} <span className="faint">{share(n, whole)}</span></span>
        </li>
      ))}
    </ul>
  );
}
