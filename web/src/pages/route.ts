import { useSyncExternalStore } from "react";

/** The parts of the address after the hash: `#/work/123` gives `["work", "123"]`. */
export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return hash.replace(/^#\/?/, "").split("/").filter((part) => part !== "").map(decodeURIComponent);
}

export function go(path: string): void {
  window.location.hash = `#/${path}`;
}

/** Changes the address without a new entry in the browser's history. */
export function goInstead(path: string): void {
  window.location.replace(`#/${path}`);
}

function subscribe(observer: () => void): () => void {
  window.addEventListener("hashchange", observer);
  return () => window.removeEventListener("hashchange", observer);
}
