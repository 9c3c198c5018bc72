const KEPT = 12;

let recent: readonly string[] = [];

/** The labels used last on this page, newest first. */
export function recentLabels(): readonly string[] {
  return recent;
}

export function noteLabel(choice: string): void {
  recent = [choice, ...recent.filter((other) => other !== choice)].slice(0, KEPT);
}
