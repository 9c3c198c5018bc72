import type { SyncState } from "./Sender.js";

export interface SaveWords {
  readonly text: string;
  readonly tone: "good" | "busy" | "warning" | "bad";
}

/** The truth about the work in words, for the header. */
export function saveWords({ phase, waiting, refused, kept }: SyncState): SaveWords {
  const here = waiting === 0 ? "" : `, ${waiting} kept ${kept ? "on this computer" : "in this tab only"}`;
  switch (phase) {
    case "idle":
    case "sending":
      if (waiting > 0) return { text: `Saving ${waiting}`, tone: "busy" };
      return refused.length === 0 ? { text: "Saved", tone: "good" } : { text: `Saved, except ${refused.length} refused`, tone: "bad" };
    case "offline": return { text: `Offline${here}`, tone: "warning" };
    case "unavailable": return { text: `Server in trouble${here}`, tone: "warning" };
    case "signed-out": return { text: `Signed out${here}`, tone: "warning" };
    case "conflict": return { text: "Conflict", tone: "bad" };
    case "lost": return { text: waiting === 0 ? "Conflict: no longer yours" : `Conflict${here}`, tone: "bad" };
    case "refused": return { text: `Refused${here}`, tone: "bad" };
  }
}
