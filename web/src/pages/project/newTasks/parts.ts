/** A part of a text that is sent alone, and where it stood: line `n` of the part is line `n + shift` of the whole. */
export interface Part {
  readonly text: string;
  readonly lines: number;
  readonly shift: number;
}

/** A table in parts of so many lines, each with the names of the columns in front. Quoted fields may hold line breaks. */
export function tableParts(text: string, size: number): readonly Part[] {
  const rows = rowsOf(text.replace(/^\uFEFF/, ""));
  const [head, ...body] = rows;
  if (head === undefined) return [];
  const parts: Part[] = [];
  for (let at = 0; at < body.length; at += size) {
    const rowsHere = body.slice(at, at + size);
    parts.push({ text: `${head.text}\n${inPlace(rowsHere)}`, lines: rowsHere.length, shift: rowsHere[0].line - head.height - 1 });
  }
  return parts.length === 0 ? [{ text: head.text, lines: 0, shift: 0 }] : parts;
}

/** Rows as they stood, with the empty lines between them, so that their numbers fit. */
function inPlace(rows: readonly Row[]): string {
  return rows.map((row, i) => (i === 0 ? "" : "\n".repeat(row.line - rows[i - 1].line - rows[i - 1].height + 1)) + row.text).join("");
}

/** A list of addresses in parts of so many lines. */
export function listParts(text: string, size: number): readonly Part[] {
  const lines = text.split(/\r\n|\n|\r/), parts: Part[] = [];
  for (let at = 0; at < lines.length; at += size) {
    const here = lines.slice(at, at + size);
    const count = here.filter((line) => line.trim() !== "" && !line.trim().startsWith("#")).length;
    if (count > 0) parts.push({ text: here.join("\n"), lines: count, shift: at });
  }
  return parts;
}

interface Row {
  readonly text: string;
  /** Where it begins, from 1, and over how many lines it goes. */
  readonly line: number;
  readonly height: number;
}

function rowsOf(text: string): readonly Row[] {
  const rows: Row[] = [];
  let start = 0, line = 1, firstLine = 1, isQuoted = false;
  const end = (at: number) => {
    const row = text.slice(start, at).replace(/\r$/, "");
    // Rows are joined again without the empty lines between them, so each says where it stood.
    if (row !== "") rows.push({ text: row, line: firstLine, height: row.split("\n").length });
  };
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\"") isQuoted = !isQuoted;
    if (text[at] !== "\n") continue;
    line += 1;
    if (isQuoted) continue;
    end(at);
    start = at + 1;
    firstLine = line;
  }
  end(text.length);
  return rows;
}
