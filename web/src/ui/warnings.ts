import type { Item, Items } from "../engine/items.js";

/** Something that is allowed and yet often a mistake. */
export interface Warning {
  readonly message: string;
  readonly key?: string;
}

/** Shapes smaller than this in both directions were often made by a slip of the hand, in picture pixels. */
const TINY = 3;

/** What the rules allow but a careful person looks at once more before submitting. */
export function warningsOf(items: Items): Warning[] {
  if (items.list.length === 0) return [{ message: "Nothing is drawn. Submit only if there is nothing to draw." }];
  const seen = new Map<string, Item>();
  const warnings: Warning[] = [];
  for (const item of items.list) {
    const { key, type, label, bounds, shape } = item;
    const width = bounds.right - bounds.left, height = bounds.bottom - bounds.top;
    if (type !== "point" && width < TINY && height < TINY) warnings.push({ key, message: `This ${shape.noun} is very small.` });
    // Bounds tell nearly all apart, so that few geometries have to be compared.
    const place = `${type} ${label} ${bounds.left} ${bounds.top} ${bounds.right} ${bounds.bottom}`;
    const twin = seen.get(place);
    if (twin === undefined) seen.set(place, item);
    else if (JSON.stringify(twin.geometry) === JSON.stringify(item.geometry)) {
      warnings.push({ key, message: `This ${shape.noun} lies exactly on number ${items.numberOf(twin.key)} and has the same label.` });
    }
  }
  return warnings;
}
