import type { Issue } from "../model/checks.js";
import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";

export interface Counts {
  readonly pending: number;
  readonly completed: number;
  readonly canceled: number;
  readonly error: number;
  readonly total: number;
}

/** Something about a project that somebody should look at, as a sentence. */
export interface Attention {
  readonly kind: string;
  readonly count?: number;
  readonly words: string;
}

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly product: "standard" | "rapid" | "studio";
  readonly pipeline?: "standard_task" | "consensus_task";
  readonly consensus_attempts?: number;
  readonly created_at: string;
  readonly archived: boolean;
  /** The latest version of its parameters; -1 while there is none. */
  readonly version: number;
  readonly has_instruction: boolean;
  readonly instruction_excerpt?: string;
  readonly counts: Counts;
  readonly batches: { readonly staging: number; readonly in_progress: number; readonly completed: number; readonly paused: number };
  readonly calibration: { readonly state: "none" | "running" | "below_goal" | "calibrated"; readonly goal: number; readonly score?: number; readonly batch?: string };
  readonly attention: readonly Attention[];
}

export interface Project extends ProjectSummary {
  /** What its tasks inherit: the latest version of its parameters. */
  readonly params: JsonObject;
  readonly editor: "image" | "form" | "text" | "document";
}

export interface NewProject {
  readonly name: string;
  readonly type: string;
  readonly params?: JsonObject;
}

interface Wanted {
  readonly search?: string;
  readonly archived?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Projects and what their parameters may be. */
export function projectsOf(api: Api) {
  const path = (name: string) => `/api/projects/${encodeURIComponent(name)}`;
  const page = (wanted: Wanted) => api.call<{ projects: readonly ProjectSummary[]; next?: string }>("GET", `/api/projects?${new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== "").map(([name, value]) => [name, String(value)])).toString()}`);
  return {
    page,
    /** The names of all projects that are not put away. */
    names: async () => {
      const names: string[] = [];
      for (let cursor = "", more = true; more;) {
        const { projects, next } = await page({ archived: false, limit: 100, cursor });
        names.push(...projects.map(({ name }) => name));
        cursor = next ?? "";
        more = next !== undefined;
      }
      return names;
    },
    one: (name: string) => api.call<Project>("GET", path(name)),
    make: (project: NewProject) => api.call<Project>("POST", "/api/projects", project),
    change: (name: string, change: { archived?: boolean; calibration_goal?: number }) => api.call<Project>("PATCH", path(name), change),
    /** What is wrong with parameters for tasks of this type; nothing is stored. */
    check: async (type: string, params: JsonObject) => (await api.call<{ issues: readonly Issue[] }>("POST", "/api/projects/check", { type, params })).issues,
  };
}
