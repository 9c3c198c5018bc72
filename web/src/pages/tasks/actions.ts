import type { BulkAction, BulkChange } from "../../api/tasks.js";

/** What can be done to many tasks at once, and what is to be known before. */
export interface ActionText {
  readonly action: BulkAction;
  readonly name: string;
  /** What happens, before it is begun. */
  readonly what: string;
  readonly lasting: boolean;
}

export const ACTIONS: readonly ActionText[] = [
  { action: "priority", name: "Priority", what: "Tasks of a higher priority are worked on first.", lasting: false },
  { action: "add_tags", name: "Add tags", what: "A task can have five tags; those that would have more are left as they are and listed.", lasting: false },
  { action: "remove_tags", name: "Remove tags", what: "Tasks that do not have a tag stay as they are.", lasting: false },
  { action: "move", name: "Move to batch", what: "Tasks move to another batch of their project, as long as both batches are not launched.", lasting: false },
  { action: "redo", name: "Redo", what: "Completed tasks go back into the queue, first to whoever did them, and start from the answer they have. That answer is kept with the task.", lasting: true },
  { action: "cancel", name: "Cancel tasks", what: "Nobody works on canceled tasks. Those that somebody has begun or finished are left as they are and listed.", lasting: true },
];

export function count(tasks: number): string {
  return tasks === 1 ? "1 task" : `${tasks.toLocaleString()} tasks`;
}

/** How far a change is, as a sentence for its progress. */
export function progressWords({ state, done, total }: Pick<BulkChange, "state" | "done" | "total">): string {
  if (state === "waiting") return "Waiting for its turn";
  return state === "running" ? `${done.toLocaleString()} of ${total.toLocaleString()}` : state === "canceled" ? "Stopped" : state === "failed" ? "Failed" : "Done";
}
