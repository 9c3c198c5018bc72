/** Which rows are chosen: some by id, over several pages, or all that match the filter. */
export type Selection = { readonly kind: "some"; readonly ids: ReadonlySet<string> } | { readonly kind: "all" };

export const NOBODY: Selection = { kind: "some", ids: new Set() };
export const EVERYTHING: Selection = { kind: "all" };

export function holds(selection: Selection, id: string): boolean {
  return selection.kind === "all" || selection.ids.has(id);
}

export function isNone(selection: Selection): boolean {
  return selection.kind === "some" && selection.ids.size === 0;
}

/** The selection with some rows in it, or without them. What holds for all that match cannot be changed row by row. */
export function marked(selection: Selection, ids: readonly string[], on: boolean): Selection {
  if (selection.kind === "all") return selection;
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return { kind: "some", ids: next };
}

/** The ids from one row to another, both included. */
export function range(rows: readonly string[], from: string | null, to: string): readonly string[] {
  const a = from === null ? -1 : rows.indexOf(from), b = rows.indexOf(to);
  return a < 0 ? [to] : rows.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** How many of a page's rows are chosen. */
export function coverage(selection: Selection, rows: readonly string[]): "none" | "some" | "all" {
  const count = rows.filter((id) => holds(selection, id)).length;
  return count === 0 ? "none" : count === rows.length ? "all" : "some";
}

export function countOf(selection: Selection, total: number | null): number | null {
  return selection.kind === "all" ? total : selection.ids.size;
}
