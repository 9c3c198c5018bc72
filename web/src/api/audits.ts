import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";

export type AuditResult = "accepted" | "rejected" | "fixed" | "commented";
export type TaskUse = "evaluation" | "training" | "example";

/** Completed tasks drawn for an audit. */
export interface Sample {
  readonly id: string;
  readonly name: string;
  readonly project?: string;
  readonly batch?: string;
  readonly order: "random" | "newest" | "oldest";
  readonly seed?: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly total: number;
  readonly audited: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly fixed: number;
  readonly commented: number;
  readonly score?: number;
}

export interface SampleRequest {
  readonly name?: string;
  readonly project?: string;
  readonly batch?: string;
  readonly count?: number;
  readonly percent?: number;
  readonly order?: Sample["order"];
  readonly seed?: number;
  readonly filter?: { readonly tags?: readonly string[]; readonly unaudited?: boolean };
}

export interface PastVerdict {
  readonly audited_by: string;
  readonly audited_at: string;
  readonly audit_result: AuditResult;
  readonly comments?: string;
}

/** What stands beside a task that is open for a verdict. */
export interface AuditDetails {
  readonly task: string;
  readonly unique_id?: string;
  readonly completed_at?: string;
  readonly metadata: JsonObject;
  readonly audits: readonly PastVerdict[];
  readonly supports: readonly TaskUse[];
  readonly used: readonly TaskUse[];
  readonly position?: number;
  readonly sample?: Sample;
}

export interface VerdictBody {
  readonly result: AuditResult;
  readonly comments?: string;
  readonly redo?: boolean;
  readonly use_as?: readonly TaskUse[];
  readonly note?: string;
  readonly seconds?: number;
}

/** Samples, and verdicts on completed tasks. */
export function auditsOf(api: Api) {
  const work = (id: string, rest: string) => `/api/work/${encodeURIComponent(id)}/${rest}`;
  const samples = "/api/audits/samples";
  return {
    samples: async (project: string) => (await api.call<{ samples: readonly Sample[] }>("GET", `${samples}?limit=100&project=${encodeURIComponent(project)}`)).samples,
    draw: (request: SampleRequest) => api.call<Sample>("POST", samples, request),
    remove: (id: string) => api.call("DELETE", `${samples}/${encodeURIComponent(id)}`),
    open: (which: { readonly sample?: string; readonly task?: string }) => api.call<{ work: string | null }>("POST", "/api/audits/open", which),
    details: (id: string, sample: string | null) => api.call<AuditDetails>("GET", `${work(id, "audit")}${sample === null ? "" : `?sample=${encodeURIComponent(sample)}`}`),
    decide: async (id: string, body: VerdictBody & { readonly lease: string; readonly submission: string; readonly revision: number }) => {
      await api.call("POST", work(id, "audit"), body);
    },
    leave: async (id: string, lease: string) => { await api.beforeLeaving(id); await api.call("POST", work(id, "leave"), { lease }); },
  };
}
