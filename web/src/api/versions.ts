import type { Issue } from "../model/checks.js";
import type { Json, JsonObject } from "../model/json.js";
import type { Api } from "./client.js";

export interface VersionSummary {
  readonly version: number;
  readonly created_at: string;
  readonly created_by?: string;
  /** How many differences there are to the one before. */
  readonly changes: number;
}

export interface Difference {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: Json;
  readonly after?: Json;
}

export interface Version {
  readonly version: number;
  readonly created_at: string;
  readonly created_by?: string;
  readonly params: JsonObject;
  /** The version it is compared with; -1 for none. */
  readonly against: number;
  readonly differences: readonly Difference[];
}

export interface Problem {
  readonly on: "task" | "answer";
  readonly path: string;
  readonly message: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** What one call of a dry run found. */
export interface Trial {
  readonly issues: readonly Issue[];
  readonly left_to_tasks: readonly string[];
  readonly against: number;
  readonly differences: readonly Difference[];
  readonly total: number;
  readonly tried: number;
  readonly would_break: { readonly tasks: number; readonly answers: number };
  readonly problems: readonly Problem[];
  readonly next?: string;
}

/** The versions of a project's parameters. */
export function versionsOf(api: Api, project: string) {
  const path = `/api/projects/${encodeURIComponent(project)}`;
  return {
    all: async () => (await api.call<{ versions: readonly VersionSummary[] }>("GET", `${path}/versions`)).versions,
    one: (version: number, against?: number) => api.call<Version>("GET", `${path}/versions/${version}${against === undefined ? "" : `?against=${against}`}`),
    save: (params: JsonObject, base: number) => api.call<Version>("POST", `${path}/versions`, { params, base_version: base }),
    try: (params: JsonObject, cursor?: string) => api.call<Trial>("POST", `${path}/try`, { params, ...(cursor === undefined ? {} : { cursor }) }),
  };
}

/** What several calls of a dry run found together. */
export function sumOfTrials(so: Trial | null, next: Trial): Trial {
  if (so === null) return next;
  const problems = new Map(so.problems.map((problem) => [keyOf(problem), problem]));
  for (const problem of next.problems) {
    const before = problems.get(keyOf(problem));
    problems.set(keyOf(problem), before === undefined ? problem : { ...before, count: before.count + problem.count, examples: [...before.examples, ...problem.examples].slice(0, 5) });
  }
  return {
    ...next,
    tried: so.tried + next.tried,
    would_break: { tasks: so.would_break.tasks + next.would_break.tasks, answers: so.would_break.answers + next.would_break.answers },
    problems: [...problems.values()].sort((a, b) => b.count - a.count),
  };
}

function keyOf({ on, path, message }: Problem): string {
  return JSON.stringify([on, path, message]);
}
