import { useSyncExternalStore } from "react";
import type { Store } from "../engine/store.js";

/** The part of a store that a component shows; it draws itself again when that part changes. `pick` must not make new objects. */
export function useStore<T, V>(store: Store<T>, pick: (value: T) => V): V {
  return useSyncExternalStore(store.subscribe, () => pick(store.get()));
}
