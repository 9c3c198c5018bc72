import { readCopied, type Clipboard } from "../engine/clipboard.js";
import { browserMemory } from "./preferences.js";

/** What was too large for the browser's storage; it lasts as long as the page. */
let large: { readonly user: string; readonly text: string } | null = null;

/**
 * The clipboard of a person in this browser. What is copied is kept here, so that it can be pasted into other tasks without asking, and is also
 * given to the system as text, from where it can be pasted into another browser.
 */
export function browserClipboard(user: string): Clipboard {
  const memory = browserMemory(`clipboard.${user}`);
  return {
    write(text) {
      memory.write(text);
      large = memory.read() === text ? null : { user, text };
      if (large !== null) memory.write(null);
      // Absent on pages without a secure connection, refused where the person does not want it: then it stays in this browser.
      void navigator.clipboard?.writeText(text).catch(() => undefined);
    },
    async read() {
      const own = large?.user === user ? large.text : memory.read();
      const shared = await fromSystem(own === null);
      return [shared, own].filter((text): text is string => text !== null && readCopied(text) !== null);
    },
  };
}

/** The system's text. Where the browser would ask the person first, it is only read when there is nothing else. */
async function fromSystem(mayAsk: boolean): Promise<string | null> {
  try {
    const { state } = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
    return state === "granted" || (state === "prompt" && mayAsk) ? await navigator.clipboard.readText() : null;
  } catch {
    return null;
  }
}
