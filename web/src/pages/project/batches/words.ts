import type { Batch, BatchKind, CalibrationReport, CalibrationState } from "../../../api/batches.js";

export const KIND_WORDS: { readonly [kind in BatchKind]: { readonly name: string; readonly what: string } } = {
  self_label: { name: "Self-label", what: "The team labels it: members, managers and admins. To try the task out oneself." },
  calibration: { name: "Calibration", what: "Labelers label it and every task is audited. Yields a score, and what the instruction leaves open." },
  production: { name: "Production", what: "Labelers label it. Asks for a calibrated project." },
};

/** Where a batch stands. */
export function standing({ status, paused }: Batch): string {
  if (status === "staging") return "Waiting to be launched";
  if (status === "completed") return "Completed";
  return paused ? "Paused" : "At work";
}

const STATES: { readonly [state in CalibrationState]: string } = { labelling: "Being labelled", auditing: "Waiting for audits", done: "Labelled and audited" };

export function stateWords(state: CalibrationState): string {
  return STATES[state];
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What a calibration came to, in a sentence. */
export function resultWords({ state, score, goal, audited, completed, tasks }: CalibrationReport): string {
  if (tasks === 0) return "It has no tasks yet.";
  if (state === "labelling") return `${completed} of ${tasks} tasks are labelled.`;
  if (state === "auditing") return `${audited} of ${completed} tasks are audited.`;
  if (score === undefined) return "Nothing was audited.";
  return score >= goal ? `The goal of ${percent(goal)} is reached: production can begin.` : `${percent(score)} were right, ${percent(goal)} have to be. Make the instruction clearer where the feedback below says, then calibrate again.`;
}
