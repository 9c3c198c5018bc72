/** Small choices about the look that a browser remembers. Storage may be refused; then the default holds. */
export function remembered(name: string, fallback: string): string {
  try {
    return localStorage.getItem(`vernier.${name}`) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`vernier.${name}`, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
