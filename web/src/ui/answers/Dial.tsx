import type { KeyboardEvent, PointerEvent, ReactElement } from "react";
import { dialAngle, dialKey, dialPoint } from "../../math/dial.js";
import "./Dial.css";

interface Props {
  readonly name: string;
  /** Degrees; null while there is no answer. */
  readonly angle: number | null;
  readonly locked: boolean;
  readonly onTurn: (angle: number) => void;
  /** The hand has let go. */
  readonly onLeave: () => void;
}

const SIZE = 64, CENTRE = SIZE / 2, HAND = 22;
/** Degrees that a pointer turns by, and with Shift. */
const STEP = 1, COARSE = 15;

/** A dial: the hand points where the pointer is. Arrows turn by one degree, with Shift by fifteen. */
export function Dial({ name, angle, locked, onTurn, onLeave }: Props): ReactElement {
  const turn = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    onTurn(dialAngle(event.clientX - left - width / 2, event.clientY - top - height / 2, event.shiftKey ? COARSE : STEP));
  };
  const onDown = (event: PointerEvent<SVGSVGElement>) => {
    if (locked || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    turn(event);
  };
  const onKey = (event: KeyboardEvent) => {
    const next = locked ? null : dialKey(angle ?? 0, event.key, event.shiftKey);
    if (next === null) return;
    onTurn(next);
    event.preventDefault();
    event.stopPropagation();
  };
  const end = dialPoint(angle ?? 0, HAND);
  return (
    <svg
      className="dial" width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} role="slider" tabIndex={locked ? -1 : 0} aria-label={`Dial: ${name}`} aria-disabled={locked}
      aria-valuemin={0} aria-valuemax={360} aria-valuenow={angle ?? 0} aria-valuetext={angle === null ? "not answered" : `${angle} degrees`}
      onPointerDown={onDown} onPointerMove={(event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) turn(event); }} onPointerUp={onLeave} onKeyDown={onKey} onBlur={onLeave}
    >
      <circle className="dial-face" cx={CENTRE} cy={CENTRE} r={CENTRE - 2} />
      {Array.from({ length: 24 }, (_, i) => {
        const outer = dialPoint(i * 15, CENTRE - 4), inner = dialPoint(i * 15, CENTRE - (i % 6 === 0 ? 11 : 7));
        return <line key={i} className="dial-tick" x1={CENTRE + inner.x} y1={CENTRE + inner.y} x2={CENTRE + outer.x} y2={CENTRE + outer.y} />;
      })}
      {angle !== null && <line className="dial-hand" x1={CENTRE} y1={CENTRE} x2={CENTRE + end.x} y2={CENTRE + end.y} />}
      {angle !== null && <circle className="dial-grip" cx={CENTRE + end.x} cy={CENTRE + end.y} r={5} />}
      <circle className="dial-hub" cx={CENTRE} cy={CENTRE} r={2.5} />
    </svg>
  );
}
