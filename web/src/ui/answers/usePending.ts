import { useEffect, useRef, useState } from "react";

/** Milliseconds without a change after which an answer that is being typed or turned becomes a step. */
const PAUSE = 800;

export interface Pending<T> {
  readonly value: T;
  /** Shows a value at once and hands it over after a pause. */
  change(value: T): void;
  /** Hands over at once what was changed. */
  flush(): void;
}

/**
 * A value that changes many times before it is an answer. It is handed over after a pause, when the field is left or goes away, and
 * when the page is hidden, so that a tab that dies takes at most the last moment with it.
 */
export function usePending<T>(stored: T, onSettled: (value: T) => void): Pending<T> {
  const [value, setValue] = useState(stored);
  const pending = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly value: T } | null>(null);
  const settled = useRef(onSettled);
  settled.current = onSettled;
  const flush = () => {
    if (pending.current === null) return;
    clearTimeout(pending.current.timer);
    const { value: last } = pending.current;
    pending.current = null;
    settled.current(last);
  };
  useEffect(() => {
    // Undo, or another writer, changed the answer: show it, unless something newer is being typed.
    if (pending.current === null) setValue(stored);
  }, [stored]);
  useEffect(() => {
    const hidden = () => { if (document.visibilityState === "hidden") flush(); };
    document.addEventListener("visibilitychange", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      flush();
    };
  }, []);
  const change = (next: T) => {
    setValue(next);
    if (pending.current !== null) clearTimeout(pending.current.timer);
    pending.current = { value: next, timer: setTimeout(flush, PAUSE) };
  };
  return { value, change, flush };
}
