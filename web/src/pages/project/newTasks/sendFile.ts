import { ApiError } from "../../../api/client.js";
import type { ImportedLine, importsOf, ImportPlace, LinesPlace, LinesReply } from "../../../api/imports.js";
import { words } from "../../manage/useList.js";
import type { ImportState } from "./useImport.js";

/** Bytes sent by one call: few enough that a progress is seen, many enough that it is quick. */
const SIZE = 512 * 1024;
const TRIES = 5;
const WAIT = 2000;
const KEPT = 500;

type Calls = Pick<ReturnType<typeof importsOf>, "lines" | "imported">;

/** The first lines of a file from some place on, up to its end or about so many bytes. */
export async function linesFrom(file: Blob, offset: number, size: number = SIZE): Promise<Blob> {
  for (let length = size; ; length *= 2) {
    const piece = file.slice(offset, offset + length);
    if (offset + length >= file.size) return piece;
    const end = new Uint8Array(await piece.arrayBuffer()).lastIndexOf(0x0a);
    if (end >= 0) return piece.slice(0, end + 1);
  }
}

/**
 * Sends a file of JSON lines piece by piece, telling how far it is. What does not arrive is sent again from where the server
 * is, so that nothing is lost and nothing comes twice.
 */
export async function sendFile(
  calls: Calls, place: ImportPlace, file: Blob, isDry: boolean, isStopped: () => boolean, show: (state: ImportState) => void,
): Promise<void> {
  let now: ImportState = { isDry, isRunning: true, inBytes: true, done: 0, total: file.size, counts: { created: 0, exists: 0, refused: 0, ready: 0 }, columns: null, lines: [], fault: "" };
  let id: string | null = null, shift = 0, failures = 0;
  show(now);
  while (now.done < file.size && !isStopped()) {
    const piece = await linesFrom(file, now.done);
    const next = now.done + piece.size;
    try {
      const resumed: LinesPlace["resumed"] = id === null ? null : { id, offset: now.done };
      const { outcomes, end }: LinesReply = await calls.lines({ ...place, dry: isDry, more: next < file.size, resumed }, piece);
      now = { ...now, done: next, counts: isDry ? sum(now.counts, end) : end, lines: kept(now.lines, outcomes, shift) };
      // A dry run leaves nothing that goes on, so each piece of it counts its lines anew.
      if (isDry) shift += end.lines;
      else id = end.import;
      failures = 0;
      show(now);
    } catch (error) {
      failures += 1;
      if (!(error instanceof ApiError && (error.status === 0 || error.status >= 500)) || failures >= TRIES) {
        now = { ...now, fault: words(error) };
        break;
      }
      await new Promise((done) => setTimeout(done, WAIT * failures));
      if (id !== null) now = { ...now, done: await calls.imported(id).then(({ bytes }) => bytes, () => now.done) };
    }
  }
  show({ ...now, isRunning: false });
}

function sum(one: ImportState["counts"], other: ImportState["counts"]): ImportState["counts"] {
  return { created: one.created + other.created, exists: one.exists + other.exists, refused: one.refused + other.refused, ready: one.ready + other.ready };
}

/** All that was refused, as far as it is shown, and the first of the others. */
function kept(before: readonly ImportedLine[], outcomes: readonly ImportedLine[], shift: number): readonly ImportedLine[] {
  const moved = outcomes.map((line) => ({ ...line, line: line.line + shift }));
  const refused = moved.filter(({ outcome }) => outcome === "refused"), others = moved.filter(({ outcome }) => outcome !== "refused");
  return [...before, ...refused.slice(0, KEPT), ...others.slice(0, Math.max(0, KEPT - before.length))].slice(0, 2 * KEPT);
}
