import type { WorkAttachment } from "../../api/types.js";
import { Editor } from "../../engine/Editor.js";
import { MemoryJournal } from "../../engine/journal.js";
import { LookTool } from "../../engine/LookTool.js";
import type { Tool } from "../../engine/Tool.js";
import { TransportError, type Transport } from "../../engine/transport.js";
import type { DraftCollections } from "../../model/document.js";
import { isObject, type JsonObject } from "../../model/json.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { fallbackShape, shapes } from "../../shapes/index.js";

/** What is needed to show labels on a picture. */
export interface Labels {
  readonly task: string;
  readonly params: JsonObject;
  /** The rules in the form the editor reads, where the task's own type states them in an older form. */
  readonly editorParams: JsonObject | null;
  readonly attachment: WorkAttachment;
  readonly collections: DraftCollections;
}

const CLOSED = "This is shown only; nothing can be changed here.";

/** Nothing is sent from a view; a call would be a slip. */
const NOWHERE: Transport = {
  send: never, load: never, claim: async () => null, heartbeat: async () => undefined, release: never, submit: never,
};

async function never(): Promise<never> {
  throw new TransportError("refused", CLOSED);
}

/** The real editor on labels that nobody changes. */
export function openView({ task, params, editorParams, attachment: { width, height }, collections }: Labels): Promise<Editor> {
  return Editor.open({
    transport: NOWHERE, journal: new MemoryJournal(true), schedule: () => () => undefined, work: task, user: "", lease: "",
    draft: { revision: 0, collections, history: [] }, taxonomy: readTaxonomy(editorParams ?? params, { isLegacy: isObject(editorParams ?? undefined) }),
    picture: { width: width ?? 1, height: height ?? 1 }, shapes, fallback: fallbackShape, tools: [LookTool as Tool], closed: CLOSED,
  });
}
