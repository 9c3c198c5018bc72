/** Whether every word of a query occurs somewhere in the texts. */
export function matching(texts: readonly string[], query: string): boolean {
  const words = query.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  const text = texts.join(" ").toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}
