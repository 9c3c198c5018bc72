/** Puts the focus on the first element that fits. Returns whether there is one. */
export function focusFirst(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}
