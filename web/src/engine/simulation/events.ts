import type { Journal, JournalEntry, MemoryJournal } from "../journal.js";
import { TransportError, type SendRequest, type Transport } from "../transport.js";
import type { ModelServer } from "./ModelServer.js";

/** Something that is under way and happens when the run picks it. */
export interface Happening {
  readonly tab: object;
  /** Writes to the journal happen in their order; everything else in any. */
  readonly ordered: boolean;
  happen(): void;
  /** What still comes to pass although the tab is dead: a write that was under way, a request that is on the line. */
  readonly survives: boolean;
}

export type Fault = "none" | "request lost" | "reply lost" | "late" | "twice" | "signed out" | "server in trouble";
export const FAULTS: readonly Fault[] = ["request lost", "reply lost", "late", "twice", "signed out", "server in trouble"];

/** What is under way in a run. */
export class Happenings {
  list: Happening[] = [];
  readonly #dead = new WeakSet<object>();

  /** Returns how to call it off. */
  add(happening: Happening): () => void {
    this.list.push(happening);
    return () => { this.list = this.list.filter((one) => one !== happening); };
  }

  /** Lets one of those that may be next happen. */
  step(choose: (count: number) => number): boolean {
    const next = this.list.filter((one, i) => !one.ordered || !this.list.slice(0, i).some((other) => other.ordered && other.tab === one.tab));
    if (next.length === 0) return false;
    const one = next[choose(next.length)];
    this.list = this.list.filter((other) => other !== one);
    one.happen();
    return true;
  }

  /** Whether a tab may begin anything: a dead one does not. */
  lives(tab: object): boolean { return !this.#dead.has(tab); }

  /** The tab is gone at once: of its writes the first few are still carried out, and nobody hears of anything any more. */
  kill(tab: object, chance: () => number): void {
    this.#dead.add(tab);
    let writing = true;
    this.list = this.list.filter((one) => {
      if (one.tab !== tab) return true;
      if (one.ordered && writing && one.survives) {
        writing = chance() < 0.5;
        if (writing) one.happen();
        return false;
      }
      return one.survives && !one.ordered;
    });
  }
}

/** A tab's hold on the browser's journal, where each write takes its time. */
export function journalOf(tab: object, disk: MemoryJournal, happenings: Happenings, onKept: (entry: JournalEntry) => void): Journal {
  const slowly = <T>(work: () => Promise<T>): Promise<T> => new Promise((resolve, reject) => {
    if (happenings.lives(tab)) happenings.add({ tab, ordered: true, survives: true, happen: () => void work().then(resolve, reject) });
  });
  return {
    kept: true,
    open: (work, user, writer) => slowly(() => disk.open(work, user, writer)),
    append: (entry) => slowly(() => { onKept(entry); return disk.append(entry); }),
    remove: (ids) => slowly(() => disk.remove(ids)),
    rewrite: (changes) => slowly(() => disk.rewrite(changes)),
    pending: (work, user) => slowly(() => disk.pending(work, user)),
    close: (work, user) => slowly(() => disk.close(work, user)),
    discard: (work, user) => slowly(() => disk.discard(work, user)),
    waiting: (user) => disk.waiting(user),
  };
}

/** A tab's line to the server, where requests and replies take their time and may be lost, late or doubled. */
export function transportOf(tab: object, user: string, server: ModelServer, happenings: Happenings, fault: () => Fault): Transport {
  const call = <T>(work: () => T): Promise<T> => new Promise((resolve, reject) => {
    if (!happenings.lives(tab)) return;
    const add = (survives: boolean, happen: () => void) => happenings.add({ tab, ordered: false, survives, happen });
    const gone = () => reject(new TransportError("offline", "The server cannot be reached."));
    const kind = fault();
    const quietly = () => { try { work(); } catch { /* nobody hears of it */ } };
    add(kind !== "request lost", () => {
      if (kind === "request lost") return gone();
      if (kind === "signed out") return reject(new TransportError("signed-out", "Please sign in."));
      if (kind === "server in trouble") return reject(new TransportError("unavailable", "The disk is full."));
      if (kind === "late") {
        add(true, quietly);
        return gone();
      }
      if (kind === "twice") add(true, quietly);
      let answer: () => void;
      try {
        const result = work();
        answer = () => resolve(result);
      } catch (error) {
        answer = () => reject(error);
      }
      add(false, kind === "reply lost" ? gone : answer);
    });
  });
  return {
    send: (request: SendRequest) => call(() => server.send(request)),
    load: () => call(() => server.load(user)),
    heartbeat: (lease) => call(() => server.heartbeat(lease)),
    claim: () => call(() => server.claim(user)),
    release: () => Promise.reject(new Error("not part of this model")),
    submit: () => Promise.reject(new Error("not part of this model")),
  };
}
