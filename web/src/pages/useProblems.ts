import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Editor } from "../engine/Editor.js";
import type { Issue } from "../model/checks.js";
import { useStore } from "../ui/useStore.js";
import { warningsOf, type Warning } from "../ui/warnings.js";
import { errorsIn, merged } from "./submission.js";

export interface Problems {
  /** What stands in the way of a submission. */
  readonly issues: readonly Issue[];
  readonly warnings: readonly (Issue | Warning)[];
}

/** So many times as long as looking at everything takes, the hand has to rest before it is done again; at most so many milliseconds. */
const REST = 8;
const LONGEST_REST = 1500;
/** Milliseconds after opening. */
const AT_FIRST = 60;

interface Found {
  readonly local: readonly Issue[];
  readonly warnings: readonly (Issue | Warning)[];
}

/**
 * What is wrong with the draft, looked at again after every change: at once while that takes no time, and in a pause of the hand where
 * thousands of objects make it long. The second value looks at once.
 */
export function useProblems(editor: Editor): readonly [Problems, () => void] {
  const serverIssues = useStore(editor.state, (state) => state.serverIssues);
  const [found, setFound] = useState<Found>({ local: [], warnings: [] });
  const took = useRef(0);
  const refresh = useCallback(() => {
    const begun = performance.now();
    setFound(look(editor));
    took.current = performance.now() - begun;
  }, [editor]);

  useEffect(() => {
    // The picture comes first.
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(() => refresh(), AT_FIRST);
    let { document } = editor.state.get();
    const run = () => {
      // In the middle of a drag nobody reads, and everybody would feel it.
      if (editor.preview.get() !== null && took.current > 8) timer = setTimeout(run, pause(took.current));
      else refresh();
    };
    const stop = editor.state.subscribe(() => {
      const { document: next } = editor.state.get();
      if (next === document) return;
      document = next;
      clearTimeout(timer);
      timer = setTimeout(run, pause(took.current));
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [editor, refresh]);

  const problems = useMemo(() => ({ issues: errorsIn(merged(found.local, serverIssues)), warnings: found.warnings }), [found, serverIssues]);
  return [problems, refresh];
}

function pause(took: number): number {
  return took < 8 ? 0 : Math.min(LONGEST_REST, took * REST);
}

function look(editor: Editor): Found {
  const local = editor.check();
  return { local, warnings: [...local.filter(({ level }) => level === "warning"), ...warningsOf(editor.state.get().items)] };
}
