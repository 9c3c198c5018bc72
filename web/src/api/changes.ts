/** Something that happened in the account. */
export interface Change {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly actor: string;
}

/** One change, or null for so many that all that is shown should be read again. */
export type Listener = (change: Change | null) => void;

const listeners = new Set<Listener>();
/** What was told lately: the server reads the last seconds again and may tell a change twice. */
const told = new Set<string>();
const REMEMBERED = 5_000;
let source: EventSource | null = null;

/** Hears what happens, over one connection however many listen. Returns how to stop. */
export function watch(listener: Listener): () => void {
  listeners.add(listener);
  source ??= open();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    source?.close();
    source = null;
  };
}

function open(): EventSource {
  const opened = new EventSource("/api/events/stream");
  opened.addEventListener("change", ({ data }: MessageEvent<string>) => {
    const change = JSON.parse(data) as Change;
    if (told.has(change.id)) return;
    if (told.size >= REMEMBERED) told.clear();
    told.add(change.id);
    for (const listener of [...listeners]) listener(change);
  });
  opened.addEventListener("many", () => { for (const listener of [...listeners]) listener(null); });
  // The browser comes back by itself after the server has ended a connection, but not after an answer that refuses it.
  opened.onerror = () => {
    if (opened.readyState !== EventSource.CLOSED) return;
    setTimeout(() => { if (source === opened) source = listeners.size > 0 ? open() : null; }, 15_000);
  };
  return opened;
}
