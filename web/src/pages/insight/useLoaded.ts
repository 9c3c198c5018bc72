import { useCallback, useEffect, useRef, useState } from "react";
import { words } from "../manage/useList.js";

export interface LoadedValue<T> {
  /** Null until the first answer. */
  readonly value: T | null;
  readonly fault: string;
  readonly reload: () => void;
}

/** Something from the server; what is shown stays while it is read again. `load` must stay the same until it is to be read anew. */
export function useLoaded<T>(load: () => Promise<T>): LoadedValue<T> {
  const [value, setValue] = useState<T | null>(null);
  const [fault, setFault] = useState("");
  const turn = useRef(0);
  const reload = useCallback(() => {
    const mine = ++turn.current;
    // An answer that was overtaken by a later question is of no use any more.
    void load().then(
      (found) => { if (mine === turn.current) { setValue(found); setFault(""); } },
      (error: unknown) => { if (mine === turn.current) setFault(words(error)); },
    );
  }, [load]);
  useEffect(reload, [reload]);
  return { value, fault, reload };
}
