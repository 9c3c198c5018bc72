import { createContext, useContext, useMemo, useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import type { Command } from "../engine/commands.js";
import { bindingsFor, partsOf, readChoices, type Bindings, type KeyChoices } from "../engine/keymap.js";
import { PRESETS } from "../engine/presets.js";
import { Store } from "../engine/store.js";
import { remember, remembered } from "./preferences.js";

/** The commands of the page that is open, and the keys that this person has given them. */
export interface Keymap {
  readonly commands: readonly Command[];
  readonly bindings: Bindings;
  readonly choices: Store<KeyChoices>;
}

const stores = new Map<string, Store<KeyChoices>>();

/** A person's keys, kept in this browser. */
export function keyChoices(user: string): Store<KeyChoices> {
  const known = stores.get(user);
  if (known !== undefined) return known;
  const store = new Store(readChoices(remembered(`keys.${user}`, "")));
  store.subscribe(() => remember(`keys.${user}`, JSON.stringify(store.get())));
  stores.set(user, store);
  return store;
}

export function useKeymap(user: string, commands: readonly Command[]): Keymap {
  const store = keyChoices(user);
  const choices = useSyncExternalStore(store.subscribe, store.get);
  return useMemo(() => ({ commands, bindings: bindingsFor(commands, PRESETS, choices), choices: store }), [commands, choices, store]);
}

const KeymapContext = createContext<Keymap | null>(null);

export function KeymapProvider({ keymap, children }: { keymap: Keymap; children: ReactNode }): ReactElement {
  return <KeymapContext.Provider value={keymap}>{children}</KeymapContext.Provider>;
}

export function useCommands(): readonly Command[] {
  return useContext(KeymapContext)?.commands ?? [];
}

/** The first chord of a command as it is printed on keys, such as "Ctrl Z"; empty when it has none. */
export function useKeyOf(): (command: string) => string {
  const keymap = useContext(KeymapContext);
  return (command) => partsOf(keymap?.bindings.get(command)?.[0] ?? "").join(" ");
}
