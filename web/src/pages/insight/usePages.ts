import { useCallback, useEffect, useRef, useState } from "react";
import type { Page } from "../../api/insight.js";
import { words } from "../manage/useList.js";

export interface Pages<T> {
  /** Null until the first answer. */
  readonly rows: readonly T[] | null;
  /** Reads further rows; null when these are all. */
  readonly more: (() => void) | null;
  readonly fault: string;
  readonly reload: () => void;
}

/** A list that grows at its end page by page. `load` must stay the same until another list is wanted. */
export function usePages<T>(load: (cursor: string | null) => Promise<Page<T>>): Pages<T> {
  const [rows, setRows] = useState<readonly T[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [fault, setFault] = useState("");
  const turn = useRef(0);
  const read = useCallback((cursor: string | null) => {
    const mine = ++turn.current;
    void load(cursor).then(({ docs, next: following }) => {
      if (mine !== turn.current) return;
      setRows((before) => (cursor === null ? docs : [...(before ?? []), ...docs]));
      setNext(following ?? null);
      setFault("");
    }, (error: unknown) => { if (mine === turn.current) setFault(words(error)); });
  }, [load]);
  const reload = useCallback(() => read(null), [read]);
  useEffect(() => {
    setRows(null);
    reload();
  }, [reload]);
  return { rows, more: next === null ? null : () => read(next), fault, reload };
}
