import type { ReactElement } from "react";
import type { ImportRecord } from "../../../api/imports.js";
import { count } from "../../tasks/actions.js";

const STATES: { readonly [state in ImportRecord["state"]]: string } = { waiting: "Waiting", running: "Running", done: "Done", canceled: "Stopped", failed: "Failed" };

/** Imports from buckets, newest first: how far they are and what was refused. */
export function BucketImports({ rows, onCancel }: { rows: readonly ImportRecord[]; onCancel: (id: string) => void }): ReactElement | null {
  if (rows.length === 0) return null;
  return (
    <section aria-label="Imports from buckets" className="bucket-imports">
      {rows.map((row) => (
        <article key={row.id} className="card" aria-label={row.request.source}>
          <div className="section-head">
            <b>{row.request.source} <code>{row.request.pattern ?? row.request.regex ?? ""}</code></b>
            {(row.state === "waiting" || row.state === "running") && <button onClick={() => onCancel(row.id)}>Stop</button>}
          </div>
          <p role="status">{STATES[row.state]}{row.request.dry_run ? ", a dry run" : ""}: {sums(row)}.</p>
          {row.error !== undefined && <p className="form-fault" role="alert">{row.error}</p>}
          {row.results.length > 0 && (
            <details>
              <summary>{row.results.some(({ outcome }) => outcome === "refused") ? "What was refused" : "The first of them"}</summary>
              <ul>{row.results.map(({ line, message }) => <li key={line}>{message}</li>)}</ul>
            </details>
          )}
        </article>
      ))}
    </section>
  );
}

function sums({ lines, created, exists, refused, ready, skipped }: ImportRecord): string {
  const parts = [
    created > 0 ? `${count(created)} made` : "", ready > 0 ? `${count(ready)} can be made` : "", exists > 0 ? `${count(exists)} there already` : "",
    refused > 0 ? `${refused.toLocaleString("en")} refused` : "", skipped > 0 ? `${skipped.toLocaleString("en")} passed over` : "",
  ].filter((part) => part !== "");
  return `${lines.toLocaleString("en")} ${lines === 1 ? "file" : "files"} looked at${parts.length === 0 ? "" : ", "}${parts.join(", ")}`;
}
