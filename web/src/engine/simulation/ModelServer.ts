import { apply, collectionsOf, documentFrom, objectAt, overwrite, type Document, type Operation } from "../../model/document.js";
import { sameJson } from "../../model/json.js";
import { TransportError, type LoggedStep, type SendReply, type SendRequest, type ServerDraft } from "../transport.js";

/** How much of the log a claim shows, far less than the real server's 200 so that short runs reach beyond it. */
const HISTORY = 3;
/** Objects with this member are refused as invalid. */
export const POISON = "poison";

/** The documented rules of the server for one piece of work: leases, ids that count once, steps that fit or conflict, steps missed. */
export class ModelServer {
  readonly start: Document = documentFrom({ annotations: { a: { v: "start" }, b: { v: "start" } } });
  document = this.start;
  log: LoggedStep[] = [];
  #lease: { readonly token: string; readonly user: string } | null = null;
  #tokens = 0;
  /** Whether leases count; without them both write at once, and only ids and what a step expects keep order. */
  readonly leased: boolean;

  constructor(leased: boolean) {
    this.leased = leased;
  }

  /** Takes the work, from oneself too; null where another person holds it. */
  claim(user: string): { readonly lease: string; readonly draft: ServerDraft } | null {
    if (this.leased && this.#lease !== null && this.#lease.user !== user) return null;
    this.#lease = { token: `lease ${++this.#tokens}`, user };
    return { lease: this.#lease.token, draft: this.draft() };
  }

  expire(): void { this.#lease = null; }

  draft(): ServerDraft {
    return { revision: this.log.length, collections: collectionsOf(this.document), history: this.log.slice(-HISTORY) };
  }

  load(user: string): ServerDraft {
    if (this.leased && this.#lease?.user !== user) throw new TransportError("lease-lost", "You hold no such work item.");
    return this.draft();
  }

  heartbeat(lease: string): void {
    if (this.leased && this.#lease?.token !== lease) throw new TransportError("lease-lost", "This work item is no longer yours.");
  }

  send({ lease, writer, steps, after }: SendRequest): SendReply {
    this.heartbeat(lease);
    if (steps.some(({ operations }) => operations.some(poisoned))) throw new TransportError("invalid", "An object is not as it must be.");
    const sent = new Set(steps.map(({ id }) => id));
    const acknowledged: string[] = [];
    let conflict: SendReply["conflict"] = null;
    for (const step of [...steps].sort((a, b) => a.sequence - b.sequence)) {
      if (!this.knows(step.id)) {
        const wrong = this.misfit(step.operations);
        if (wrong !== null) {
          conflict = { step: step.id, collection: wrong.collection, key: wrong.key, current: objectAt(this.document, wrong.collection, wrong.key) };
          break;
        }
        this.document = overwrite(this.document, step.operations);
        this.log.push({ ...step, writer, revision: this.log.length + 1 });
      }
      acknowledged.push(step.id);
    }
    return { revision: this.log.length, acknowledged, missed: this.log.slice(after).filter(({ id }) => !sent.has(id)), conflict };
  }

  knows(id: string): boolean { return this.log.some((step) => step.id === id); }

  misfit(operations: readonly Operation[]): Operation | null {
    if (apply(this.document, operations) !== null) return null;
    return operations.find(({ collection, key, before }) => !sameJson(objectAt(this.document, collection, key), before)) ?? operations[0];
  }
}

export function poisoned({ after }: Operation): boolean {
  return after !== null && POISON in after;
}
