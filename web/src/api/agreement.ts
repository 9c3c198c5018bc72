import type { Differences } from "../model/differences.js";
import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";
import type { WorkAttachment } from "./types.js";

/** A completed task shown beside an instruction. */
export interface Example {
  readonly id: string;
  /** Absent for people who label. */
  readonly task?: string;
  readonly note: string;
  readonly picture: WorkAttachment | null;
  readonly response: JsonObject;
  readonly created_at: string;
}

/** How far people agreed who answered a task unseen of each other. */
export interface Round {
  readonly agreement: number;
  readonly attempts: number;
  readonly at: string;
  readonly unanimous: boolean;
  /** Whether the answer followed without anybody looking at the differences. */
  readonly merged_by_itself: boolean;
  readonly answers: readonly { readonly name: string; readonly by?: { readonly name: string } | null }[];
  readonly differences: number;
}

/** How the answers to a project's tasks agreed in the last days. Shares are from 0 to 1. */
export interface ProjectAgreement {
  readonly tasks: number;
  readonly mean: number | null;
  readonly merged_by_itself: number;
  readonly bands: readonly { readonly from: number; readonly to: number; readonly tasks: number }[];
  readonly least: readonly { readonly task: string; readonly unique_id?: string; readonly agreement: number; readonly differences: number; readonly at: string }[];
}

/** What several answers to a task have in common, and examples beside instructions. */
export function agreementOf(api: Api) {
  const work = (id: string, rest: string) => `/api/work/${encodeURIComponent(id)}/${rest}`;
  const examples = (project: string) => `/api/projects/${encodeURIComponent(project)}/examples`;
  return {
    differences: (id: string) => api.call<Differences>("GET", work(id, "merge")),
    rounds: async (task: string) => (await api.call<{ rounds: readonly Round[] }>("GET", `/api/tasks/${encodeURIComponent(task)}/agreement`)).rounds,
    ofProject: (project: string, days: number) => api.call<ProjectAgreement>("GET", `/api/projects/${encodeURIComponent(project)}/agreement?days=${days}`),
    examplesOfWork: async (id: string) => (await api.call<{ examples: readonly Example[] }>("GET", work(id, "examples"))).examples,
    examples: async (project: string) => (await api.call<{ examples: readonly Example[] }>("GET", examples(project))).examples,
    removeExample: (project: string, id: string) => api.call("DELETE", `${examples(project)}/${encodeURIComponent(id)}`),
  };
}
