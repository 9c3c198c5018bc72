import type { ReactElement } from "react";
import type { Difference } from "../../../api/versions.js";
import type { Json } from "../../../model/json.js";

const MARKS: { readonly [kind in Difference["kind"]]: { readonly sign: string; readonly word: string } } = {
  added: { sign: "+", word: "added" }, removed: { sign: "−", word: "removed" }, changed: { sign: "~", word: "changed" },
};

/** What differs between two versions, one thing a line; signs and words tell what colours do. */
export function DifferenceList({ differences }: { differences: readonly Difference[] }): ReactElement {
  if (differences.length === 0) return <p className="faint">Nothing differs.</p>;
  return (
    <ul className="differences">
      {differences.map(({ path, kind, before, after }, i) => (
        <li key={i} className={kind}>
          <span className="sign" aria-hidden="true">{MARKS[kind].sign}</span>
          <div>
            <p><code>{path}</code> <span className="faint">{MARKS[kind].word}</span></p>
            {before !== undefined && <pre className="before"><span className="hidden">before </span>{shown(before)}</pre>}
            {after !== undefined && <pre className="after"><span className="hidden">after </span>{shown(after)}</pre>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
