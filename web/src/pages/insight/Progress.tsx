import type { ReactElement } from "react";
import type { Counts } from "../../api/insight.js";
import { share } from "./figures.js";

const PARTS = [
  { name: "completed", look: "done" }, { name: "pending", look: "open" }, { name: "error", look: "failed" }, { name: "canceled", look: "off" },
] as const;

/** How far tasks are, as one bar; each part has a pattern of its own and is named below with its number. */
export function Progress({ counts, named = true }: { counts: Counts; named?: boolean }): ReactElement {
  const words = PARTS.filter(({ name }) => counts[name] > 0).map(({ name }) => `${counts[name].toLocaleString()} ${name}`).join(", ");
  return (
    <div className="how-far">
      <div className="how-far-bar" role="img" aria-label={counts.total === 0 ? "No tasks yet" : words}>
        {PARTS.map(({ name, look }) => counts[name] > 0 && <i key={name} className={look} style={{ flexGrow: counts[name] }} title={`${counts[name].toLocaleString()} ${name}`} />)}
      </div>
      {named && (
        <dl className="how-far-words">
          {PARTS.map(({ name, look }) => (
            <div key={name}><dt><i className={look} aria-hidden="true" />{name}</dt><dd>{counts[name].toLocaleString()} <span className="faint">{share(counts[name], counts.total)}</span></dd></div>
          ))}
        </dl>
      )}
    </div>
  );
}
