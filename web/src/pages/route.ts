import { useMemo, useSyncExternalStore } from "react";

/** The parts of the address after the hash: `#/work/123?look=1` gives `["work", "123"]`. */
export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => hash.replace(/^#\/?/, "").split("?")[0].split("/").filter((part) => part !== "").map(decoded), [hash]);
}

/** What stands after `?` in the part behind the hash: filters and the like, so that a link carries them. */
export function useQuery(): URLSearchParams {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => new URLSearchParams(hash.split("?")[1] ?? ""), [hash]);
}

/** The link to a page by the parts of its address, which may be any text. */
export function linkTo(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function go(path: string): void {
  window.location.hash = `#/${path}`;
}

/** Changes the address without a new entry in the browser's history. */
export function goInstead(path: string): void {
  window.location.replace(`#/${path}`);
}

/** Changes what stands after `?` without a new entry in the browser's history. */
export function replaceQuery(query: URLSearchParams): void {
  const [path] = window.location.hash.split("?"), text = query.toString();
  window.location.replace(`${path === "" ? "#/" : path}${text === "" ? "" : `?${text}`}`);
}

/** People also type addresses; what is no encoding stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function subscribe(observer: () => void): () => void {
  window.addEventListener("hashchange", observer);
  return () => window.removeEventListener("hashchange", observer);
}
