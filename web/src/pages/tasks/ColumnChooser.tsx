import type { ReactElement } from "react";
import { Icon } from "../../ui/Icon.js";
import { Popover } from "../../ui/Popover.js";
import type { Column } from "./columns.js";

interface Props {
  readonly choices: readonly Column[];
  /** Ids in the order of the table. */
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
}

/** Which columns the table has, and in which order. */
export function ColumnChooser({ choices, chosen, onChoose }: Props): ReactElement {
  const shown = chosen.flatMap((id) => choices.find((choice) => choice.id === id) ?? []);
  const others = choices.filter(({ id }) => !chosen.includes(id));
  const move = (at: number, to: number) => {
    const next = [...chosen];
    next.splice(to, 0, ...next.splice(at, 1));
    onChoose(next);
  };
  return (
    <Popover label="Columns" button="Columns">
      {() => (
        <fieldset className="columns">
          <legend className="hidden">Columns</legend>
          {shown.map(({ id, title }, i) => (
            <div key={id} className="column-row">
              <label className="tick"><input type="checkbox" checked onChange={() => onChoose(chosen.filter((other) => other !== id))} />{title}</label>
              <button className="quiet square" aria-label={`${title} further left`} disabled={i === 0} onClick={() => move(chosen.indexOf(id), chosen.indexOf(shown[i - 1].id))}><Icon name="up" size={14} /></button>
              <button className="quiet square" aria-label={`${title} further right`} disabled={i === shown.length - 1} onClick={() => move(chosen.indexOf(id), chosen.indexOf(shown[i + 1].id))}><Icon name="down" size={14} /></button>
            </div>
          ))}
          {others.map(({ id, title }) => <label key={id} className="tick"><input type="checkbox" checked={false} onChange={() => onChoose([...chosen, id])} />{title}{id.startsWith("metadata.") && <span className="faint">metadata</span>}</label>)}
        </fieldset>
      )}
    </Popover>
  );
}
