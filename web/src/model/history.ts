import { inverse, type Operation, type Step } from "./document.js";

/** What a step was to its writer; taking back is a step like any other, so the log alone does not tell. */
export type Mark = "edit" | "undo" | "redo";

/** Steps that can be taken back, and steps that took something back and can be taken back themselves. Newest last. */
export interface History {
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

export const EMPTY_HISTORY: History = { done: [], undone: [] };

const LIMIT = 500;

export function record(history: History, step: Step, mark: Mark): History {
  switch (mark) {
    case "edit": return { done: [...history.done, step].slice(-LIMIT), undone: [] };
    case "undo": return { done: history.done.slice(0, -1), undone: [...history.undone, step] };
    case "redo": return { done: [...history.done, step], undone: history.undone.slice(0, -1) };
  }
}

export function undoOperations(history: History): Operation[] | null {
  const last = history.done[history.done.length - 1];
  return last === undefined ? null : inverse(last.operations);
}

export function redoOperations(history: History): Operation[] | null {
  const last = history.undone[history.undone.length - 1];
  return last === undefined ? null : inverse(last.operations);
}

/** Forgets the newest entry of one side, when it cannot be carried out any more. */
export function forget(history: History, side: "undo" | "redo"): History {
  return side === "undo" ? { ...history, done: history.done.slice(0, -1) } : { ...history, undone: history.undone.slice(0, -1) };
}

/** The history as it was, from the steps of the log and what each was to its writer. */
export function rebuild(steps: readonly Step[], markOf: (step: Step) => Mark): History {
  return steps.reduce((history, step) => record(history, step, markOf(step)), EMPTY_HISTORY);
}
