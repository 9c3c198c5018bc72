import type { PictureSize, Issue } from "../model/checks.js";
import type { Document } from "../model/document.js";
import type { Taxonomy } from "../model/taxonomy.js";
import type { Clipboard } from "./clipboard.js";
import type { DisplayMap, Memory } from "./display.js";
import type { Items } from "./items.js";
import type { Journal } from "./journal.js";
import type { Schedule, SyncState } from "./Sender.js";
import type { Shape, ShapeSet } from "./Shape.js";
import type { Tool } from "./Tool.js";
import type { ServerDraft, Transport } from "./transport.js";

export interface EditorSetup {
  readonly transport: Transport;
  readonly journal: Journal;
  readonly schedule: Schedule;
  readonly work: string;
  readonly user: string;
  readonly lease: string;
  readonly draft: ServerDraft;
  readonly taxonomy: Taxonomy;
  readonly picture: PictureSize;
  readonly shapes: ShapeSet;
  /** Draws what none of the shapes can read. */
  readonly fallback: Shape;
  /** The first one is the tool to return to. */
  readonly tools: readonly Tool[];
  /** Keeps what was copied beyond this piece of work. */
  readonly clipboard?: Clipboard;
  /** Where this browser keeps which objects the person has hidden and locked. */
  readonly memory?: Memory;
  /** Why nothing may be changed, as a sentence; absent where the work is open. */
  readonly closed?: string;
}

/** Something to tell the person; `count` makes the same words twice two notices. */
export interface Notice {
  readonly text: string;
  readonly count: number;
}

/** What panels show. Replaced as a whole on every change. */
export interface EditorState {
  readonly document: Document;
  readonly items: Items;
  /** The items that are not hidden: what is painted and what the pointer finds. */
  readonly shown: Items;
  /** The chosen objects in the order they were chosen; the last one is the primary. */
  readonly selection: readonly string[];
  /** What this person has hidden and locked. */
  readonly display: DisplayMap;
  readonly tool: string;
  /** The label that the next shape gets. */
  readonly label: string | null;
  readonly sync: SyncState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly notice: Notice | null;
  /** What the last submission was refused for. */
  readonly serverIssues: readonly Issue[];
}
