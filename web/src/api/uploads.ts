import { ApiError, type Api } from "./client.js";
import type { StoredFile } from "./imports.js";

/** Files beyond this many bytes are sent in pieces of it, so that a line that breaks costs one piece. */
const PIECE = 8 << 20;
/** Milliseconds until the first new try after the line broke; then twice as long each time, at most `LONGEST`. */
const PAUSE = 500, LONGEST = 20_000;
/** After how many tries in a row that moved nothing it is given up. */
const TRIES = 12;
/** Milliseconds between two looks whether the server has joined the pieces. */
const LOOK = 400;
const PROTOCOL = { "Tus-Resumable": "1.0.0" };
const KEPT = "vernier.uploads";

interface UploadReply {
  readonly state: "open" | "joining" | "done" | "failed";
  readonly error: string | null;
  readonly file: StoredFile | null;
}

export function isLarge(file: Blob): boolean {
  return file.size > PIECE;
}

/**
 * Sends a file in pieces by the tus protocol. Where the line breaks it goes on from what the server has, and a file that is
 * chosen again after the page was closed goes on likewise.
 */
export async function sendInPieces(api: Api, file: File, details: { readonly [name: string]: string }, onProgress: (share: number) => void, signal: AbortSignal): Promise<StoredFile> {
  const mark = markOf(file, details);
  let address = places()[mark] ?? null, failures = 0;
  for (;;) {
    let before = -1;
    try {
      let offset = address === null ? null : await offsetOf(api, address, signal);
      if (address === null || offset === null) {
        address = await begin(api, file, details, signal);
        keep(mark, address);
        offset = 0;
      }
      before = offset;
      while (offset < file.size) {
        const at: number = offset;
        const piece = file.slice(at, at + PIECE);
        const sent = await api.transfer("PATCH", address, { ...PROTOCOL, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" }, piece,
          (loaded) => onProgress(Math.min(1, (at + loaded) / file.size)), signal);
        offset = Number(sent.head("Upload-Offset"));
        if (!(offset > at)) throw new ApiError(0, "Something on the way answers in the server's place.");
        failures = 0;
      }
      const stored = await joined(api, address, signal);
      keep(mark, null);
      return stored;
    } catch (error) {
      // Refusals stay refusals; what may be a matter of the line or of a busy server is tried again from where it stands.
      const status = error instanceof ApiError ? error.status : -1;
      const isPassing = status === 0 || status === 409 || status >= 500;
      if (signal.aborted || !isPassing || ++failures > TRIES) {
        if (!isPassing) keep(mark, null);
        throw error;
      }
      if (before >= 0 || status === 0) await pause(Math.min(LONGEST, PAUSE * 2 ** (failures - 1)), signal);
    }
  }
}

async function begin(api: Api, file: File, details: { readonly [name: string]: string }, signal: AbortSignal): Promise<string> {
  const metadata = Object.entries({ filename: file.name, ...details }).map(([name, value]) => `${name} ${base64(value)}`).join(",");
  const { head } = await api.transfer("POST", "/api/uploads", { ...PROTOCOL, "Upload-Length": String(file.size), "Upload-Metadata": metadata }, null, () => undefined, signal);
  const address = head("Location");
  if (address === null) throw new ApiError(0, "Something on the way answers in the server's place.");
  return address;
}

/** How many bytes the server has of an upload; null if it does not know it any more. */
async function offsetOf(api: Api, address: string, signal: AbortSignal): Promise<number | null> {
  try {
    return Number((await api.transfer("HEAD", address, PROTOCOL, null, () => undefined, signal)).head("Upload-Offset"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Waits until the server has made a file of the pieces. */
async function joined(api: Api, address: string, signal: AbortSignal): Promise<StoredFile> {
  for (;;) {
    const reply = await api.call<UploadReply>("GET", address);
    if (reply.file !== null) return reply.file;
    if (reply.state === "failed") throw new ApiError(400, reply.error ?? "The server could not take the file.");
    await pause(LOOK, signal);
  }
}

/** Waits some time, or until the machine finds its line again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(new ApiError(0, "Given up."));
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}

/** What tells a file from others, as far as a page can see. */
function markOf(file: File, details: { readonly [name: string]: string }): string {
  return JSON.stringify([file.name, file.size, file.lastModified, details]);
}

/** The addresses of uploads that are not whole, by what marks their files. */
function places(): { readonly [mark: string]: string } {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as { readonly [mark: string]: string };
  } catch {
    return {};
  }
}

function keep(mark: string, address: string | null): void {
  const { [mark]: _, ...others } = places();
  try {
    localStorage.setItem(KEPT, JSON.stringify(address === null ? others : { ...others, [mark]: address }));
  } catch {
    // Without room to remember, a closed page begins anew; nothing else is lost.
  }
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
