/** An angle of a dial in degrees from 0 up to 360: 0 points right, clockwise on screen. 360 is 0. */
export function dialAngle(dx: number, dy: number, step: number): number {
  return wrapAngle(Math.round(((Math.atan2(dy, dx) * 180) / Math.PI) / step) * step);
}

export function wrapAngle(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  // Sums of fractions leave noise that nobody turned the dial by.
  return Math.round(turned * 100) / 100 % 360;
}

/** Where the end of a hand of this length stands, from the centre. */
export function dialPoint(degrees: number, length: number): { x: number; y: number } {
  const radians = (degrees * Math.PI) / 180;
  return { x: Math.cos(radians) * length, y: Math.sin(radians) * length };
}

const KEYS: { readonly [key: string]: number } = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 15, PageDown: -15 };

/** The angle after a key; null when the key means nothing to a dial. Shift makes big steps of small ones. */
export function dialKey(angle: number, key: string, shift: boolean): number | null {
  if (key === "Home") return 0;
  const by = KEYS[key];
  return by === undefined ? null : wrapAngle(angle + by * (shift && Math.abs(by) === 1 ? 15 : 1));
}
