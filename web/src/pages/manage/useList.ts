import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../../api/client.js";

export interface Loaded<T> {
  /** Null until the first answer. */
  readonly rows: readonly T[] | null;
  readonly fault: string;
  readonly reload: () => void;
  /** Does something and loads again; what goes wrong is told in `fault`. Resolves to whether it was done. */
  readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** A list from the server with what went wrong last. `load` must stay the same from one rendering to the next. */
export function useList<T>(load: () => Promise<readonly T[]>): Loaded<T> {
  const [rows, setRows] = useState<readonly T[] | null>(null);
  const [fault, setFault] = useState("");
  const reload = useCallback(() => void load().then(setRows, (error: unknown) => setFault(words(error))), [load]);
  useEffect(reload, [reload]);
  const run = useCallback(async (action: () => Promise<unknown>) => {
    setFault("");
    try {
      await action();
      return true;
    } catch (error) {
      setFault(words(error));
      return false;
    } finally {
      reload();
    }
  }, [reload]);
  return { rows, fault, reload, run };
}

/** An error in words; a lost session has a dialog of its own. */
export function words(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) return "";
  return error instanceof Error ? error.message : String(error);
}

export function dayOf(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

export function momentOf(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
