import type { Memory } from "../engine/display.js";
import { preferences, readPreferences, type Preferences } from "../engine/preferences.js";
import type { Json } from "../model/json.js";

/** Small choices about the look that a browser remembers. Storage may be refused; then the default holds. */
export function remembered(name: string, fallback: string): string {
  try {
    return localStorage.getItem(`vernier.${name}`) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`vernier.${name}`, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** A place for small things that is emptied again; null stands for nothing. */
export function browserMemory(name: string): Memory {
  return {
    read: () => remembered(name, "") || null,
    write(text) {
      if (text !== null) return remember(name, text);
      try {
        localStorage.removeItem(`vernier.${name}`);
      } catch {
        // What cannot be stored need not be removed.
      }
    },
  };
}

/** Takes up the preferences of a person; of the last one at this browser while nobody has signed in. */
export function openPreferences(user: string | null): void {
  const owner = user ?? remembered("person", "");
  if (user !== null) remember("person", user);
  preferences.set(readPreferences(parsed(remembered(`preferences.${owner}`, "null"))));
}

export function changePreferences(change: Partial<Preferences>): void {
  preferences.update(change);
  remember(`preferences.${remembered("person", "")}`, JSON.stringify(preferences.get()));
}

/** Shows theme and motion as the preferences and the system ask for, from now on. */
export function followLook(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)"), still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const show = () => {
    const { theme, motion } = preferences.get();
    const root = document.documentElement.dataset;
    root.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.motion = motion === "reduced" || still.matches ? "reduced" : "full";
  };
  for (const query of [dark, still]) query.addEventListener("change", show);
  preferences.subscribe(show);
  show();
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
