import type { Json, JsonObject } from "../model/json.js";
import type { Api } from "./client.js";
import type { Counts } from "./projects.js";

export const KINDS = ["self_label", "calibration", "production"] as const;
export type BatchKind = (typeof KINDS)[number];

export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly kind: BatchKind;
  /** Who works on it, in a sentence. */
  readonly meaning: string;
  readonly status: "staging" | "in_progress" | "completed";
  readonly paused: boolean;
  readonly priority?: number;
  readonly callback?: string;
  readonly metadata: JsonObject;
  readonly created_at: string;
  readonly completed_at?: string;
  readonly archived: boolean;
  readonly takes_tasks: boolean;
  readonly counts: Counts;
  readonly calibration?: { readonly state: CalibrationState; readonly of: number; readonly audited: number; readonly score?: number };
}

export type CalibrationState = "labelling" | "auditing" | "done";

export interface CalibrationReport {
  readonly batch: string;
  readonly goal: number;
  readonly state: CalibrationState;
  readonly tasks: number;
  readonly completed: number;
  readonly audited: number;
  readonly accepted: number;
  readonly commented: number;
  readonly fixed: number;
  readonly rejected: number;
  readonly score?: number;
  readonly feedback: readonly { readonly source: "audit" | "report"; readonly task_id: string; readonly kind: string; readonly message: string; readonly by?: string; readonly at: string }[];
}

export interface BatchChange {
  readonly paused?: boolean;
  readonly priority?: number;
  readonly callback?: string;
  readonly archived?: boolean;
  readonly kind?: BatchKind;
  readonly metadata?: { readonly [name: string]: Json };
}

export interface BatchPage {
  readonly batches: readonly Batch[];
  readonly next?: string;
}

/** Batches as the server's interface for their pages has them. */
export function batchesOf(api: Api) {
  const at = (name: string, end = "") => `/api/batches/${encodeURIComponent(name)}${end}`;
  return {
    page: (project: string, archived: boolean, cursor?: string) => {
      const query = new URLSearchParams({ project, archived: String(archived), ...(cursor === undefined ? {} : { cursor }) });
      return api.call<BatchPage>("GET", `/api/batches?${query.toString()}`);
    },
    one: (name: string) => api.call<Batch>("GET", at(name)),
    make: (batch: { project: string; name: string; kind: BatchKind; callback?: string; priority?: number }) => api.call<Batch>("POST", "/api/batches", batch),
    change: (name: string, change: BatchChange) => api.call<Batch>("PATCH", at(name), change),
    launch: (name: string, confirmUncalibrated: boolean) => api.call<Batch>("POST", at(name, "/launch"), { confirm_uncalibrated: confirmUncalibrated }),
    calibration: (name: string) => api.call<CalibrationReport>("GET", at(name, "/calibration")),
  };
}
