/** Solves a square system by elimination with pivoting; null when it has no single solution. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    // Written so that it is true for NaN as well.
    if (!(Math.abs(rows[pivot][column]) > 1e-14)) return null;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row][column] / rows[column][column];
      for (let i = column; i <= size; i++) rows[row][i] -= factor * rows[column][i];
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let rest = rows[row][size];
    for (let i = row + 1; i < size; i++) rest -= rows[row][i] * result[i];
    result[row] = rest / rows[row][row];
  }
  return result;
}

type Residuals = (unknowns: readonly number[]) => readonly number[];

const MAX_STEPS = 25;
const MAX_HALVINGS = 12;

/**
 * The unknowns near the given ones that make the sum of squares of the residuals smallest, by Gauss–Newton steps with numeric
 * derivatives. A step that makes things worse is halved; never returns anything worse than the start.
 */
export function gaussNewton(residuals: Residuals, start: readonly number[]): number[] {
  let best = [...start], current = residuals(best), cost = sumOfSquares(current);
  for (let step = 0; step < MAX_STEPS; step++) {
    const jacobian = derivatives(residuals, best);
    // Unit columns keep lengths in metres and angles in radians comparable for the solver.
    const scales = jacobian.map((column) => Math.sqrt(sumOfSquares(column)) || 1);
    const columns = jacobian.map((column, i) => column.map((value) => value / scales[i]));
    const normal = columns.map((a) => columns.map((b) => inner(a, b)));
    const change = solve(normal, columns.map((column) => -inner(column, current)))?.map((value, i) => value / scales[i]);
    if (change === undefined) break;
    let factor = 1, halvings = 0;
    let next = best, nextResiduals = current, nextCost = Infinity;
    for (; halvings < MAX_HALVINGS; halvings++, factor /= 2) {
      next = best.map((value, i) => value + factor * change[i]);
      nextResiduals = residuals(next);
      nextCost = sumOfSquares(nextResiduals);
      if (nextCost < cost) break;
    }
    if (!(nextCost < cost)) break;
    const settled = change.every((value, i) => Math.abs(value) <= 1e-11 * (1 + Math.abs(best[i])));
    [best, current, cost] = [next, [...nextResiduals], nextCost];
    if (settled) break;
  }
  return best;
}

/** The derivatives of all residuals by each unknown, from differences to both sides. */
function derivatives(residuals: Residuals, at: readonly number[]): number[][] {
  return at.map((value, i) => {
    const delta = 1e-6 * Math.max(1, Math.abs(value));
    const shifted = (by: number) => residuals(at.map((other, j) => (j === i ? other + by : other)));
    const after = shifted(delta), before = shifted(-delta);
    return after.map((residual, j) => (residual - before[j]) / (2 * delta));
  });
}

function inner(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function sumOfSquares(values: readonly number[]): number {
  return inner(values, values);
}
