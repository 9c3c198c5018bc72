/** A part of an instruction: Markdown, or a page that is to stand in it. */
export type InstructionPart = { readonly text: string } | { readonly page: string };

const FRAME = /<iframe\b[^>]*?\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>(?:[^<]*<\/iframe\s*>)?/gi;

/** Takes the embedded pages out of an instruction. Whatever is no page on the web stays the text it is. */
export function instructionParts(text: string): InstructionPart[] {
  const parts: InstructionPart[] = [];
  let from = 0;
  for (const match of text.matchAll(FRAME)) {
    const page = pageOf((match[1] ?? match[2] ?? "").replace(/&amp;/g, "&"));
    if (page === null) continue;
    const at = match.index ?? 0;
    parts.push({ text: text.slice(from, at) }, { page });
    from = at + match[0].length;
  }
  parts.push({ text: text.slice(from) });
  return parts.filter((part) => "page" in part || part.text.trim() !== "");
}

/** Whether a page comes from one of the allowed places. */
export function isAllowed(page: string, origins: readonly string[]): boolean {
  return origins.includes(new URL(page).origin);
}

function pageOf(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" && url.username === "" ? url.href : null;
  } catch {
    return null;
  }
}
