import type { ReactElement } from "react";
import type { Difference } from "../../../api/versions.js";
import type { Json } from "../../../model/json.js";

const MARKS: { readonly [kind in Difference["kind"]]: { readonly sign: string; readonly word: string } } = {
  added: { sign: "+", word: "added" }, removed: { sign: "−", word: "removed" }, changed: { sign: "~", word: "changed" },
};

/** What may not fit without scrolling: more characters or lines than that. */
const LONG = 400, LINES = 8;

/** What differs between two versions, one thing a line; signs and words tell what colours do. */
export function DifferenceList({ differences }: { differences: readonly Difference[] }): ReactElement {
  if (differences.length === 0) return <p className="faint">Nothing differs.</p>;
  return (
    <ul className="version-differences">
      {differences.map(({ path, kind, before, after }, i) => (
        <li key={i} className={kind}>
          <span className="sign" aria-hidden="true">{MARKS[kind].sign}</span>
          <div>
            <p><code>{path}</code> <span className="faint">{MARKS[kind].word}</span></p>
            {before !== undefined && <Shown value={before} when="before" />}
            {after !== undefined && <Shown value={after} when="after" />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A value as text. A long one scrolls, which the keyboard has to reach. */
function Shown({ value, when }: { value: Json; when: "before" | "after" }): ReactElement {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const isLong = text.length > LONG || text.split("\n").length > LINES;
  return <pre className={when} aria-label={when} {...(isLong ? { tabIndex: 0, role: "group" } : {})}>{text}</pre>;
}
