import type { Api } from "./client.js";

export type Provider = "s3" | "gcs" | "azure";

/** The settings of an integration by their names; secrets are sent and never answered. */
export type Settings = { readonly [name: string]: string | boolean };

export interface Integration {
  readonly id: string;
  readonly provider: Provider;
  readonly name: string;
  readonly prefix: string;
  readonly settings: Settings;
  /** The names of the secrets that are set. */
  readonly secrets: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly tested_at?: string;
  readonly fault?: string;
}

export interface Integrations {
  readonly integrations: readonly Integration[];
  readonly external_id: string;
  /** Whether the server takes roles without keys. */
  readonly has_identity: boolean;
}

export interface Trial {
  readonly passed: boolean;
  readonly fault?: string;
  readonly steps: readonly { readonly name: "login" | "list" | "read"; readonly passed: boolean; readonly message: string }[];
}

export type IntegrationChange = { readonly name: string; readonly prefix: string } & Settings;

/** What admins do with the places where files lie. */
export function integrationsOf(api: Api) {
  const path = (id: string) => `/api/integrations/${encodeURIComponent(id)}`;
  return {
    list: () => api.call<Integrations>("GET", "/api/integrations"),
    add: (integration: IntegrationChange) => api.call<Integration>("POST", "/api/integrations", integration),
    change: (id: string, change: IntegrationChange) => api.call<Integration>("PATCH", path(id), change),
    remove: (id: string) => api.call<object>("DELETE", path(id)),
    test: (id: string, file: string) => api.call<Trial>("POST", `${path(id)}/test`, file === "" ? {} : { file }),
  };
}
