import type { JsonObject } from "../model/json.js";
import { ApiError, type Api } from "./client.js";
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

export interface Counts {
  readonly created: number;
  readonly exists: number;
  readonly refused: number;
  readonly ready: number;
}

/** Which files of a bucket are meant, in one of two ways; all of them by neither. */
export type WhichFiles = { readonly pattern: string } | { readonly regex: string } | {};

/** An import as the server keeps it. */
export interface ImportRecord extends Counts {
  readonly id: string;
  readonly kind: "lines" | "bucket";
  readonly state: "waiting" | "running" | "done" | "canceled" | "failed";
  readonly request: { readonly source?: string; readonly pattern?: string; readonly regex?: string; readonly project?: string; readonly batch?: string; readonly dry_run: boolean };
  readonly lines: number;
  readonly bytes: number;
  readonly skipped: number;
  readonly results: readonly ImportedLine[];
  readonly error?: string;
  readonly by: string;
  readonly created_at: string;
}

/** What becomes of the lines of a piece of a file, and the end of the answer. */
export interface LinesReply {
  readonly outcomes: readonly ImportedLine[];
  readonly end: Counts & { readonly import: string; readonly lines: number };
}

/** Where a piece of a file belongs. */
export interface LinesPlace {
  readonly project: string;
  readonly batch?: string;
  readonly dry: boolean;
  readonly more: boolean;
  readonly resumed: { readonly id: string; readonly offset: number } | null;
}

export interface StoredFile {
  readonly id: string;
  readonly attachment_url: string;
}

type LinesEnd = LinesReply["end"] & { readonly done: boolean; readonly error?: string; readonly status_code?: number };

export function importsOf(api: Api) {
  return {
    send: (place: ImportPlace, source: ImportSource, dry: boolean) => api.call<ImportReport>("POST", "/api/tasks/import", { ...place, ...source, dry_run: dry }),
    lines: async ({ project, batch, dry, more, resumed }: LinesPlace, piece: Blob): Promise<LinesReply> => {
      const query = new URLSearchParams({
        project, ...(batch === undefined ? {} : { batch }), ...(dry ? { dry_run: "true" } : {}), ...(more ? { more: "true" } : {}),
        ...(resumed === null ? {} : { import: resumed.id, offset: String(resumed.offset) }),
      });
      const lines = (await api.sendLines(`/api/import?${query.toString()}`, piece)).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as ImportedLine | LinesEnd);
      const end = lines.pop() as LinesEnd | undefined;
      if (end?.done !== true) throw new ApiError(end?.status_code ?? 0, end?.error ?? "The answer broke off.");
      return { outcomes: lines as ImportedLine[], end };
    },
    begin: (place: ImportPlace, source: string, which: WhichFiles, dry: boolean) => api.call<ImportRecord>("POST", "/api/imports", { ...place, source, ...which, dry_run: dry }),
    imports: async () => (await api.call<{ imports: readonly ImportRecord[] }>("GET", "/api/imports?limit=50")).imports,
    imported: (id: string) => api.call<ImportRecord>("GET", `/api/imports/${encodeURIComponent(id)}`),
    cancel: (id: string) => api.call<ImportRecord>("POST", `/api/imports/${encodeURIComponent(id)}/cancel`),
    sources: async () => (await api.call<{ addresses: readonly string[] }>("GET", "/api/sources")).addresses,
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
