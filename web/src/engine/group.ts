import { groupShift, type Shift } from "../math/arrange.js";
import type { ImageBounds } from "../math/space.js";
import { objectAt, type Operation } from "../model/document.js";
import { sameJson } from "../model/json.js";
import { ANNOTATIONS, type Plan } from "../model/plans.js";
import type { Item } from "./items.js";
import type { ShapeLimits } from "./Shape.js";

/** How far each of some bounds is to move; as many as there are bounds. */
export type Arranging = (group: readonly ImageBounds[]) => readonly Shift[];

/**
 * Moves several objects in one step. Where they go is worked out from where they are when the step's turn comes; `fixed` ones count in
 * that but stay.
 */
export function arrange(items: readonly Item[], limitsOf: (type: string) => ShapeLimits, arranging: Arranging, fixed: (key: string) => boolean = () => false): Plan {
  return (document) => {
    const placed = items.flatMap(({ key, shape, type }) => {
      const object = objectAt(document, ANNOTATIONS, key), geometry = object === null ? null : shape.read(object);
      return object === null || geometry === null ? [] : [{ key, shape, object, geometry, limits: limitsOf(type), bounds: shape.bounds(geometry) }];
    });
    const shifts = arranging(placed.map(({ bounds }) => bounds));
    return placed.flatMap(({ key, shape, object, geometry, limits }, i): Operation[] => {
      const { dx, dy } = shifts[i];
      if (fixed(key) || (dx === 0 && dy === 0)) return [];
      const after = shape.write(shape.move(geometry, dx, dy, limits), object);
      return sameJson(object, after) ? [] : [{ collection: ANNOTATIONS, key, before: object, after }];
    });
  };
}

/** Moves all by the same, as far as all of them stay inside; by whole pixels where any of them asks for those. */
export function shiftTogether(items: readonly Item[], limitsOf: (type: string) => ShapeLimits, dx: number, dy: number): Plan {
  return arrange(items, limitsOf, (group) => {
    const shift = sharedShift(group, items, limitsOf, dx, dy);
    return group.map(() => shift);
  });
}

/** How far a group moves that was to move by so much. */
export function sharedShift(group: readonly ImageBounds[], items: readonly Item[], limitsOf: (type: string) => ShapeLimits, dx: number, dy: number): Shift {
  if (items.length === 0) return { dx: 0, dy: 0 };
  const whole = [...new Set(items.map(({ type }) => type))].some((type) => limitsOf(type).rule?.integerPixels === true);
  const shift = groupShift(group, limitsOf(items[0].type).bounds, dx, dy);
  return whole ? { dx: Math.trunc(shift.dx), dy: Math.trunc(shift.dy) } : shift;
}
