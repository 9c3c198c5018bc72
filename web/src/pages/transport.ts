import { auditsOf, type VerdictBody } from "../api/audits.js";
import { ApiError, type Api } from "../api/client.js";
import { reviewsOf } from "../api/reviews.js";
import type { Work } from "../api/types.js";
import type { ReviewCalls } from "../engine/Review.js";
import { TransportError, type FailureKind, type ServerDraft, type Transport } from "../engine/transport.js";

export function draftOf(work: Work): ServerDraft {
  return { ...work.draft, history: work.history ?? [] };
}

/** Lets an editor work on one piece of work through the server's interface; an audit is handed in with its verdict. */
export function transportFor(api: Api, id: string, audit: { readonly current: VerdictBody | null } | null = null): Transport {
  return {
    send: (request) => translated(api.steps(id, request)),
    load: async () => draftOf(await translated(api.work(id), heldKindOf)),
    heartbeat: async (lease) => void (await translated(api.heartbeat(id, lease))),
    claim: async () => {
      const work = await translated(api.claim(id));
      return work === null || work.id !== id ? null : { lease: work.lease.token, draft: draftOf(work) };
    },
    release: (lease) => translated(api.release(id, lease)),
    submit: ({ verdict, ...request }) => translated(audit !== null ? auditsOf(api).decide(id, { ...request, ...(audit.current ?? { result: "accepted" }) }) : verdict === undefined ? api.submit(id, request) : reviewsOf(api).verdict(id, { ...request, verdict })),
  };
}

/** What the page of a review asks for one piece of work. */
export function reviewCallsFor(api: Api, id: string): ReviewCalls {
  const calls = reviewsOf(api);
  return {
    record: () => translated(calls.held(id)),
    version: (version) => translated(calls.version(id, version)),
    comment: (lease, comment) => translated(calls.comment(id, { lease, ...comment })),
    resolve: (lease, thread, resolved) => translated(calls.resolve(id, thread, { lease, resolved })),
  };
}

/** Failures of the interface in the words of the engine. */
export async function translated<T>(call: Promise<T>, kinds = kindOf): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new TransportError(kinds(error.status), error.message, error.issues);
  }
}

/** Busy and failing servers are waited for like a missing network: the steps are safe meanwhile. */
function kindOf(status: number): FailureKind {
  if (status === 0) return "offline";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "unavailable";
  if (status === 401) return "signed-out";
  if (status === 409) return "lease-lost";
  if (status === 400 || status === 413 || status === 422) return "invalid";
  return "refused";
}

/** Work that is held by nobody or by somebody else is not found. */
function heldKindOf(status: number): FailureKind {
  return status === 404 ? "lease-lost" : kindOf(status);
}
