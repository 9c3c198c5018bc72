import { useState, type KeyboardEvent, type PointerEvent, type ReactElement, type ReactNode } from "react";
import { remember, remembered } from "./preferences.js";

const LEAST = 260, MOST = 480, USUAL = 320;

interface Props {
  /** Under which name width and folding are remembered: another for each person and kind of editor. */
  readonly name: string;
  readonly children: ReactNode;
}

/** The panel on the right; its edge can be dragged or moved with the arrow keys, and its width is remembered. */
export function SidePanel({ name, children }: Props): ReactElement {
  const [width, setWidth] = useState(() => clampWidth(Number(remembered(`panel.${name}`, String(USUAL)))));
  const change = (next: number) => {
    const value = clampWidth(next);
    setWidth(value);
    remember(`panel.${name}`, String(value));
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

/** What is left of a folded panel: a strip that opens it again. */
export function FoldedPanel({ side, name, keys, onOpen }: { side: "left" | "right"; name: string; keys: string; onOpen: () => void }): ReactElement {
  return (
    <button className={`folded ${side}`} aria-label={`Show ${name}`} title={`Show ${name}${keys === "" ? "" : ` (${keys})`}`} onClick={onOpen}>
      <span aria-hidden="true">{side === "left" ? "›" : "‹"}</span>
    </button>
  );
}

/** Whether a panel is folded, remembered under its name. */
export function useFolded(name: string): readonly [boolean, (folded: boolean) => void] {
  const [folded, setFolded] = useState(() => remembered(`folded.${name}`, "no") === "yes");
  const change = (next: boolean) => {
    setFolded(next);
    remember(`folded.${name}`, next ? "yes" : "no");
  };
  return [folded, change];
}

function clampWidth(width: number): number {
  return Number.isFinite(width) ? Math.round(Math.max(LEAST, Math.min(MOST, width))) : USUAL;
}
