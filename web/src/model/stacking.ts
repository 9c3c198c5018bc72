import { compareOrder, orderBetween } from "../math/order.js";
import { collection, type Document, type Operation } from "./document.js";
import { ANNOTATIONS, type Plan } from "./plans.js";

export type Direction = "front" | "back" | "forward" | "backward";

interface Placed {
  readonly key: string;
  readonly order: string;
}

/** Moves objects in front of or behind others, all the way or past one neighbour; they keep their order among each other. */
export function restack(keys: ReadonlySet<string>, direction: Direction): Plan {
  return (document) => {
    const before = stackOf(document);
    const after = moved(before, keys, direction);
    if (after.every(({ key }, i) => key === before[i].key)) return [];
    return reordered(document, ordersFor(after, keys));
  };
}

/** Objects from back to front. */
function stackOf(document: Document): Placed[] {
  return [...collection(document, ANNOTATIONS)]
    .map(([key, { order }]) => ({ key, order: typeof order === "string" ? order : "" }))
    .sort((a, b) => compareOrder(a.order, b.order) || compareOrder(a.key, b.key));
}

function moved(stack: readonly Placed[], keys: ReadonlySet<string>, direction: Direction): Placed[] {
  const own = stack.filter(({ key }) => keys.has(key)), others = stack.filter(({ key }) => !keys.has(key));
  switch (direction) {
    case "front": return [...others, ...own];
    case "back": return [...own, ...others];
    case "forward": return climbed([...stack].reverse(), keys).reverse();
    case "backward": return climbed([...stack], keys);
  }
}

/** Swaps each of the objects with its lower neighbour unless that one is of them too; groups climb as one. */
function climbed(stack: Placed[], keys: ReadonlySet<string>): Placed[] {
  for (let i = 1; i < stack.length; i++) {
    if (keys.has(stack[i].key) && !keys.has(stack[i - 1].key)) [stack[i - 1], stack[i]] = [stack[i], stack[i - 1]];
  }
  return stack;
}

/** New orders for the moved ones between their neighbours; for all, where neighbours have no room between them. */
function ordersFor(stack: readonly Placed[], keys: ReadonlySet<string>): ReadonlyMap<string, string> {
  const staying = stack.filter(({ key }) => !keys.has(key));
  const crowded = staying.some(({ order }, i) => order === "" || (i > 0 && order <= staying[i - 1].order));
  const stays = ({ key }: Placed) => !crowded && !keys.has(key);
  const orders = new Map<string, string>();
  let last: string | null = null, passed = 0;
  for (const placed of stack) {
    if (stays(placed)) {
      last = placed.order;
      passed += 1;
    } else {
      last = orderBetween(last, crowded ? null : staying[passed]?.order ?? null);
      orders.set(placed.key, last);
    }
  }
  return orders;
}

function reordered(document: Document, orders: ReadonlyMap<string, string>): Operation[] {
  const objects = collection(document, ANNOTATIONS);
  return [...orders].flatMap(([key, order]): Operation[] => {
    const before = objects.get(key);
    return before === undefined || before.order === order ? [] : [{ collection: ANNOTATIONS, key, before, after: { ...before, order } }];
  });
}
