import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly created_at: string;
  readonly archived: boolean;
  /** The versions of its parameters, oldest first: the parameters themselves, with `version` and `created_at` beside them. */
  readonly param_history: readonly (JsonObject & { readonly version: number; readonly created_at: string })[];
  readonly projectType?: string;
  readonly pipelineName?: string;
  readonly numConsensus?: number;
}

export interface NewProject {
  readonly name: string;
  readonly type: string;
  readonly params: JsonObject;
}

/** What a project's tasks inherit now. */
export function paramsOf(project: Project): JsonObject {
  const { version: _version, created_at: _at, ...params } = project.param_history[project.param_history.length - 1] ?? {};
  return params as JsonObject;
}

export function versionOf(project: Project): number | null {
  return project.param_history[project.param_history.length - 1]?.version ?? null;
}

/** Projects as the annotation API has them. */
export function projectsOf(api: Api) {
  return {
    all: () => api.call<readonly Project[]>("GET", "/v1/projects"),
    one: (name: string) => api.call<Project>("GET", `/v1/projects/${encodeURIComponent(name)}`),
    make: (project: NewProject) => api.call<Project>("POST", "/v1/projects", project),
    setParams: (name: string, params: JsonObject) => api.call<Project>("POST", `/v1/projects/${encodeURIComponent(name)}/setParams`, params),
  };
}
