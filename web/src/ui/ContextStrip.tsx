import { useState, type ReactElement } from "react";
import type { WorkAttachment } from "../api/types.js";
import { ContextView } from "./ContextView.js";
import { Icon } from "./Icon.js";
import { remember, remembered } from "./preferences.js";
import "./ContextStrip.css";

/** Pictures that belong to the task's own; a click shows one large. Nothing is drawn on them. */
export function ContextStrip({ context }: { context: readonly WorkAttachment[] }): ReactElement | null {
  const [shown, setShown] = useState<number | null>(null);
  const [open, setOpen] = useState(() => remembered("context", "open") === "open");
  if (context.length === 0) return null;
  const fold = () => {
    setOpen(!open);
    remember("context", open ? "folded" : "open");
  };
  return (
    <section className="context" aria-label="Context pictures">
      <button className="quiet context-fold" aria-expanded={open} onClick={fold}><Icon name={open ? "down" : "up"} size={14} /> Context <span className="faint">{context.length}</span></button>
      {open && (
        <div className="context-pictures">
          {context.map((attachment, i) => (
            <button key={attachment.path} className="context-picture" onClick={() => setShown(i)} title="Show large">
              <img src={attachment.thumbnail ?? attachment.url} alt={`Context picture ${i + 1}`} loading="lazy" />
            </button>
          ))}
        </div>
      )}
      {shown !== null && <ContextView pictures={context} at={shown} onMove={setShown} onClose={() => setShown(null)} />}
    </section>
  );
}
