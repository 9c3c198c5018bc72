import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import type { WorkAttachment } from "../api/types.js";
import { fitView, keepInReach, panBy, zoomAbout, type Size, type View } from "../math/view.js";
import { Dialog } from "./Dialog.js";

interface Props {
  readonly pictures: readonly WorkAttachment[];
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
}

const ZOOM = 1.25, WHEEL = 0.0016, PAN = 60;

/** One context picture large: wheel and + − zoom, dragging pans, the arrow keys go to the next one. */
export function ContextView({ pictures, at, onMove, onClose }: Props): ReactElement {
  const { url, width, height } = pictures[at];
  const frame = useRef<HTMLDivElement>(null);
  const [natural, setNatural] = useState<Size>({ width: width ?? 1, height: height ?? 1 });
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });
  const [fault, setFault] = useState(false);
  const bounds = { left: 0, top: 0, right: natural.width, bottom: natural.height };
  const size = (): Size => ({ width: frame.current?.clientWidth ?? 1, height: frame.current?.clientHeight ?? 1 });
  const fit = (of = bounds) => setView(fitView(of, size(), 8, 4));
  const zoom = (factor: number, about = { x: size().width / 2, y: size().height / 2 }) => setView((before) => keepInReach(zoomAbout(before, about, factor), bounds, size()));
  const pan = (dx: number, dy: number) => setView((before) => keepInReach(panBy(before, dx, dy), bounds, size()));
  const move = (by: number) => onMove((at + by + pictures.length) % pictures.length);

  useEffect(() => {
    setFault(false);
    const known = { width: width ?? 1, height: height ?? 1 };
    setNatural(known);
    fit({ left: 0, top: 0, right: known.width, bottom: known.height });
  }, [at]);
  useEffect(() => {
    const element = frame.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element?.getBoundingClientRect() ?? { left: 0, top: 0 };
      zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 30 : 1) * WHEEL), { x: event.clientX - left, y: event.clientY - top });
    };
    // Not passive: the page itself must not scroll.
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [natural]);

  const onKey = (event: KeyboardEvent) => {
    const acts: { readonly [key: string]: () => void } = {
      ArrowLeft: () => (event.shiftKey ? pan(PAN, 0) : move(-1)), ArrowRight: () => (event.shiftKey ? pan(-PAN, 0) : move(1)),
      ArrowUp: () => pan(0, PAN), ArrowDown: () => pan(0, -PAN),
      "+": () => zoom(ZOOM), "=": () => zoom(ZOOM), "-": () => zoom(1 / ZOOM), "0": () => fit(),
    };
    if (!(event.key in acts)) return;
    acts[event.key]();
    event.preventDefault();
    event.stopPropagation();
  };
  const onDrag = (event: PointerEvent<HTMLDivElement>) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) pan(event.movementX, event.movementY); };
  return (
    <Dialog title={`Context picture ${at + 1} of ${pictures.length}`} wide onClose={onClose}>
      <div
        ref={frame} className="context-frame" tabIndex={0} data-first role="application" aria-label={`Context picture ${at + 1}. The arrow keys go to the others, plus and minus zoom.`}
        onKeyDown={onKey} onPointerDown={(event) => { if (event.button < 2) event.currentTarget.setPointerCapture(event.pointerId); }} onPointerMove={onDrag}
      >
        {fault ? <p className="faint">This picture could not be loaded. The link may have run out; close and open the task again.</p> : (
          <img
            key={url} src={url} alt="" draggable={false} style={{ width: natural.width, height: natural.height, transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`, imageRendering: view.scale >= 3 ? "pixelated" : "auto" }}
            onError={() => setFault(true)}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
              if (width !== null) return;
              setNatural({ width: naturalWidth, height: naturalHeight });
              fit({ left: 0, top: 0, right: naturalWidth, bottom: naturalHeight });
            }}
          />
        )}
      </div>
      <div className="actions">
        <button disabled={pictures.length < 2} onClick={() => move(-1)}>Previous <kbd>←</kbd></button>
        <button disabled={pictures.length < 2} onClick={() => move(1)}>Next <kbd>→</kbd></button>
        <span className="spring" />
        <button aria-label="Zoom out" onClick={() => zoom(1 / ZOOM)}>−</button>
        <button onClick={() => fit()}>Fit</button>
        <button aria-label="Zoom in" onClick={() => zoom(ZOOM)}>+</button>
        <span className="spring" />
        <button className="primary" onClick={onClose}>Close</button>
      </div>
    </Dialog>
  );
}
