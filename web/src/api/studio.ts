import type { Api } from "./client.js";

/** People of a project that batches can be kept for; a single person may stand for a group. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly numWorkers: number;
  readonly isSingleton: boolean;
  readonly workers: readonly { readonly id: string; readonly email: string }[];
}

/** A batch that is not completed, in the order of work. */
export interface QueuedBatch {
  readonly id: string;
  readonly name: string;
  readonly projectName: string;
  readonly batchType: string;
  readonly studioPriority?: number;
  readonly total: number;
  readonly completed: number;
  /** The names of the groups it is kept for; a single person stands here by e-mail address. */
  readonly groups: readonly string[];
}

/** Who works on what, as the annotation API has it. */
export function studioOf(api: Api) {
  const groups = (project: string) => `/v1/studio/projects/${encodeURIComponent(project)}/groups`;
  const ours = (project: string, group: string) => `/api/projects/${encodeURIComponent(project)}/groups/${encodeURIComponent(group)}`;
  return {
    /** Project names by e-mail address. */
    assignments: () => api.call<{ readonly [email: string]: readonly string[] }>("GET", "/v1/studio/assignments"),
    assign: (email: string, project: string, ends: boolean) => api.call<object>("POST", `/v1/studio/assignments/${ends ? "remove" : "add"}`, { emails: [email], projects: [project] }),
    groups: (project: string) => api.call<readonly Group[]>("GET", groups(project)),
    addGroup: (project: string, name: string, emails: readonly string[]) => api.call<Group>("POST", groups(project), { name, emails }),
    changeGroup: (project: string, group: string, add: readonly string[], remove: readonly string[]) => api.call<Group>("PUT", `${groups(project)}/${encodeURIComponent(group)}`, { add_emails: add, remove_emails: remove }),
    renameGroup: (project: string, group: string, name: string) => api.call<Group>("PATCH", ours(project, group), { name }),
    removeGroup: (project: string, group: string) => api.call("DELETE", ours(project, group)),
    batches: () => api.call<readonly QueuedBatch[]>("GET", "/v1/studio/batches"),
    keepFor: (batch: string, names: readonly string[]) => api.call<QueuedBatch>("PUT", `/v1/studio/batches/${encodeURIComponent(batch)}`, { groups: names }),
    resetOrder: () => api.call<readonly QueuedBatch[]>("POST", "/v1/studio/batches/reset_priorities", {}),
    order: (names: readonly string[]) => api.call<readonly QueuedBatch[]>("POST", "/v1/studio/batches/set_priorities", { batches: names.map((name) => ({ name })) }),
  };
}
