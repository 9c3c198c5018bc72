import type { DraftCollections } from "../model/document.js";
import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";
import type { WorkAttachment } from "./types.js";

export type TaskStatus = "pending" | "completed" | "canceled" | "error";

/** A shape of a finished answer, in pixels of the picture: x and y in turn. */
export interface RowShape {
  readonly type: string;
  readonly label: string | null;
  readonly points: readonly number[];
}

/** A task as a list shows it. */
export interface TaskRow {
  readonly task_id: string;
  readonly unique_id: string | null;
  readonly type: string;
  readonly status: TaskStatus;
  /** Where it stands on the way to its status. */
  readonly stage: string;
  readonly project: string | null;
  readonly batch: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly customer_review_status: string | null;
  readonly callback_succeeded: boolean | null;
  readonly is_test: boolean;
  readonly error: string | null;
  readonly attachments: number;
  readonly thumbnail: { readonly url: string; readonly width: number; readonly height: number } | null;
  readonly shapes: readonly RowShape[];
  /** Null where the answer is too large to be looked at in a list. */
  readonly shape_count: number | null;
}

export interface TaskList {
  readonly tasks: readonly TaskRow[];
  /** Only where it was asked for. */
  readonly total?: number;
  /** Whether all were counted; false where there are at least so many. */
  readonly total_exact?: boolean;
  readonly next: string | null;
}

/** A filter as the server takes it in bodies. */
export interface FilterBody {
  readonly [name: string]: string | readonly string[];
}

/** The tasks that something is done to: these, or all that match. */
export type Target = { readonly ids: readonly string[] } | { readonly filter: FilterBody };

export type JobState = "waiting" | "running" | "done" | "canceled" | "failed";
export type BulkAction = "cancel" | "priority" | "add_tags" | "remove_tags" | "redo" | "move";

export interface BulkOrder {
  readonly action: BulkAction;
  readonly priority?: number | null;
  readonly tags?: readonly string[];
  readonly batch?: string;
  readonly clear_unique_id?: boolean;
  readonly comment?: string;
}

/** A change of many tasks, on its way or over. */
export interface BulkChange {
  readonly id: string;
  readonly action: BulkAction;
  readonly state: JobState;
  readonly total: number;
  readonly done: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly undoable: boolean;
  readonly undone_by: string | null;
  readonly undoes: string | null;
  /** What it is and what came of it, as a sentence. */
  readonly words: string;
  readonly error: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly created_by: string;
}

export type Outcome = "changed" | "unchanged" | "refused";

export interface BulkResult {
  readonly task_id: string;
  readonly outcome: Outcome;
  readonly words: string;
}

export type ExportFormat = "jsonl" | "json" | "csv";

export interface Export {
  readonly id: string;
  readonly format: ExportFormat;
  readonly name: string;
  readonly filter: FilterBody | null;
  readonly state: JobState;
  readonly total: number;
  readonly done: number;
  /** Written so far. */
  readonly bytes: number;
  readonly size: number | null;
  readonly url: string | null;
  readonly error: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly expires_at: string | null;
  readonly created_by: string;
}

