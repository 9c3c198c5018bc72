import type { Issue } from "../model/checks.js";
import type { Step } from "../model/document.js";
import type { Mark } from "../model/history.js";
import type { Lease, Session, SignIn, StepsReply, Summary, Upcoming, Work } from "./types.js";

/** A call that did not succeed. `status` 0 means that no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.issues = issues;
  }
}

/** What was answered to bytes. */
export interface Transferred {
  readonly reply: unknown;
  readonly head: (name: string) => string | null;
}

/** Milliseconds that a call may take, and what it may take longer for each byte it sends: a slow line carries 20 kB a second. */
const PATIENCE = 30_000;
const PATIENCE_PER_BYTE = 0.05;

/** The server's interface for people. Remembers the token that changing calls must carry. */
export class Api {
  #csrf = "";
  #person = "";
  #claims: Promise<unknown> = Promise.resolve();
  /** Told when any call finds the session gone. */
  onSignedOut: () => void = () => undefined;
  /** What is to be told about a piece of work before it is given back, while it still is this person's. */
  beforeLeaving: (work: string) => Promise<void> = () => Promise.resolve();

  async session(): Promise<Session | null> {
    try {
      return this.#remember(await this.call<Session>("GET", "/api/session", undefined, "session"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  }

  async signIn(email: string, password: string): Promise<SignIn> {
    return this.begun(await this.call<SignIn>("POST", "/api/session", { email, password }, "session"));
  }

  /** Finishes a sign-in with a code of the person's phone. */
  async giveCode(challenge: string, code: string): Promise<Session> {
    return this.#remember(await this.call<Session>("POST", "/api/session/second-factor", { challenge, code }, "session"));
  }

  async signOut(): Promise<void> {
    await this.call("DELETE", "/api/session");
    this.#csrf = "";
  }

  summary(): Promise<Summary> {
    return this.call("GET", "/api/work/summary");
  }

  /** Claims go one after the other: each takes the place of the one before, and so the last answer is the one that holds. */
  claim(work?: string): Promise<Work | null> {
    const claimed = this.#claims.then(() => this.call<{ work: Work | null }>("POST", "/api/work/claim", work === undefined ? {} : { work })).then((reply) => reply.work);
    this.#claims = claimed.catch(() => undefined);
    return claimed;
  }

  async work(id: string): Promise<Work> {
    return (await this.call<{ work: Work }>("GET", `/api/work/${encodeURIComponent(id)}`)).work;
  }

  async heartbeat(id: string, lease: string): Promise<Lease> {
    return (await this.call<{ lease: Lease }>("POST", `/api/work/${encodeURIComponent(id)}/heartbeat`, { lease })).lease;
  }

  async release(id: string, lease: string): Promise<void> {
    await this.beforeLeaving(id);
    await this.call("POST", `/api/work/${encodeURIComponent(id)}/release`, { lease });
  }

  /** Passes the work on to somebody else. */
  async skip(id: string, lease: string, reason: string): Promise<void> {
    await this.beforeLeaving(id);
    await this.call("POST", `/api/work/${encodeURIComponent(id)}/skip`, { lease, reason });
  }

  /** Tells the people who run the project that something is wrong with the data. */
  async report(id: string, lease: string, kind: string, message: string): Promise<void> {
    await this.call("POST", `/api/work/${encodeURIComponent(id)}/report`, { lease, kind, message });
  }

  /** What this person would most likely get next, without holding it. */
  async upcoming(count: number): Promise<readonly Upcoming[]> {
    return (await this.call<{ work: readonly Upcoming[] }>("GET", `/api/work/upcoming?count=${count}`)).work;
  }

  steps(id: string, body: { lease: string; writer: string; steps: readonly (Step & { readonly mark: Mark })[]; after: number }): Promise<StepsReply> {
    return this.call("POST", `/api/work/${encodeURIComponent(id)}/steps`, body);
  }

  async submit(id: string, body: { lease: string; submission: string; revision: number }): Promise<void> {
    await this.call("POST", `/api/work/${encodeURIComponent(id)}/submit`, body);
  }

  #remember(session: Session): Session {
    this.#csrf = session.csrf;
    this.#person = session.user.id;
    return session;
  }

  /** Signs in with the session that a reply has begun. */
  begin(session: Session): Session {
    return this.#remember(session);
  }

  /** The same of a reply that may ask for a code first. */
  begun(reply: SignIn): SignIn {
    return "user" in reply ? this.#remember(reply) : reply;
  }

  /** Who is signed in in this browser now. Takes over the session that the same person has begun in another tab meanwhile. */
  async #whoNow(): Promise<"as before" | "renewed" | "somebody else"> {
    const csrf = this.#csrf;
    const session = await this.call<Session>("GET", "/api/session", undefined, "session");
    if (session.user.id !== this.#person) return "somebody else";
    return this.#remember(session).csrf === csrf ? "as before" : "renewed";
  }

  /** Sends a form with files, and tells what share is sent; `signal` gives up. */
  async upload<T>(path: string, form: FormData, onProgress: (share: number) => void, signal: AbortSignal): Promise<T> {
    const { reply } = await this.transfer("POST", path, {}, form, (loaded, total) => onProgress(total === 0 ? 0 : loaded / total), signal);
    return reply as T;
  }

  /** Sends any bytes. Waits for as long as something moves, and tells how many are sent; `signal` gives up. */
  transfer(method: string, path: string, head: { readonly [name: string]: string }, body: XMLHttpRequestBodyInit | null, onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<Transferred> {
    // Fetch does not tell how much of a body is sent.
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let timer = setTimeout(() => request.abort(), PATIENCE);
      const moved = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), PATIENCE);
      };
      request.open(method, path);
      request.setRequestHeader("Accept", "application/json");
      for (const [name, value] of Object.entries(head)) request.setRequestHeader(name, value);
      request.setRequestHeader("X-CSRF-Token", this.#csrf);
      request.upload.onprogress = ({ loaded, total }) => {
        moved();
        onProgress(loaded, total);
      };
      request.onloadend = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        const reply = parse(request.responseText);
        if (request.status >= 200 && request.status < 300 && reply !== null) resolve({ reply, head: (name) => request.getResponseHeader(name) });
        else if (request.status === 0) reject(new ApiError(0, signal.aborted ? "Given up." : "The server cannot be reached."));
        else {
          if (request.status === 401) this.onSignedOut();
          const error = (reply as { error?: unknown } | null)?.error;
          reject(new ApiError(request.status, typeof error === "string" ? error : `The server answered with status ${request.status}.`));
        }
      };
      const stop = () => request.abort();
      signal.addEventListener("abort", stop);
      request.send(body);
    });
  }

  /** Sends a piece of a file as it is; answers with the text that comes back. */
  async sendLines(path: string, lines: Blob): Promise<string> {
    let response: Response, text: string;
    try {
      response = await fetch(path, {
        method: "POST", credentials: "same-origin", cache: "no-store", body: lines,
        headers: { Accept: "application/x-ndjson", "Content-Type": "application/x-ndjson", "X-CSRF-Token": this.#csrf },
      });
      text = await response.text();
    } catch {
      throw new ApiError(0, "The server cannot be reached.");
    }
    if (response.ok) return text;
    if (response.status === 401) this.onSignedOut();
    const error = (parse(text) as { error?: unknown } | null)?.error;
    throw new ApiError(response.status, typeof error === "string" ? error : `The server answered with status ${response.status}.`);
  }

  async call<T>(method: string, path: string, body?: unknown, purpose: "session" | "work" = "work"): Promise<T> {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE + (content?.length ?? 0) * PATIENCE_PER_BYTE);
    let status: number, text: string;
    try {
      const response = await fetch(path, {
        method,
        credentials: "same-origin",
        cache: "no-store",
        signal: patience.signal,
        headers: {
          Accept: "application/json",
          ...(content === undefined ? {} : { "Content-Type": "application/json" }),
          ...(method === "GET" ? {} : { "X-CSRF-Token": this.#csrf }),
        },
        ...(content === undefined ? {} : { body: content }),
      });
      status = response.status;
      text = await response.text();
    } catch {
      throw new ApiError(0, "The server cannot be reached.");
    } finally {
      clearTimeout(timer);
    }
    const reply = parse(text);
    if (status >= 200 && status < 300) {
      // A page for signing in to a network, for example: this was not the server.
      if (reply === null) throw new ApiError(0, "Something on the way answers in the server's place.");
      return reply as T;
    }
    if (status === 403 && purpose === "work" && method !== "GET") {
      const who = await this.#whoNow();
      if (who === "renewed") return this.call(method, path, body, purpose);
      if (who === "somebody else") status = 401;
    }
    if (status === 401 && purpose === "work") this.onSignedOut();
    const { error, issues } = (typeof reply === "object" && reply !== null ? reply : {}) as { error?: unknown; issues?: unknown };
    throw new ApiError(status, typeof error === "string" ? error : `The server answered with status ${status}.`, Array.isArray(issues) ? issues as Issue[] : []);
  }
}

function parse(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page, for example; the status tells what is to be done.
    return null;
  }
}
