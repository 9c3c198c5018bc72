import { useState, type KeyboardEvent, type PointerEvent, type ReactElement, type ReactNode } from "react";
import { remember, remembered } from "./preferences.js";

const LEAST = 260, MOST = 480, USUAL = 320;

/** The panel on the right; its edge can be dragged or moved with the arrow keys, and its width is remembered. */
export function SidePanel({ children }: { children: ReactNode }): ReactElement {
  const [width, setWidth] = useState(() => clampWidth(Number(remembered("panel", String(USUAL)))));
  const change = (next: number) => {
    const value = clampWidth(next);
    setWidth(value);
    remember("panel", String(value));
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) change(window.innerWidth - event.clientX);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    change(width + (event.key === "ArrowLeft" ? 16 : -16));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        className="divider" role="separator" aria-orientation="vertical" aria-label="Width of the panel" tabIndex={0}
        aria-valuemin={LEAST} aria-valuemax={MOST} aria-valuenow={width}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={drag} onKeyDown={onKey} onDoubleClick={() => change(USUAL)}
      />
      <aside className="panel" style={{ width }} aria-label="Objects and answers">{children}</aside>
    </>
  );
}

function clampWidth(width: number): number {
  return Number.isFinite(width) ? Math.round(Math.max(LEAST, Math.min(MOST, width))) : USUAL;
}
