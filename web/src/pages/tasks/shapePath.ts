import type { RowShape } from "../../api/tasks.js";

const ELLIPSE_STEPS = 24;

/** A shape as the path of a drawing; points are lines without a length, whose round ends are seen. */
export function pathOf({ type, points }: RowShape): string {
  const pairs = pairsOf(points);
  if (pairs.length === 0) return "";
  switch (type) {
    case "point": return pairs.map(([x, y]) => `M${x} ${y}h0`).join("");
    case "line": return `M${pairs.join("L")}`;
    case "ellipse": return pairs.length === 4 ? `M${ellipse(pairs).join("L")}Z` : "";
    case "cuboid": return `M${hull(pairs).join("L")}Z`;
    default: return `M${pairs.join("L")}Z`;
  }
}

type Pair = readonly [number, number];

function pairsOf(points: readonly number[]): Pair[] {
  return Array.from({ length: Math.floor(points.length / 2) }, (_, i) => [points[2 * i], points[2 * i + 1]]);
}

/** An ellipse through the ends of its two axes: left, top, right, bottom. */
function ellipse([left, top, right, bottom]: readonly Pair[]): Pair[] {
  const x = (left[0] + right[0]) / 2, y = (left[1] + right[1]) / 2;
  return Array.from({ length: ELLIPSE_STEPS }, (_, i) => {
    const turn = (2 * Math.PI * i) / ELLIPSE_STEPS, across = Math.cos(turn) / 2, down = Math.sin(turn) / 2;
    return [round(x + across * (right[0] - left[0]) + down * (bottom[0] - top[0])), round(y + across * (right[1] - left[1]) + down * (bottom[1] - top[1]))];
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The outline around some points, by the monotone chain of Andrew. */
function hull(points: readonly Pair[]): Pair[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (all: readonly Pair[]): Pair[] => {
    const chain: Pair[] = [];
    for (const point of all) {
      while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

function cross(o: Pair, a: Pair, b: Pair): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}
