import type { KeyboardEvent, ReactElement } from "react";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly badge?: { readonly count: number; readonly words: string; readonly tone: "bad" | "warning" } | null;
}

interface Props<Id extends string> {
  readonly name: string;
  /** The id of the element that shows what was chosen. */
  readonly panel: string;
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** Tabs that the arrow keys walk through; the panel is labelled by `tab-<id>`. */
export function Tabs<Id extends string>({ name, panel, tabs, chosen, onChoose }: Props<Id>): ReactElement {
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const at = tabs.findIndex(({ id }) => id === chosen), to = (at + (event.key === "ArrowRight" ? 1 : -1) + tabs.length) % tabs.length;
    onChoose(tabs[to].id);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="tabs" role="tablist" aria-label={name} onKeyDown={onKey}>
      {tabs.map(({ id, title, badge }) => (
        <button key={id} role="tab" id={`tab-${id}`} aria-controls={panel} aria-selected={id === chosen} tabIndex={id === chosen ? 0 : -1} onClick={() => onChoose(id)}>
          {title}{badge && <span className={`badge ${badge.tone}`}>{badge.count}<span className="hidden"> {badge.words}</span></span>}
        </button>
      ))}
    </div>
  );
}
