import { useRef, useState } from "react";
import type { ImportColumn, ImportedLine, ImportReport } from "../../../api/imports.js";
import { words } from "../../manage/useList.js";
import type { Part } from "./parts.js";

/** What an import has come to so far. */
export interface ImportState {
  readonly isDry: boolean;
  readonly isRunning: boolean;
  readonly done: number;
  readonly total: number;
  /** Whether that is counted in bytes rather than lines. */
  readonly inBytes?: boolean;
  readonly counts: { readonly created: number; readonly exists: number; readonly refused: number; readonly ready: number };
  readonly columns: readonly ImportColumn[] | null;
  /** What was refused, and the first of the others. */
  readonly lines: readonly ImportedLine[];
  readonly fault: string;
}

const KEPT = 500;
const NOTHING = { created: 0, exists: 0, refused: 0, ready: 0 };

/** Sends an import part by part. Stopping keeps what is done; doing it again only adds what is missing. */
export function useImport(send: (part: Part, dry: boolean) => Promise<ImportReport>) {
  const [state, setState] = useState<ImportState | null>(null);
  const isStopped = useRef(false);
  const run = async (parts: readonly Part[], isDry: boolean): Promise<void> => {
    isStopped.current = false;
    const total = parts.reduce((sum, part) => sum + part.lines, 0);
    let now: ImportState = { isDry, isRunning: true, done: 0, total, counts: NOTHING, columns: null, lines: [], fault: "" };
    setState(now);
    for (const part of parts) {
      if (isStopped.current) break;
      try {
        const report = await send(part, isDry);
        now = { ...now, ...sum(now, report, part.shift) };
        setState(now);
      } catch (error) {
        now = { ...now, fault: words(error) };
        break;
      }
    }
    setState({ ...now, isRunning: false });
  };
  return { state, run, stop: () => { isStopped.current = true; }, reset: () => setState(null) };
}

function sum({ done, counts, columns, lines }: ImportState, report: ImportReport, shift: number): Partial<ImportState> {
  const moved = report.lines.map((line) => ({ ...line, line: line.line + shift, message: movedWords(line.message, shift) }));
  const refused = moved.filter(({ outcome }) => outcome === "refused"), others = moved.filter(({ outcome }) => outcome !== "refused");
  return {
    done: done + report.lines.length,
    counts: { created: counts.created + report.created, exists: counts.exists + report.exists, refused: counts.refused + report.refused, ready: counts.ready + report.ready },
    columns: columns ?? report.columns ?? null,
    lines: [...lines, ...refused, ...others.slice(0, Math.max(0, KEPT - lines.length))],
  };
}

/** The server counts lines within the part it was sent. */
function movedWords(message: string, shift: number): string {
  return shift === 0 ? message : message.replace(/^The same as line (\d+);/, (_, line: string) => `The same as line ${Number(line) + shift};`);
}
