import type { Work } from "../../api/types.js";
import { MemoryJournal } from "../../engine/journal.js";
import { Editor } from "../../engine/Editor.js";
import type { SendRequest, Transport } from "../../engine/transport.js";
import type { DraftCollections } from "../../model/document.js";
import type { JsonObject } from "../../model/json.js";
import { readTaxonomy } from "../../model/taxonomy.js";
import { fallbackShape, shapes, tools } from "../../shapes/index.js";
import { pageClipboard } from "../../engine/clipboard.js";

/** A picture to try the taxonomy on. */
export interface PreviewPicture {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** A piece of work that only exists on this page: nothing of it is sent anywhere. */
export function previewWork(params: JsonObject, project: string, picture: PreviewPicture, collections: DraftCollections): Work {
  return {
    id: "preview", task: "preview", type: "imageannotation", editor: "image", kind: "label", attempt: 0, project, params,
    instruction: typeof params.instruction === "string" ? params.instruction : null,
    lease: { token: "preview", expires_at: "" },
    attachments: [{ path: "attachment", url: picture.url, thumbnail: null, mime_type: "image/png", width: picture.width, height: picture.height, size: 0, tiles: null }],
    draft: { revision: 0, collections },
  };
}

/** The real editor on such a piece of work. */
export function previewEditor(work: Work, user: string): Promise<Editor> {
  const [{ width, height }] = work.attachments;
  return Editor.open({
    transport: staying(), journal: new MemoryJournal(true), schedule: (run, milliseconds) => { const timer = setTimeout(run, milliseconds); return () => clearTimeout(timer); },
    work: work.id, user, lease: work.lease.token, draft: { ...work.draft, history: [] }, taxonomy: readTaxonomy(work.params),
    picture: { width: width ?? 1, height: height ?? 1 }, shapes, fallback: fallbackShape, tools, clipboard: pageClipboard(),
  });
}

/** Takes every step and sends none. */
function staying(): Transport {
  let revision = 0;
  return {
    send: async ({ steps }: SendRequest) => {
      revision += steps.length;
      return { revision, acknowledged: steps.map(({ id }) => id), missed: [], conflict: null };
    },
    load: async () => ({ revision, collections: {}, history: [] }),
    heartbeat: async () => undefined,
    claim: async () => null,
    release: async () => undefined,
    submit: async () => undefined,
  };
}
