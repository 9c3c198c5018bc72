import type { SyncState } from "./Sender.js";

export interface SaveWords {
  readonly text: string;
  readonly tone: "good" | "busy" | "warning" | "bad";
}

/** The truth about the work in words, for the header. `kept` tells whether this computer keeps unsent steps over a crash. */
export function saveWords({ phase, waiting }: SyncState, kept: boolean): SaveWords {
  const here = kept ? "on this computer" : "in this tab only";
  switch (phase) {
    case "idle":
    case "sending": return waiting === 0 ? { text: "Saved", tone: "good" } : { text: `Saving ${waiting}`, tone: "busy" };
    case "offline": return { text: `Offline, ${waiting} kept ${here}`, tone: "warning" };
    case "signed-out": return { text: waiting === 0 ? "Signed out" : `Signed out, ${waiting} kept ${here}`, tone: "warning" };
    case "conflict": return { text: "Conflict", tone: "bad" };
    case "lost": return { text: waiting === 0 ? "Conflict: no longer yours" : `Conflict, ${waiting} kept ${here}`, tone: "bad" };
    case "refused": return { text: waiting === 0 ? "Refused" : `Refused, ${waiting} kept ${here}`, tone: "bad" };
  }
}
