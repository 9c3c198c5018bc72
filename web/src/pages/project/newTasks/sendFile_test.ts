import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../../api/client.js";
import type { LinesPlace, LinesReply } from "../../../api/imports.js";
import { linesFrom, sendFile } from "./sendFile.js";
import type { ImportState } from "./useImport.js";

const text = (blob: Blob): Promise<string> => blob.text();

test("a piece of a file ends with a line, however long that is", async () => {
  const file = new Blob([`a\nbb\nccccccccc\nd\ne\n${"f".repeat(9)}\ng`]);
  assert.equal(await text(await linesFrom(file, 0, 4)), "a\n");
  assert.equal(await text(await linesFrom(file, 2, 4)), "bb\n");
  // Four bytes and eight hold no end of a line; sixteen hold three.
  assert.equal(await text(await linesFrom(file, 5, 4)), "ccccccccc\nd\ne\n");
  assert.equal(await text(await linesFrom(file, 29, 4)), "g");
});

test("a file goes over in pieces that follow each other, and what does not arrive is sent again", async () => {
  const line = `${"x".repeat(1000)}\n`;
  const file = new Blob([line.repeat(1500)]);
  const sent: { place: LinesPlace; size: number }[] = [];
  let taken = 0, fails = 1;
  const calls = {
    lines: async (place: LinesPlace, piece: Blob): Promise<LinesReply> => {
      if (sent.length === 1 && fails-- > 0) throw new ApiError(0, "The server cannot be reached.");
      assert.equal(place.resumed?.offset ?? 0, taken);
      sent.push({ place, size: piece.size });
      taken += piece.size;
      return { outcomes: [], end: { import: "i", lines: taken / line.length, created: taken / line.length, exists: 0, refused: 0, ready: 0 } };
    },
    imported: async () => ({ bytes: taken }) as never,
  };
  const states: ImportState[] = [];
  await sendFile(calls, { project: "p" }, file, false, () => false, (state) => states.push(state));
  assert.equal(taken, file.size);
  assert.deepEqual(sent.map(({ place }) => place.more), [true, true, false]);
  assert.deepEqual(sent.map(({ place }) => place.resumed?.id), [undefined, "i", "i"]);
  const last = states[states.length - 1];
  assert.equal(last?.counts.created, 1500);
  assert.equal(last?.isRunning, false);
  assert.equal(last?.fault, "");
});
