import { useCallback, useState } from "react";
import { sameJson, type JsonObject } from "../../model/json.js";
import type { Edit } from "./edit.js";

/** Changes with the same name within so many milliseconds are taken back together. */
const TOGETHER = 1_500;
const MOST_STEPS = 200;

interface History {
  readonly past: readonly JsonObject[];
  readonly now: JsonObject;
  readonly future: readonly JsonObject[];
  readonly last: { readonly name: string; readonly at: number } | null;
}

export interface Building {
  readonly params: JsonObject;
  readonly edit: Edit;
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
  /** Begins anew from these, with nothing to take back. */
  readonly restart: (params: JsonObject) => void;
}

/** Parameters that are being built, with undo. */
export function useParams(first: JsonObject): Building {
  const [history, setHistory] = useState<History>({ past: [], now: first, future: [], last: null });
  const edit = useCallback<Edit>((change, name) => setHistory((before) => {
    const next = change(before.now);
    if (sameJson(next, before.now) && JSON.stringify(next) === JSON.stringify(before.now)) return before;
    const goesOn = name !== undefined && before.last?.name === name && Date.now() - before.last.at < TOGETHER;
    return { past: goesOn ? before.past : [...before.past, before.now].slice(-MOST_STEPS), now: next, future: [], last: name === undefined ? null : { name, at: Date.now() } };
  }), []);
  const undo = useCallback(() => setHistory(({ past, now, future }) => ({ past: past.slice(0, -1), now: past[past.length - 1] ?? now, future: [now, ...future], last: null })), []);
  const redo = useCallback(() => setHistory(({ past, now, future }) => ({ past: [...past, now], now: future[0] ?? now, future: future.slice(1), last: null })), []);
  const restart = useCallback((params: JsonObject) => setHistory({ past: [], now: params, future: [], last: null }), []);
  return { params: history.now, edit, undo: history.past.length === 0 ? null : undo, redo: history.future.length === 0 ? null : redo, restart };
}
