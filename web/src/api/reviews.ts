import type { DraftCollections } from "../model/document.js";
import type { AnswerVersion, PastReview, ReviewRecord, Thread } from "../model/review.js";
import type { Api } from "./client.js";

/** What happened to a task between its first answer and its last. */
export interface TaskReviews {
  readonly levels: number;
  readonly versions: readonly AnswerVersion[];
  readonly reviews: readonly PastReview[];
  readonly threads: readonly Thread[];
}

export interface CommentBody {
  readonly id: string;
  readonly thread?: string;
  readonly text: string;
  readonly object?: string;
  readonly x?: number;
  readonly y?: number;
}

export interface Workflow {
  readonly project: string;
  readonly review_levels: number;
  /** How many people answer each task; 1 for no consensus. */
  readonly consensus_attempts: number;
  readonly consensus_auto: boolean;
  /** From 0 to 1. */
  readonly consensus_threshold: number;
}

/** The calls around reviews: of work that one holds, of any task, and the settings of a project. */
export function reviewsOf(api: Api) {
  const work = (id: string, rest: string) => `/api/work/${encodeURIComponent(id)}/${rest}`;
  const task = (id: string, rest: string) => `/api/tasks/${encodeURIComponent(id)}/${rest}`;
  const workflow = (project: string) => `/api/projects/${encodeURIComponent(project)}/workflow`;
  return {
    held: (id: string) => api.call<ReviewRecord>("GET", work(id, "review")),
    version: async (id: string, version: number) => (await api.call<{ collections: DraftCollections }>("GET", work(id, `versions/${version}`))).collections,
    comment: async (id: string, body: CommentBody & { readonly lease: string }) => (await api.call<{ thread: Thread }>("POST", work(id, "comments"), body)).thread,
    resolve: async (id: string, thread: string, body: { readonly lease: string; readonly resolved: boolean }) =>
      (await api.call<{ thread: Thread }>("POST", work(id, `threads/${encodeURIComponent(thread)}`), body)).thread,
    verdict: async (id: string, body: { readonly lease: string; readonly submission: string; readonly revision: number; readonly verdict: "accepted" | "rejected" }) => {
      await api.call("POST", work(id, "verdict"), body);
    },

    ofTask: (id: string) => api.call<TaskReviews>("GET", task(id, "reviews")),
    versionOfTask: (id: string, version: number) => api.call<{ version: number; collections: DraftCollections; response: unknown }>("GET", task(id, `versions/${version}`)),
    commentOnTask: async (id: string, body: Omit<CommentBody, "id"> & { readonly id?: string }) => (await api.call<{ thread: Thread }>("POST", task(id, "comments"), body)).thread,
    redo: (id: string, body: { readonly message?: string; readonly person?: "same" | "anybody" }) => api.call<{ task: unknown }>("POST", task(id, "redo"), body),

    workflow: (project: string) => api.call<Workflow>("GET", workflow(project)),
    setWorkflow: (project: string, change: Partial<Omit<Workflow, "project">>) => api.call<Workflow>("PATCH", workflow(project), change),
  };
}
