import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import "./Popover.css";

interface Props {
  readonly button: ReactNode;
  /** What the button and what it opens are called, where the button's own text does not say it. */
  readonly label: string;
  readonly look?: string;
  readonly disabled?: boolean;
  /** Opens at once, for something that was just added. */
  readonly begins?: "open" | "closed";
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a small form beside it; a click elsewhere or Escape closes it. */
export function Popover({ button, label, look = "", disabled = false, begins = "closed", children }: Props): ReactElement {
  const [open, setOpen] = useState(begins === "open");
  const id = useId();
  const whole = useRef<HTMLDivElement>(null), opener = useRef<HTMLButtonElement>(null), body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    body.current?.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
    keepInSight(body.current);
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
    opener.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    close();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="popover" ref={whole} onKeyDown={onKey}>
      <button ref={opener} type="button" className={look} aria-label={label} aria-haspopup="dialog" aria-expanded={open} {...(open ? { "aria-controls": id } : {})} disabled={disabled} onClick={() => setOpen(!open)}>{button}</button>
      {open && <div className="popover-body" ref={body} id={id} role="dialog" aria-label={label}>{children(close)}</div>}
    </div>
  );
}

/** Moves it to the left where it would reach beyond the window. */
function keepInSight(element: HTMLElement | null): void {
  if (element === null) return;
  const beyond = element.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
  if (beyond > 0) element.style.left = `${-beyond}px`;
}