/** Lists of tasks, changes of many of them, and exports. */
export function tasksOf(api: Api) {
  const at = (...parts: readonly string[]) => `/api/${parts.map(encodeURIComponent).join("/")}`;
  return {
    list: (query: URLSearchParams) => api.call<TaskList>("GET", `/api/tasks?${query.toString()}`),
    tags: async (prefix: string) => (await api.call<{ tags: readonly string[] }>("GET", `/api/tasks/tags?limit=20&prefix=${encodeURIComponent(prefix)}`)).tags,
    change: (order: BulkOrder, target: Target) => api.call<BulkChange>("POST", "/api/bulk", { ...order, ...target }),
    changes: async () => (await api.call<{ bulk_changes: readonly BulkChange[] }>("GET", "/api/bulk?limit=10")).bulk_changes,
    bulk: (id: string) => api.call<BulkChange>("GET", at("bulk", id)),
    stopChange: (id: string) => api.call<BulkChange>("POST", at("bulk", id, "cancel")),
    undoChange: (id: string) => api.call<BulkChange>("POST", at("bulk", id, "undo")),
    results: (id: string, outcome: Outcome, cursor: string | null) => api.call<{ results: readonly BulkResult[]; next: string | null }>(
      "GET", `${at("bulk", id, "results")}?outcome=${outcome}&limit=100${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    ),
    export: (format: ExportFormat, target: Target) => api.call<Export>("POST", "/api/exports", { format, ...target }),
    exports: (cursor: string | null) => api.call<{ exports: readonly Export[]; next: string | null }>("GET", `/api/exports?limit=50${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
    exported: (id: string) => api.call<Export>("GET", at("exports", id)),
    stopExport: (id: string) => api.call<Export>("POST", at("exports", id, "cancel")),
    removeExport: (id: string) => api.call<object>("DELETE", at("exports", id)),
    projectNames: async (search: string) => (await api.call<{ projects: readonly { name: string }[] }>("GET", `/api/projects?limit=20&search=${encodeURIComponent(search)}`)).projects.map(({ name }) => name),
    batchNames: async (project: string | null, status?: string) => (await api.call<{ batches: readonly { name: string }[] }>(
      "GET", `/api/batches?limit=100${project === null ? "" : `&project=${encodeURIComponent(project)}`}${status === undefined ? "" : `&status=${status}`}`,
    )).batches.map(({ name }) => name),
  };
}

export type TaskCalls = ReturnType<typeof tasksOf>;

/** Whether something is still going on. */
export function isActive({ state }: { readonly state: JobState }): boolean {
  return state === "waiting" || state === "running";
}

export interface Actor {
  readonly kind: "person" | "key" | "program";
  readonly name: string;
}

export interface Someone {
  readonly name: string;
}

export interface TaskAttachment extends Partial<WorkAttachment> {
  readonly position: number;
  readonly path: string;
  readonly role: string;
  readonly source_url: string;
  readonly state: "waiting" | "ready" | "failed";
  readonly status_code?: number;
  readonly error?: string;
  readonly fetched_at?: string;
  readonly final_url?: string;
  readonly sha256?: string;
  readonly declared_type?: string;
  /** What came, where another copy is shown. */
  readonly original_url?: string;
  readonly facts?: FileFacts;
  readonly conversions?: readonly FileConversion[];
}

/** What was found in a file. */
export interface FileFacts {
  readonly orientation?: number;
  readonly bits?: number;
  readonly frames?: number;
  readonly is_srgb?: boolean;
  readonly pages?: number;
  readonly duration?: number;
  readonly frame_rate?: number;
  readonly video_codec?: string;
  readonly audio_codec?: string;
  readonly sample_rate?: number;
}

/** What was made of a file. */
export interface FileConversion {
  readonly kind: "thumbnail" | "display" | "page";
  readonly count?: number;
  readonly mime_type: string;
  readonly tool: string;
}

export interface TaskWork {
  readonly id: string;
  readonly kind: string;
  readonly level: number;
  readonly attempt: number;
  readonly state: string;
  readonly created_at: string;
  readonly submitted_at?: string;
  readonly submitted_by?: Someone;
  readonly holder?: Someone;
  readonly assignee?: Someone;
  readonly preferred?: Someone;
  /** Steps that were taken; 0 where nothing was done yet. */
  readonly revision: number;
  readonly seconds?: number;
}

export interface TaskAudit {
  readonly id: string;
  readonly result: string;
  readonly comments?: string;
  readonly by?: Someone;
  readonly source: string;
  readonly at: string;
  readonly seconds?: number;
}

export interface TaskReport {
  readonly id: string;
  readonly kind: string;
  readonly message: string;
  readonly reported_by?: Someone;
  readonly created_at: string;
}

/** Everything about one task. `task` is what the public interface answers. */
export interface TaskView {
  readonly task: JsonObject & { readonly task_id: string; readonly type: string; readonly status: TaskStatus };
  readonly params_text: string;
  readonly response_text?: string;
  readonly stage: string;
  readonly editor: string;
  readonly editor_params?: JsonObject;
  readonly params: JsonObject;
  readonly attachments: readonly TaskAttachment[];
  readonly document: { readonly source: "response" | "draft" | "hypothesis"; readonly work?: string; readonly revision?: number; readonly collections: DraftCollections } | null;
  readonly work: readonly TaskWork[];
  readonly audits: readonly TaskAudit[];
  readonly reports: readonly TaskReport[];
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly action: string;
  /** What goes after the actor's name. */
  readonly words: string;
  readonly detail: readonly string[];
  readonly status?: string;
}

/** One step of somebody's work. */
export interface StepEntry {
  readonly revision: number;
  readonly at: string;
  readonly actor: Actor;
  readonly mark: string;
  readonly words: string;
  readonly objects: number;
}

/** A task, or the work on it, as it stood at a time. */
export interface TaskState {
  readonly at?: string;
  readonly task?: JsonObject;
  readonly work?: string;
  readonly revision?: number;
  readonly collections?: DraftCollections;
}

export interface Delivery {
  readonly id: string;
  readonly task_id?: string;
  /** The batch's name, for messages about batches. */
  readonly batch?: string;
  readonly target: string;
  readonly kind: "http" | "email";
  readonly state: "pending" | "succeeded" | "failed";
  readonly created_at: string;
  readonly finished_at?: string;
  readonly next_attempt_at?: string;
  readonly resend_of?: string;
  readonly resent_as?: string;
  readonly attempts: readonly { readonly number: number; readonly at: string; readonly status_code?: number; readonly error?: string; readonly seconds: number }[];
  /** Only where one delivery was asked for. */
  readonly body_text?: string;
}

interface Page<T> {
  readonly docs: readonly T[];
  readonly next?: string;
}

/** What can be read and done about one task. */
export function taskOf(api: Api, id: string) {
  const at = `/api/tasks/${encodeURIComponent(id)}`, after = (cursor: string | null) => (cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`);
  return {
    view: () => api.call<TaskView>("GET", at),
    history: (cursor: string | null) => api.call<Page<HistoryEntry>>("GET", `${at}/history?limit=50${after(cursor)}`),
    steps: (work: string, cursor: string | null) => api.call<Page<StepEntry>>("GET", `${at}/steps?work=${encodeURIComponent(work)}&limit=200${after(cursor)}`),
    stateAt: (event: string) => api.call<TaskState>("GET", `${at}/state?at=${encodeURIComponent(event)}`),
    revision: (work: string, revision: number) => api.call<TaskState>("GET", `${at}/state?work=${encodeURIComponent(work)}&revision=${revision}`),
    deliveries: async () => (await api.call<Page<Delivery>>("GET", `${at}/deliveries`)).docs,
    delivery: (delivery: string) => api.call<Delivery>("GET", `/api/deliveries/${encodeURIComponent(delivery)}`),
    resend: (delivery: string) => api.call<Delivery>("POST", `/api/deliveries/${encodeURIComponent(delivery)}/resend`),
    sendCallback: () => api.call<object>("POST", `/v1/task/${encodeURIComponent(id)}/send_callback`),
  };
}

export type OneTaskCalls = ReturnType<typeof taskOf>;
