import { useCallback, useEffect, useMemo, useState } from "react";
import { batchesOf, type Batch, type BatchPage } from "../../../api/batches.js";
import type { Api } from "../../../api/client.js";
import { words } from "../../manage/useList.js";

/** Milliseconds between two looks at batches that are at work. */
const LOOK = 10_000;

export interface LoadedBatches {
  /** Null until the first answer. */
  readonly batches: readonly Batch[] | null;
  readonly fault: string;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly reload: () => Promise<void>;
  /** Does something and loads again; what goes wrong is told in `fault`. */
  readonly run: (action: () => Promise<unknown>) => Promise<void>;
}

/** The batches of a project, newest first, kept fresh while they are looked at. */
export function useBatches(api: Api, project: string, archived: boolean): LoadedBatches {
  const calls = useMemo(() => batchesOf(api), [api]);
  const [pages, setPages] = useState<readonly BatchPage[] | null>(null);
  const [fault, setFault] = useState("");
  const load = useCallback(() => calls.page(project, archived).then((first) => {
    // Pages further down keep what they show; the first one is where new batches come.
    setPages((before) => [first, ...(before ?? []).slice(1)]);
  }, (error: unknown) => setFault(words(error))), [calls, project, archived]);
  useEffect(() => {
    setPages(null);
    void load();
  }, [load]);
  const batches = useMemo(() => pages?.flatMap((page) => page.batches) ?? null, [pages]);
  const isBusy = batches?.some(({ status }) => status === "in_progress") ?? false;
  useEffect(() => (isBusy ? lookAgain(() => void load()) : undefined), [isBusy, load]);
  const next = pages?.[pages.length - 1]?.next;
  const more = () => void calls.page(project, archived, next).then((page) => setPages((before) => [...(before ?? []), page]), (error: unknown) => setFault(words(error)));
  const run = useCallback(async (action: () => Promise<unknown>) => {
    setFault("");
    await action().catch((error: unknown) => setFault(words(error)));
    await load();
  }, [load]);
  return { batches, fault, hasMore: next !== undefined, more, reload: load, run };
}

/** Does something every now and then while the page is seen, until what is answered is called. */
export function lookAgain(action: () => void): () => void {
  const timer = setInterval(() => { if (!document.hidden) action(); }, LOOK);
  return () => clearInterval(timer);
}
