import type { Api } from "./client.js";

export interface Hours {
  /** The day, of UTC, as in 2026-11-22. */
  readonly day: string;
  readonly person: { readonly id: string; readonly name: string; readonly email: string };
  readonly project: string | null;
  readonly seconds: number;
  readonly items: number;
}

export type OwnHours = Omit<Hours, "person">;

export interface Verdicts {
  readonly sample: number;
  readonly accepted: number;
  readonly fixed: number;
  readonly rejected: number;
}

export interface Statistics {
  readonly person: { readonly id: string; readonly name: string; readonly email: string; readonly role: string };
  readonly seconds: number;
  readonly done: number;
  readonly time: { readonly median_seconds: number | null; readonly sample: number };
  readonly reviews: Verdicts;
  readonly given: Verdicts;
}

export interface OwnWork {
  readonly work: string;
  readonly kind: string;
  readonly type: string;
  readonly project: string | null;
  readonly submitted_at: string;
  readonly seconds: number | null;
  readonly status: string;
  readonly verdict: "accepted" | "fixed" | "rejected" | null;
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

function query(parts: { readonly [name: string]: string | undefined }): string {
  const given = Object.entries(parts).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** When people work and how well. */
export function staffOf(api: Api) {
  const at = encodeURIComponent;
  return {
    hours: (days: Days, project: string, cursor?: string) => api.call<{ hours: readonly Hours[]; next?: string }>("GET", `/api/hours${query({ ...days, project, cursor, limit: "1000" })}`),
    statistics: (days: Days, project: string, cursor?: string) => api.call<{ people: readonly Statistics[]; next?: string }>("GET", `/api/statistics${query({ ...days, project, cursor })}`),
    history: (cursor?: string) => api.call<{ history: readonly OwnWork[]; next?: string }>("GET", `/api/work/history${query({ cursor })}`),
    ownHours: async () => (await api.call<{ hours: readonly OwnHours[] }>("GET", "/api/work/hours")).hours,
    /** Tells at which moments, in seconds before now, somebody was at work. */
    activity: (work: string, beats: readonly number[]) => api.call<{ counted: number }>("POST", `/api/work/${at(work)}/activity`, { beats }),
  };
}

/** Seconds as hours and minutes, such as 1 h 05 min, 12 min or 40 s. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** The days from so many days ago to today, of UTC as the server counts them. */
export function lastDays(count: number, now = new Date()): Days {
  const day = (back: number) => new Date(now.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  return { from: day(count - 1), to: day(0) };
}
