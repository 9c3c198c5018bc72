import { useEffect } from "react";
import type { Api } from "../api/client.js";
import { staffOf } from "../api/staff.js";

/** Milliseconds between two moments that are told, and between two tellings. */
const BEAT = 10_000;
const TELL = 60_000;
/** No more are kept while the server cannot be reached. */
const MOST = 720;

/** Collects moments of input: one for every ten seconds is enough, since the server only looks for long pauses. */
export class Beats {
  readonly #beats: number[] = [];

  /** Notes a moment of input, in milliseconds of any clock that does not jump. */
  note(now: number): void {
    if (now - (this.#beats[this.#beats.length - 1] ?? -BEAT) < BEAT) return;
    this.#beats.push(now);
    if (this.#beats.length > MOST) this.#beats.shift();
  }

  /** The moments in seconds before now; they are told once, unless `keep` puts them back. */
  take(now: number): { readonly ages: readonly number[]; readonly keep: () => void } {
    const taken = this.#beats.splice(0);
    return {
      ages: taken.map((beat) => Math.max(0, Math.round((now - beat) / 100) / 10)),
      keep: () => { this.#beats.unshift(...taken.slice(-(MOST - this.#beats.length))); },
    };
  }
}

/** Tells the server, while a piece of work is open, when the person was at it. That it cannot be told disturbs nobody. */
export function useActivity(api: Api, work: string | null): void {
  useEffect(() => {
    if (work === null) return undefined;
    const calls = staffOf(api), beats = new Beats();
    const note = () => beats.note(performance.now());
    const tell = async () => {
      const { ages, keep } = beats.take(performance.now());
      if (ages.length > 0) await calls.activity(work, ages).catch(keep);
    };
    const hide = () => { if (document.visibilityState === "hidden") void tell(); };
    const kinds = ["pointerdown", "pointermove", "wheel", "keydown"] as const;
    for (const kind of kinds) window.addEventListener(kind, note, { capture: true, passive: true });
    document.addEventListener("visibilitychange", hide);
    const timer = setInterval(() => void tell(), TELL);
    api.beforeLeaving = (id) => (id === work ? tell() : Promise.resolve());
    note();
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note, { capture: true });
      document.removeEventListener("visibilitychange", hide);
      clearInterval(timer);
      api.beforeLeaving = () => Promise.resolve();
      void tell();
    };
  }, [api, work]);
}
