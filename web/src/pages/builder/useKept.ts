import { useEffect } from "react";
import { isObject, sameJson, type Json, type JsonObject } from "../../model/json.js";
import { browserMemory } from "../../ui/preferences.js";

export interface Kept {
  readonly params: JsonObject;
  /** The version that the changes began from. */
  readonly base: number;
}

/** Changes to a project that were not saved and that this browser kept. */
export function keptChanges(user: string, project: string): Kept | null {
  const text = browserMemory(nameOf(user, project)).read();
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Json;
    return isObject(kept) && isObject(kept.params) && typeof kept.base === "number" ? { params: kept.params, base: kept.base } : null;
  } catch {
    return null;
  }
}

/** Keeps changes in this browser until they are saved, so that a closed tab loses nothing. */
export function useKept(user: string, project: string, { params, base }: Kept, saved: JsonObject): void {
  useEffect(() => {
    browserMemory(nameOf(user, project)).write(sameJson(params, saved) ? null : JSON.stringify({ params, base }));
  }, [user, project, params, base, saved]);
}

function nameOf(user: string, project: string): string {
  return `building.${user}.${project}`;
}
