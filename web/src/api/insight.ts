import type { Api } from "./client.js";
import type { Delivery } from "./tasks.js";

export interface Counts {
  readonly pending: number;
  readonly completed: number;
  readonly canceled: number;
  readonly error: number;
  readonly total: number;
}

export interface Day {
  readonly day: string;
  readonly created: number;
  readonly completed: number;
  readonly canceled: number;
  readonly error: number;
  readonly reopened: number;
  readonly n_seconds: number;
  readonly median_seconds?: number;
}

export interface ProjectProgress {
  readonly id: string;
  readonly name: string;
  readonly counts: Counts;
  readonly completed_7_days: number;
  readonly last_completed_day?: string;
}

/** How a project, or the account, does. */
export interface Overview {
  readonly as_of: string;
  /** False while some of the log is still to be counted. */
  readonly complete: boolean;
  readonly counts: Counts;
  readonly days: readonly Day[];
  readonly time_per_task: { readonly n: number; readonly median_seconds?: number; readonly p90_seconds?: number; readonly buckets: readonly { readonly from: number; readonly to: number; readonly n: number }[] };
  readonly queue: { readonly pending: number; readonly oldest_at?: string; readonly ages: readonly { readonly up_to_days: number | null; readonly n: number }[] };
  readonly errors: readonly { readonly cause: string; readonly n: number }[];
  readonly audits: { readonly accepted: number; readonly rejected: number; readonly fixed: number; readonly commented: number };
  readonly reviews: readonly { readonly result: string; readonly n: number }[];
  readonly reports: readonly { readonly kind: string; readonly n: number }[];
  readonly projects?: readonly ProjectProgress[];
}

export interface Page<T> {
  readonly docs: readonly T[];
  readonly next?: string;
}

export interface ActorName {
  readonly kind: "person" | "key" | "program";
  readonly id?: string;
  readonly name: string;
}

export interface Activity {
  readonly id: string;
  readonly at: string;
  readonly actor: ActorName;
  readonly action: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly object?: string;
  readonly words: string;
  readonly detail: readonly string[];
}

export interface Usage {
  readonly from: string;
  readonly to: string;
  readonly billable: number;
  readonly lines: number;
  readonly by_project: readonly { readonly project: string | null; readonly type: string; readonly billable: number; readonly not_billable: number }[];
  readonly by_day: readonly { readonly day: string; readonly billable: number; readonly not_billable: number }[];
}

export interface UsageLine {
  readonly id: string;
  readonly at: string;
  readonly task_id: string;
  readonly unique_id?: string;
  readonly project?: string;
  readonly batch?: string;
  readonly type: string;
  readonly what: "completed" | "completed_again" | "error" | "canceled";
  readonly billable: boolean;
  readonly annotations: number;
}

export interface Receiver {
  readonly target: string;
  readonly failed: number;
  readonly pending: number;
  readonly last_error?: string;
  readonly last_status_code?: number;
  readonly last_at?: string;
}

export interface DeliverySummary {
  readonly failed: number;
  readonly pending: number;
  readonly receivers: readonly Receiver[];
}

export type Mode = "live" | "test";

interface SecretHint {
  readonly hint: string;
  readonly changed_at?: string;
}

/** Where the callbacks of one world go. */
export interface WorldDelivery {
  readonly default_callback_url: string | null;
  readonly callback_key: SecretHint;
  readonly signature_secret: SecretHint & { readonly previous_until?: string };
}

export interface DeliverySettings {
  readonly live: WorldDelivery;
  readonly test: WorldDelivery;
  /** Whether this server can send mail. */
  readonly mail: boolean;
}

export interface TestResult {
  readonly delivered: boolean;
  readonly target: string;
  readonly status_code?: number;
  readonly error?: string;
  readonly seconds: number;
}

export type Query = { readonly [name: string]: string | number | boolean | null | undefined };

/** An address with what is set of a query. */
export function address(path: string, query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  const text = parts.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** What managers see of the whole account. */
export function insightOf(api: Api) {
  return {
    overview: (project: string | null, days: number) => api.call<Overview>("GET", address("/api/overview", { project, days })),
    activity: (query: Query) => api.call<Page<Activity>>("GET", address("/api/activity", query)),
    usage: (query: Query) => api.call<Usage>("GET", address("/api/usage", query)),
    usageLines: (query: Query) => api.call<Page<UsageLine>>("GET", address("/api/usage/lines", query)),
    deliveries: (query: Query) => api.call<Page<Delivery>>("GET", address("/api/deliveries", query)),
    delivery: (id: string) => api.call<Delivery & { readonly body_text: string }>("GET", `/api/deliveries/${encodeURIComponent(id)}`),
    deliverySummary: () => api.call<DeliverySummary>("GET", "/api/deliveries/summary"),
    resend: (id: string) => api.call<Delivery>("POST", `/api/deliveries/${encodeURIComponent(id)}/resend`),
    resendFailed: (target?: string) => api.call<{ readonly job: string }>("POST", "/api/deliveries/resend", target === undefined ? {} : { target }),
    settings: () => api.call<DeliverySettings>("GET", "/api/settings/delivery"),
    setCallback: (mode: Mode, url: string) => api.call<DeliverySettings>("PATCH", "/api/settings/delivery", { mode, default_callback_url: url }),
    rotate: (mode: Mode, secret: "callback_key" | "signature_secret") => api.call<{ readonly secret: string; readonly previous_until?: string }>("POST", "/api/settings/delivery/rotate", { mode, secret }),
    test: (mode: Mode, url?: string) => api.call<TestResult>("POST", "/api/settings/delivery/test", url === undefined ? { mode } : { mode, url }),
  };
}
