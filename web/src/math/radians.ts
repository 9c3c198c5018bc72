const FULL = 2 * Math.PI;

/** An angle in radians brought into 0 ≤ angle < 2π; negative zero becomes zero. */
export function withinTurn(angle: number): number {
  if (angle >= 0 && angle < FULL) return angle + 0;
  const rest = angle % FULL;
  const turned = rest < 0 ? rest + FULL : rest;
  // A tiny negative angle plus a full turn rounds to the full turn.
  return turned >= FULL ? 0 : turned + 0;
}
