import type { Api } from "./client.js";
import type { Session, SignIn } from "./types.js";

export const ROLES = ["admin", "manager", "member", "labeler"] as const;
export type Role = (typeof ROLES)[number];

export const FUNCTIONS = ["both", "attempter", "reviewer"] as const;
/** What a labeler does: draw, review, or both. */
export type Function = (typeof FUNCTIONS)[number];

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Of labelers only. */
  readonly function?: Function;
  readonly second_factor: boolean;
  readonly state: "active" | "invited" | "disabled";
  readonly created_at: string;
  readonly invited_until?: string;
}

export interface Invitation {
  readonly email: string;
  readonly account: string;
  readonly role: Role;
  readonly known: boolean;
}

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly mode: "live" | "test";
  readonly scope: "full" | "tasks" | "read";
  readonly hint: string;
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
  /** Where it may be used from; anywhere, if empty. */
  readonly networks: readonly string[];
}

export interface OwnSession {
  readonly id: string;
  readonly agent: string;
  readonly remote: string;
  readonly created_at: string;
  readonly seen_at: string;
  readonly current: boolean;
}

export interface SecondFactor {
  readonly enabled: boolean;
  readonly recovery_codes_left: number;
}

export interface NewKey {
  readonly name: string;
  readonly mode: Key["mode"];
  readonly scope: Key["scope"];
  readonly expires_in_days?: number;
  readonly networks?: readonly string[];
}

/** What admins and managers do with people and keys, and everybody with their own entry. */
export function peopleOf(api: Api) {
  return {
    people: async () => (await api.call<{ people: readonly Person[] }>("GET", "/api/people")).people,
    invite: (email: string, role: Role, work?: Function) => api.call<{ person: Person; path: string; mailed: boolean }>("POST", "/api/people", { email, role, ...(work === undefined ? {} : { function: work }) }),
    change: (id: string, change: { role?: Role; function?: Function; active?: boolean }) => api.call<Person>("PATCH", `/api/people/${encodeURIComponent(id)}`, change),
    resetSecondFactor: (id: string) => api.call<Person>("DELETE", `/api/people/${encodeURIComponent(id)}/second-factor`),
    keys: async () => (await api.call<{ keys: readonly Key[] }>("GET", "/api/keys")).keys,
    makeKey: (key: NewKey) => api.call<Key & { key: string }>("POST", "/api/keys", key),
    setNetworks: (id: string, networks: readonly string[]) => api.call<Key>("PATCH", `/api/keys/${encodeURIComponent(id)}`, { networks }),
    revokeKey: (id: string) => api.call<object>("DELETE", `/api/keys/${encodeURIComponent(id)}`),
    sessions: async () => (await api.call<{ sessions: readonly OwnSession[] }>("GET", "/api/profile/sessions")).sessions,
    endSession: (id: string) => api.call<object>("DELETE", `/api/profile/sessions/${encodeURIComponent(id)}`),
    endOthers: async () => (await api.call<{ ended: number }>("DELETE", "/api/profile/sessions")).ended,
    rename: (name: string) => api.call<object>("PATCH", "/api/profile", { name }),
    secondFactor: () => api.call<SecondFactor>("GET", "/api/profile/second-factor"),
    beginSecondFactor: (password: string) => api.call<{ secret: string; uri: string }>("POST", "/api/profile/second-factor", { password }),
    confirmSecondFactor: async (code: string) => (await api.call<{ recovery_codes: readonly string[] }>("POST", "/api/profile/second-factor/confirm", { code })).recovery_codes,
    removeSecondFactor: (password: string, code: string) => api.call<object>("POST", "/api/profile/second-factor/remove", { password, code }),
    changePassword: (present: string, password: string) => api.call<object>("POST", "/api/profile/password", { present, password }),
  };
}

/** What somebody with a link can do who is not signed in yet. */
export function invitationOf(api: Api, token: string) {
  return {
    look: () => api.call<Invitation>("POST", "/api/invitations/look", { token }, "session"),
    accept: async (name: string, password: string): Promise<SignIn> => api.begun(await api.call<SignIn>("POST", "/api/invitations/accept", { token, name, password }, "session")),
  };
}

/** Makes the first admin of a new server and signs them in. */
export async function firstAdmin(api: Api, who: { token: string; email: string; name: string; password: string }): Promise<Session> {
  return api.begin(await api.call<Session>("POST", "/api/first-admin", who, "session"));
}
