import { useCallback, useEffect, useRef, useState } from "react";
import type { TaskCalls, TaskRow } from "../../api/tasks.js";
import { words } from "../manage/useList.js";
import { follow } from "./follow.js";

interface Listed {
  /** Null until the first answer. */
  readonly rows: readonly TaskRow[] | null;
  /** How many match in all; null where that is not known. */
  readonly total: number | null;
  /** How many match at least, where counting stopped before the end. */
  readonly least: number | null;
  readonly fault: string;
  readonly loading: boolean;
  readonly next: string | null;
  /** The cursors of the pages so far; the last one is that of the page shown. */
  readonly cursors: readonly (string | null)[];
  /** Since the list was read, tasks have come, gone or changed places in it. */
  readonly moved: boolean;
}

export interface TaskListState extends Listed {
  readonly goNext: () => void;
  readonly goBack: () => void;
  readonly reload: () => void;
  readonly countAll: () => void;
  /** Brings what is shown up to date where it stands. */
  readonly look: () => void;
}

/** How far to count what matches: not again, as far as a page should wait for, or to the end. */
type Counting = "not" | "quick" | "exact";

const START: readonly (string | null)[] = [null];
/** Where each list was left, so that returning from a task does not begin at the first page. */
const places = new Map<string, readonly (string | null)[]>();
/** The list that was shown last: its address and the tasks of its page, so that a task's page can lead on to the next one. */
let shown: { readonly address: string; readonly ids: readonly string[] } = { address: "", ids: [] };

/** The task that was opened last from a list, where the eye returns to. */
let opened: string | null = null;

export function rememberOpened(id: string): void {
  opened = id;
}

export function lastOpened(): string | null {
  return opened;
}

export function lastShown(): { readonly address: string; readonly ids: readonly string[] } {
  return shown;
}

/** One page of the tasks that a query names, and the ways to the others. What was shown stays until the next answer. */
export function useTaskList(calls: TaskCalls, query: string, size: number): TaskListState {
  const [state, setState] = useState<Listed>({ rows: null, total: null, least: null, fault: "", loading: true, next: null, cursors: START, moved: false });
  const turn = useRef(0);
  const load = useCallback((cursors: readonly (string | null)[], counting: Counting) => {
    const mine = ++turn.current;
    setState((before) => ({ ...before, loading: true }));
    calls.list(asked(query, size, cursors, counting)).then(({ tasks, total, total_exact: isExact, next }) => {
      if (mine !== turn.current) return;
      places.set(query, cursors);
      shown = { address: window.location.hash, ids: tasks.map(({ task_id: id }) => id) };
      const counted = total === undefined ? null : isExact === false ? { total: null, least: total } : { total, least: null };
      setState((before) => ({ rows: tasks, total: before.total, least: before.least, ...counted, fault: "", loading: false, next, cursors, moved: false }));
    }, (error: unknown) => {
      if (mine !== turn.current) return;
      places.delete(query);
      setState((before) => ({ ...before, fault: words(error), loading: false }));
    });
  }, [calls, query, size]);
  useEffect(() => load(places.get(query) ?? START, "quick"), [load]);
  const { cursors, next, rows, loading } = state;
  const look = () => {
    if (rows === null || loading) return;
    const mine = turn.current;
    // What cannot be read now is read after the next change; what is shown stays true for its time.
    calls.list(asked(query, size, cursors, "not")).then(({ tasks }) => {
      if (mine === turn.current) setState((before) => ({ ...before, ...follow(before.rows ?? [], tasks) }));
    }, () => undefined);
  };
  return {
    ...state,
    goNext: () => { if (next !== null) load([...cursors, next], "not"); },
    goBack: () => { if (cursors.length > 1) load(cursors.slice(0, -1), "not"); },
    reload: () => load(cursors, "quick"),
    countAll: () => load(cursors, "exact"),
    look,
  };
}

function asked(query: string, size: number, cursors: readonly (string | null)[], counting: Counting): URLSearchParams {
  const parts = new URLSearchParams(query), cursor = cursors[cursors.length - 1];
  parts.set("limit", String(size));
  if (cursor !== null) parts.set("cursor", cursor);
  if (counting === "not") parts.set("total", "false");
  if (counting === "exact") parts.set("exact", "true");
  return parts;
}
