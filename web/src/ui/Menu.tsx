import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { Icon } from "./Icon.js";
import "./Menu.css";

export interface MenuItem {
  readonly name: string;
  readonly keys: string;
  readonly run: () => void;
}

/** A button that opens a list of further things to do. */
export function Menu({ name, items }: { name: string; items: readonly MenuItem[] }): ReactElement {
  const [open, setOpen] = useState(false);
  const id = useId();
  const whole = useRef<HTMLDivElement>(null), button = useRef<HTMLButtonElement>(null);
  const entries = () => [...(whole.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];

  useEffect(() => {
    if (!open) return undefined;
    entries()[0]?.focus();
    const away = (event: Event) => { if (!whole.current?.contains(event.target as Node)) setOpen(false); };
    document.addEventListener("pointerdown", away, true);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away, true);
      document.removeEventListener("focusin", away);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const all = entries(), at = all.indexOf(document.activeElement as HTMLElement);
    const to: { readonly [key: string]: number } = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in to) all[(to[event.key] + all.length) % all.length]?.focus();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="menu" ref={whole}>
      <button ref={button} className="quiet square" aria-label={name} title={name} aria-haspopup="menu" aria-expanded={open} {...(open ? { "aria-controls": id } : {})} onClick={() => setOpen(!open)}><Icon name="more" size={18} /></button>
      {open && (
        <div className="menu-list" role="menu" id={id} aria-label={name} onKeyDown={onKey}>
          {items.map((item) => (
            <button key={item.name} role="menuitem" tabIndex={-1} onClick={() => { close(); item.run(); }}>
              <span>{item.name}</span>{item.keys !== "" && <kbd>{item.keys}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
