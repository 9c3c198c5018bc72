import { area } from "../../math/polygon.js";
import { subtractPolygon } from "../../math/subtract.js";
import type { Item, Items } from "../../engine/items.js";
import type { ShapeLimits } from "../../engine/Shape.js";
import { tidy } from "../../engine/snap.js";
import type { Vertices } from "../path/Shape.js";
import type { Division } from "./divide.js";

/** What is left of a polygon without the polygons that it overlaps, or why nothing is done, in words. */
export function givenWay(item: Item, items: Items, limits: ShapeLimits, hidden: (key: string) => boolean): Division | { readonly refusal: string } {
  const outline = item.geometry as Vertices;
  const neighbours = items.within(item.bounds).filter(({ key, type }) => type === "polygon" && key !== item.key && !hidden(key));
  let parts: readonly Vertices[] = [outline];
  for (const neighbour of neighbours) {
    const left: Vertices[] = [];
    for (const part of parts) {
      const without = subtractPolygon(part, neighbour.geometry as Vertices, (point) => tidy(point, limits.rule?.integerPixels === true));
      if (without === null) return { refusal: `Object ${items.numberOf(neighbour.key)} lies inside and would leave a hole, which an outline cannot have. Split the polygon through it first.` };
      left.push(...without);
    }
    parts = left;
  }
  if (parts.length === 0) return { refusal: "Nothing would be left: this polygon is covered by others." };
  if (parts.length === 1 && same(parts[0], outline)) return { refusal: "This polygon overlaps no other one." };
  const fault = parts.map((part) => item.shape.fault?.(part, limits) ?? null).find((words) => words !== null) ?? null;
  if (fault !== null) return { refusal: `Not cut: ${fault[0].toLocaleLowerCase()}${fault.slice(1)}` };
  return { item, parts: [...parts].sort((a, b) => area(b) - area(a)) };
}

function same(a: Vertices, b: Vertices): boolean {
  return a.length === b.length && a.every(({ x, y }) => b.some((vertex) => vertex.x === x && vertex.y === y));
}
