import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskAttachment } from "../../api/tasks.js";
import { fileWords } from "./fileWords.js";

const FILE: TaskAttachment = { position: 0, path: "attachment", role: "primary", source_url: "https://example.com/a", state: "ready" };

test("a plain picture needs no words", () => {
  assert.deepEqual(fileWords({ ...FILE, mime_type: "image/jpeg", declared_type: "image/jpeg; q=1", facts: { orientation: 1, bits: 8, frames: 1, is_srgb: true } }), []);
});

test("what is unlike others is said", () => {
  const shown = { kind: "display", mime_type: "image/jpeg", tool: "libvips 8.14.1" } as const;
  assert.deepEqual(
    fileWords({ ...FILE, mime_type: "image/tiff", declared_type: "text/plain", facts: { orientation: 6, bits: 16, is_srgb: false }, conversions: [shown] }),
    ["stored turned (orientation 6), 16 bits, colours of its own", "sent as text/plain", "shown as image/jpeg, made by libvips 8.14.1"],
  );
  const pages = { kind: "page", count: 3, mime_type: "image/jpeg", tool: "pdftoppm 22.12.0" } as const;
  assert.deepEqual(fileWords({ ...FILE, facts: { pages: 3 }, conversions: [pages] }), ["3 pages as image/jpeg, made by pdftoppm 22.12.0"]);
  assert.deepEqual(
    fileWords({ ...FILE, facts: { duration: 2.04, video_codec: "h264", frame_rate: 25, audio_codec: "aac", sample_rate: 44100 } }),
    ["2 s, h264, 25 pictures a second, aac, 44100 Hz"],
  );
});
