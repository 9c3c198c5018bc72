import { useCallback, useEffect, useRef, useState } from "react";
import { isActive, type BulkChange, type TaskCalls } from "../../api/tasks.js";
import { words } from "../manage/useList.js";

const LOOK_AGAIN = 1000;

export interface BulkChanges {
  /** What is under way, and what was begun or ended while this page was open; newest first. */
  readonly list: readonly BulkChange[];
  readonly fault: string;
  readonly add: (change: BulkChange) => void;
  readonly stop: (change: BulkChange) => void;
  readonly undo: (change: BulkChange) => void;
  readonly dismiss: (change: BulkChange) => void;
}

/** Changes of many tasks: they go on without the page, so those under way are found again when it is opened. */
export function useBulkChanges(calls: TaskCalls, onEnded: () => void): BulkChanges {
  const [list, setList] = useState<readonly BulkChange[]>([]);
  const [fault, setFault] = useState("");
  const ended = useRef(onEnded);
  ended.current = onEnded;
  const put = useCallback((change: BulkChange) => setList((before) => (before.some(({ id }) => id === change.id) ? before.map((one) => (one.id === change.id ? change : one)) : [change, ...before])), []);
  useEffect(() => void calls.changes().then((all) => setList((before) => [...before, ...all.filter((one) => isActive(one) && before.every(({ id }) => id !== one.id))]), () => undefined), [calls]);

  const active = list.filter(isActive).map(({ id }) => id).join(" ");
  useEffect(() => {
    if (active === "") return undefined;
    let over = false, timer = 0;
    const look = async () => {
      const answers = await Promise.allSettled(active.split(" ").map(calls.bulk));
      if (over) return;
      const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
      found.forEach(put);
      if (found.some((change) => !isActive(change))) ended.current();
      timer = window.setTimeout(() => void look(), LOOK_AGAIN);
    };
    timer = window.setTimeout(() => void look(), LOOK_AGAIN / 3);
    return () => { over = true; clearTimeout(timer); };
  }, [calls, active, put]);

  const run = (call: Promise<BulkChange>) => void call.then((change) => { setFault(""); put(change); }, (error: unknown) => setFault(words(error)));
  return {
    list, fault, add: put,
    stop: (change) => run(calls.stopChange(change.id)),
    undo: (change) => run(calls.undoChange(change.id).then(async (undoing) => { put(await calls.bulk(change.id)); return undoing; })),
    dismiss: (change) => setList((before) => before.filter(({ id }) => id !== change.id)),
  };
}
