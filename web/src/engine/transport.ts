import type { DraftCollections, Step } from "../model/document.js";
import type { Mark } from "../model/history.js";
import type { JsonObject } from "../model/json.js";
import type { Issue } from "../model/checks.js";

/** The engine's view of the network. What implements it is chosen by the page. */
export interface Transport {
  send(request: SendRequest): Promise<SendReply>;
  /** The draft as the server has it now. */
  load(): Promise<ServerDraft>;
  heartbeat(lease: string): Promise<void>;
  /** Takes the work anew; null when somebody else holds it. */
  claim(): Promise<{ readonly lease: string; readonly draft: ServerDraft } | null>;
  /** Gives the work back to the queue; what was drawn stays with it. */
  release(lease: string): Promise<void>;
  /** Hands the work in, or with a verdict sends it back. */
  submit(request: { readonly lease: string; readonly submission: string; readonly revision: number; readonly verdict?: "rejected" }): Promise<void>;
}

/** A step with what it was to its writer, so that undo goes on wherever the work is opened next. */
export interface SentStep extends Step {
  readonly mark: Mark;
}

export interface SendRequest {
  readonly lease: string;
  readonly writer: string;
  readonly steps: readonly SentStep[];
  readonly after: number;
}

export interface LoggedStep extends Step {
  readonly revision: number;
  readonly writer: string;
  /** What the step was to its writer; absent where the server does not know. */
  readonly mark?: Mark;
  /** Whether this person made it, on whatever machine. */
  readonly own?: boolean;
}

export interface SendReply {
  readonly revision: number;
  readonly acknowledged: readonly string[];
  readonly missed: readonly LoggedStep[];
  readonly conflict: { readonly step: string; readonly collection: string; readonly key: string; readonly current: JsonObject | null } | null;
}

export interface ServerDraft {
  readonly revision: number;
  readonly collections: DraftCollections;
  readonly history: readonly LoggedStep[];
}

/**
 * Why a call failed, by what has to happen next: wait for the network or for the server, sign in, take the work anew, leave out what was
 * sent, or tell the person.
 */
export type FailureKind = "offline" | "unavailable" | "signed-out" | "lease-lost" | "invalid" | "refused";

export class TransportError extends Error {
  readonly kind: FailureKind;
  readonly issues: readonly Issue[];

  constructor(kind: FailureKind, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.kind = kind;
    this.issues = issues;
  }
}
