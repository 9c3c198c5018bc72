import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** How it looks where it is not the usual card; the name of a class. */
  readonly look?: string;
  /** Absent where the person has to decide. */
  readonly onClose?: () => void;
}

/** A modal dialog on the browser's own element, which keeps the focus inside and the page behind it out of reach. */
export function Dialog({ title, children, wide = false, look = "", onClose }: Props): ReactElement {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // The browser would begin with the first field, whichever it is.
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element} tabIndex={-1} className={`dialog ${wide ? "wide" : ""} ${look}`} aria-labelledby={heading}
      onCancel={(event) => { event.preventDefault(); onClose?.(); }}
      onClick={(event) => { if (event.target === element.current) onClose?.(); }}
    >
      <div className="dialog-body">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
