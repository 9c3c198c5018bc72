import { isObject, type Json } from "../model/json.js";
import { Store } from "./store.js";

/** What a person chose about the look and feel. Kept by the page, per person, in this browser. */
export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly motion: "system" | "reduced";
  /** Points stick to vertices and edges nearby without a key being held. */
  readonly snapping: boolean;
  /** Which objects carry number and label on the canvas. */
  readonly tags: "selected" | "all" | "none";
  /** Objects at rest step back while a shape is in hand. */
  readonly dim: boolean;
}

export const USUAL: Preferences = { theme: "system", motion: "system", snapping: true, tags: "selected", dim: true };

/** The preferences of the person at this page. Scenes and tools read them; only the page's dialogs write. */
export const preferences = new Store<Preferences>(USUAL);

/** Reads what an earlier version or another hand may have written: whatever does not fit is as usual. */
export function readPreferences(value: Json | undefined): Preferences {
  if (!isObject(value)) return USUAL;
  const one = <T extends string>(name: string, allowed: readonly T[], usual: T): T => allowed.find((choice) => choice === value[name]) ?? usual;
  const flag = (name: string, usual: boolean) => (typeof value[name] === "boolean" ? value[name] as boolean : usual);
  return {
    theme: one("theme", ["system", "light", "dark"], USUAL.theme),
    motion: one("motion", ["system", "reduced"], USUAL.motion),
    snapping: flag("snapping", USUAL.snapping),
    tags: one("tags", ["selected", "all", "none"], USUAL.tags),
    dim: flag("dim", USUAL.dim),
  };
}
