/**
 * Cohen's weighted κ (1968) of a square table: rows are the first rater's categories, columns the second's, in order.
 * κ = 1 − Σ w·observed / Σ w·expected with disagreement weights |i − j| (linear) or (i − j)² (quadratic).
 * @returns null for an empty table, or one in which both raters used the same single category (κ is 0/0).
 */
export function weightedKappa(
  table: readonly (readonly number[])[],
  weights: 'linear' | 'quadratic',
): number | null {
  const size = table.length;
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  const n = rows.reduce((sum, count) => sum + count, 0);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const distance = Math.abs(i - j);
      const weight = weights === 'linear' ? distance : distance * distance;
      observed += weight * table[i]![j]!;
      expected += (weight * rows[i]! * columns[j]!) / n;
    }
  }
  return expected > 0 ? 1 - observed / expected : null;
}

/** Adds a pair of ratings on a scale of whole numbers 0 … size − 1, counting `weight` times; ratings between are rounded. */
export function addRatingPair(table: number[][], first: number, second: number, weight = 1): void {
  const row = table[Math.round(first)];
  const column = Math.round(second);
  if (row === undefined || row[column] === undefined)
    throw new RangeError(`expected ratings in 0 … ${table.length - 1}, got ${first} and ${second}`);
  row[column] += weight;
}

/** An empty table for `addRatingPair`. */
export function emptyRatingTable(size: number): number[][] {
  return Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
}
