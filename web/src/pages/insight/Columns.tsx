import { useId, type ReactElement } from "react";
import { dayName, labelStep, scale } from "./figures.js";

/** How a series is filled, so that it is known without its colour too. */
export type Fill = "solid" | "lines" | "dots";

export interface Series {
  readonly name: string;
  readonly fill: Fill;
  readonly tone: "good" | "bad" | "accent" | "faint";
  readonly values: readonly number[];
}

interface Props {
  readonly width: number;
  readonly days: readonly string[];
  /** Stacked from the bottom. */
  readonly series: readonly Series[];
}

const HEIGHT = 200, LEFT = 40, RIGHT = 20, BOTTOM = 22, TOP = 8;

/** Columns day by day, their parts stacked, each with a pattern of its own; what is under the pointer is told. */
export function Columns({ width, days, series }: Props): ReactElement {
  const id = useId().replaceAll(":", "");
  const sums = days.map((_, i) => series.reduce((sum, { values }) => sum + values[i], 0));
  const { top, ticks } = scale(Math.max(...sums, 0));
  const inner = width - LEFT - RIGHT, room = HEIGHT - TOP - BOTTOM;
  const each = inner / Math.max(days.length, 1), gap = Math.min(6, each * 0.25);
  const y = (value: number) => TOP + room - (value / top) * room;
  const step = labelStep(days.length, inner, 52);
  return (
    <>
      <Legend id={id} series={series} />
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <defs>{series.map(({ name, fill, tone }) => <Pattern key={name} id={`${id}-${fill}-${tone}`} fill={fill} tone={tone} />)}</defs>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid-line" x1={LEFT} x2={width - RIGHT} y1={Math.round(y(tick)) + 0.5} y2={Math.round(y(tick)) + 0.5} />
            <text className="tick" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">{short(tick)}</text>
          </g>
        ))}
        {days.map((day, i) => {
          let base = 0;
          const x = LEFT + i * each + gap / 2;
          return (
            <g key={day}>
              {series.map(({ name, fill, tone, values }) => {
                const from = base, to = base += values[i];
                return values[i] > 0 && <rect key={name} className={`mark ${tone}`} fill={`url(#${id}-${fill}-${tone})`} x={x} width={Math.max(1, each - gap)} y={y(to)} height={Math.max(1, y(from) - y(to))} />;
              })}
              <rect className="hit" x={LEFT + i * each} width={each} y={TOP} height={room}><title>{`${dayName(day, true)}: ${series.map(({ name, values }) => `${values[i].toLocaleString()} ${name}`).join(", ")}`}</title></rect>
              {i % step === (days.length - 1) % step && <text className="tick" x={LEFT + (i + 0.5) * each} y={HEIGHT - 6} textAnchor="middle">{dayName(day)}</text>}
            </g>
          );
        })}
      </svg>
    </>
  );
}

function Pattern({ id, fill, tone }: { id: string; fill: Fill; tone: string }): ReactElement {
  return (
    <pattern id={id} className={`pattern ${tone}`} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform={fill === "lines" ? "rotate(45)" : undefined}>
      <rect className={fill === "solid" ? "ink" : "paper"} width={6} height={6} />
      {fill === "lines" && <rect className="ink" width={2.5} height={6} />}
      {fill === "dots" && <circle className="ink" cx={3} cy={3} r={1.5} />}
    </pattern>
  );
}

/** Which pattern is which. */
function Legend({ id, series }: { id: string; series: readonly Series[] }): ReactElement {
  return (
    <ul className="legend" aria-hidden="true">
      {series.map(({ name, fill, tone }) => (
        <li key={name}><svg width={14} height={14}><rect className={`mark ${tone}`} fill={`url(#${id}-${fill}-${tone})`} x={0.5} y={0.5} width={13} height={13} /></svg>{name}</li>
      ))}
    </ul>
  );
}

function short(n: number): string {
  if (n >= 1_000_000) return `${n / 1_000_000} M`;
  return n >= 10_000 ? `${n / 1000} k` : n.toLocaleString();
}
