import type { ReactElement } from "react";
import type { Layers } from "../scenes/image/overlays/layers.js";
import { useStore } from "./useStore.js";

/** The read-only drawings under the annotations, which can be shown and hidden. */
export function LayerList({ layers }: { layers: Layers }): ReactElement | null {
  const hidden = useStore(layers.hidden, (value) => value);
  if (layers.list.length === 0) return null;
  const toggle = (id: string) => layers.hidden.set(new Set(hidden.has(id) ? [...hidden].filter((other) => other !== id) : [...hidden, id]));
  return (
    <div className="part">
      <h3>Drawings underneath</h3>
      <p className="faint">They help to see what is meant, and cannot be changed.</p>
      <ul className="layer-rows">
        {layers.list.map(({ id, kind, label, drawings }) => (
          <li key={id}>
            <label className="leaf"><input type="checkbox" checked={!hidden.has(id)} onChange={() => toggle(id)} /><span>{label ?? "no label"}</span><span className="faint">{drawings.length} × {kind}</span></label>
          </li>
        ))}
      </ul>
    </div>
  );
}
