import { midRanks } from './mid-ranks.ts';

/**
 * Spearman's rank correlation: Pearson's on mid-ranks, so that ties are right.
 * @returns null below two pairs, or when one side does not vary.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length)
    throw new RangeError(`spearman: expected equal lengths, got ${first.length} and ${second.length}`);
  const a = midRanks(first);
  const b = midRanks(second);
  const mean = (a.length + 1) / 2;
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((rank, i) => {
    product += (rank - mean) * (b[i]! - mean);
    squaresA += (rank - mean) ** 2;
    squaresB += (b[i]! - mean) ** 2;
  });
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : null;
}
