import { useEffect, useState, type ReactElement } from "react";
import { adjustments, curveOf, FILTER, isUnchanged, RANGES, readAdjustments, UNCHANGED, type Adjustments } from "../scenes/image/adjustments.js";
import type { Json } from "../model/json.js";
import { Icon } from "./Icon.js";
import { remember, remembered } from "./preferences.js";
import { useStore } from "./useStore.js";
import "./AdjustmentsPanel.css";

/** Brightness and the like of the picture, kept for the project in this browser. */
export function AdjustmentsPanel({ project }: { project: string | null }): ReactElement {
  const value = useStore(adjustments, (current) => current);
  const [open, setOpen] = useState(false);
  const memory = `adjustments.${project ?? ""}`;
  useEffect(() => {
    adjustments.set(readAdjustments(parsed(remembered(memory, ""))));
    return () => adjustments.set(UNCHANGED);
  }, [memory]);
  const change = (next: Adjustments) => {
    adjustments.set(next);
    remember(memory, isUnchanged(next) ? "" : JSON.stringify(next));
  };
  return (
    <>
      <Filter value={value} />
      <button className={isUnchanged(value) ? "adjust" : "adjust changed"} aria-expanded={open} aria-label={isUnchanged(value) ? "Adjust the picture" : "Adjust the picture; it is not shown as it is"} title="Brightness, contrast, gamma, saturation" onClick={() => setOpen(!open)}><Icon name="adjust" size={16} /></button>
      {open && (
        <div className="adjust-panel" role="group" aria-label="Adjust the picture" onKeyDown={(event) => { if (event.key === "Escape") { setOpen(false); event.stopPropagation(); } }}>
          {RANGES.map(([name, least, most]) => (
            <label key={name}>
              <span>{name[0].toLocaleUpperCase()}{name.slice(1)}</span>
              <input type="range" min={least} max={most} step={0.05} value={value[name]} onChange={(event) => change({ ...value, [name]: Number(event.target.value) })} onDoubleClick={() => change({ ...value, [name]: 1 })} />
              <output>{Math.round(value[name] * 100)} %</output>
            </label>
          ))}
          <label className="adjust-invert"><input type="checkbox" checked={value.invert} onChange={(event) => change({ ...value, invert: event.target.checked })} /> Invert</label>
          <button disabled={isUnchanged(value)} onClick={() => change(UNCHANGED)}>Reset</button>
        </div>
      )}
    </>
  );
}

function Filter({ value }: { value: Adjustments }): ReactElement {
  const table = curveOf(value).join(" ");
  return (
    <svg width="0" height="0" className="filter-holder" aria-hidden="true">
      <filter id={FILTER} colorInterpolationFilters="sRGB" x="0" y="0" width="1" height="1">
        <feComponentTransfer><feFuncR type="table" tableValues={table} /><feFuncG type="table" tableValues={table} /><feFuncB type="table" tableValues={table} /></feComponentTransfer>
        <feColorMatrix type="saturate" values={String(value.saturation)} />
      </filter>
    </svg>
  );
}

function parsed(text: string): Json {
  try {
    return text === "" ? null : JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
