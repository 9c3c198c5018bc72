/** What a version of an answer is, in words. */
export function versionWords(kind: string, level: number, by: string): string {
  const what: { readonly [kind: string]: string } = { label: "As labelled", redo: "As put right", review: `After review ${level}`, merge: "As merged", audit: "As fixed by the customer" };
  return `${what[kind] ?? kind}, ${by}`;
}
