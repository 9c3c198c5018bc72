import type { JsonObject } from "../model/json.js";
import type { Api } from "./client.js";
import { isLarge, sendInPieces } from "./uploads.js";

export type Outcome = "created" | "exists" | "refused" | "ready";

export interface ImportedLine {
  readonly line: number;
  readonly outcome: Outcome;
  readonly task_id?: string;
  readonly unique_id?: string;
  readonly message: string;
}

export interface ImportColumn {
  readonly name: string;
  readonly target: string;
  readonly example: string;
}

export interface ImportReport {
  readonly dry_run: boolean;
  readonly columns?: readonly ImportColumn[];
  readonly lines: readonly ImportedLine[];
  readonly created: number;
  readonly exists: number;
  readonly refused: number;
  readonly ready: number;
}

/** Where tasks go and what they get that they do not bring along. */
export interface ImportPlace {
  readonly project: string;
  readonly batch?: string;
  readonly defaults?: { readonly priority?: number; readonly tags?: readonly string[] };
}

export type ImportSource =
  | { readonly csv: string; readonly columns?: { readonly [name: string]: string } }
  | { readonly urls: string }
  | { readonly rows: readonly JsonObject[] };

export interface StoredFile {
  readonly id: string;
  readonly attachment_url: string;
}

export function importsOf(api: Api) {
  return {
    send: (place: ImportPlace, source: ImportSource, dry: boolean) => api.call<ImportReport>("POST", "/api/tasks/import", { ...place, ...source, dry_run: dry }),
    upload: (file: File, name: string, project: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<StoredFile> => {
      if (isLarge(file)) return sendInPieces(api, file, { display_name: name, project_name: project }, onProgress, signal);
      const form = new FormData();
      form.append("display_name", name);
      form.append("project_name", project);
      form.append("file", file, file.name);
      return api.upload<StoredFile>("/v1/files/upload", form, onProgress, signal);
    },
  };
}
