import type { ReactElement } from "react";
import { linkTo } from "../../route.js";
import type { Upload, UploadState } from "./Uploads.js";

/** So many files are shown, those that need somebody first; thousands would only make the page slow. */
const SHOWN = 200;
const ORDER: readonly UploadState[] = ["failed", "sending", "stored", "waiting", "created", "exists"];
const WORDS: { readonly [state in UploadState]: string } = {
  failed: "Failed", sending: "Sending", stored: "Sent", waiting: "Waiting", created: "Task made", exists: "There already",
};

/** The files that are being sent, and what became of them. */
export function UploadList({ items, onRetry }: { items: readonly Upload[]; onRetry: (id: number) => void }): ReactElement | null {
  if (items.length === 0) return null;
  const ordered = [...items].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.id - b.id);
  return (
    <>
      <table className="list upload-list">
        <thead><tr><th>File</th><th>Size</th><th>State</th><th><span className="hidden">Actions</span></th></tr></thead>
        <tbody>
          {ordered.slice(0, SHOWN).map(({ id, path, file, state, share, message, task }) => (
            <tr key={id} className={state}>
              <td>{path}</td>
              <td>{sizeOf(file.size)}</td>
              <td>
                {WORDS[state]}{state === "sending" && ` ${Math.round(share * 100)} %`}
                {state === "failed" && <span className="why">{message}</span>}
              </td>
              <td className="row-actions">
                {state === "failed" && <button onClick={() => onRetry(id)} aria-label={`Try ${path} again`}>Try again</button>}
                {task !== null && <a className="button" href={linkTo("task", task)}>Open</a>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > SHOWN && <p className="faint">And {items.length - SHOWN} more.</p>}
    </>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
