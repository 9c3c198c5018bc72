import type { DraftCollections, Step } from "../model/document.js";
import type { Mark } from "../model/history.js";
import type { JsonObject } from "../model/json.js";

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
}

/** The password was right, and a code of the person's phone is to follow. */
export interface CodeNeeded {
  readonly second_factor: { readonly challenge: string; readonly expires_at: string };
}

export type SignIn = Session | CodeNeeded;

export interface Session {
  readonly user: User;
  readonly csrf: string;
  /** Where pages may come from that stand in instructions. */
  readonly instruction_frames: readonly string[];
}

export interface Summary {
  readonly continue: { readonly kind: string; readonly project: string | null; readonly type: string; readonly reason: string } | null;
  readonly today: { readonly submitted: number };
  readonly queue: { readonly waiting: number };
}

export interface Lease {
  readonly token: string;
  readonly expires_at: string;
}

/** A large picture in tiles: levels that halve, the smallest first. `url` has `{level}`, `{column}` and `{row}` in it. */
export interface AttachmentTiles {
  readonly url: string;
  readonly tile: number;
  readonly overlap: number;
  readonly levels: readonly { readonly width: number; readonly height: number; readonly columns: number; readonly rows: number }[];
}

export interface WorkAttachment {
  readonly path: string;
  readonly url: string;
  readonly thumbnail: string | null;
  readonly mime_type: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly size: number;
  /** Null for pictures that are small enough to be loaded whole. */
  readonly tiles: AttachmentTiles | null;
}

export interface LoggedStep extends Step {
  readonly revision: number;
  readonly writer: string;
  readonly mark?: Mark;
  /** Whether the person who asks made it. */
  readonly own?: boolean;
}

/** A piece of work as its holder gets it. */
export interface Work {
  readonly id: string;
  readonly task: string;
  readonly type: string;
  readonly editor: string;
  readonly kind: string;
  readonly attempt: number;
  readonly project: string | null;
  readonly instruction: string | null;
  readonly lease: Lease;
  readonly params: JsonObject;
  /** The rules in the form the editor reads, where the task's own type states them in an older form. */
  readonly editor_params?: JsonObject | null;
  readonly attachments: readonly WorkAttachment[];
  readonly draft: { readonly revision: number; readonly collections: DraftCollections };
  readonly history?: readonly LoggedStep[];
}

export interface Upcoming {
  readonly task: string;
  readonly type: string;
  readonly attachments: readonly WorkAttachment[];
}

export interface StepsReply {
  readonly revision: number;
  readonly acknowledged: readonly string[];
  readonly missed: readonly LoggedStep[];
  readonly conflict: { readonly step: string; readonly collection: string; readonly key: string; readonly current: JsonObject | null } | null;
}
