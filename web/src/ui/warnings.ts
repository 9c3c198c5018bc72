import type { Items } from "../engine/items.js";

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
  const seen = new Map<string, string>();
  const warnings: Warning[] = [];
  for (const item of items.list) {
    const { key, type, label, bounds, shape, geometry } = item;
    const width = bounds.right - bounds.left, height = bounds.bottom - bounds.top;
    if (type !== "point" && width < TINY && height < TINY) warnings.push({ key, message: `This ${shape.noun} is very small.` });
    const same = `${type} ${label} ${JSON.stringify(geometry)}`;
    const twin = seen.get(same);
    if (twin === undefined) seen.set(same, key);
    else warnings.push({ key, message: `This ${shape.noun} lies exactly on number ${items.numberOf(twin)} and has the same label.` });
  }
  return warnings;
}
