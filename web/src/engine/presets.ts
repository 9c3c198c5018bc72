import type { Preset } from "./keymap.js";

/** Keys after the habits of other tools, where these do not contradict what the editor can do. */
export const PRESETS: readonly Preset[] = [
  { id: "vernier", name: "Vernier", keys: {} },
];
