import type { ReactElement } from "react";
import { dayName, duration, labelStep, scale } from "./figures.js";

interface Props {
  readonly width: number;
  readonly days: readonly string[];
  /** In seconds; null for days without any. */
  readonly values: readonly (number | null)[];
}

const HEIGHT = 160, LEFT = 54, RIGHT = 20, BOTTOM = 22, TOP = 10;
const UNITS = [1, 60, 3600];

/** A line over days with a point for each; days without a value are left out of it. */
export function Line({ width, days, values }: Props): ReactElement {
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  // Lines at round numbers of the unit that suits the values.
  const unit = [...UNITS].reverse().find((seconds) => most >= 2 * seconds) ?? 1;
  const { top, ticks } = scale(most / unit, 3);
  const inner = width - LEFT - RIGHT, room = HEIGHT - TOP - BOTTOM, each = inner / Math.max(days.length, 1);
  const x = (i: number) => LEFT + (i + 0.5) * each, y = (seconds: number) => TOP + room - (seconds / (top * unit)) * room;
  const points = values.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
  const step = labelStep(days.length, inner, 52);
  return (
    <svg width={width} height={HEIGHT} aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="grid-line" x1={LEFT} x2={width - RIGHT} y1={Math.round(y(tick * unit)) + 0.5} y2={Math.round(y(tick * unit)) + 0.5} />
          <text className="tick" x={LEFT - 6} y={y(tick * unit) + 4} textAnchor="end">{duration(tick * unit)}</text>
        </g>
      ))}
      {points.length > 1 && <polyline className="curve" points={points.map(({ i, value }) => `${x(i)},${y(value)}`).join(" ")} />}
      {points.map(({ i, value }) => <circle key={i} className="point" cx={x(i)} cy={y(value)} r={3.5}><title>{`${dayName(days[i], true)}: ${duration(value)}`}</title></circle>)}
      {days.map((day, i) => i % step === (days.length - 1) % step && <text key={day} className="tick" x={x(i)} y={HEIGHT - 6} textAnchor="middle">{dayName(day)}</text>)}
    </svg>
  );
}
