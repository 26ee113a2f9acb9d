import { midRanks } from './mid-ranks.ts';
import { pearson } from './pearson.ts';

/**
 * Spearman's rank correlation: Pearson's on mid-ranks, so that ties are right.
 * @returns null below two pairs, or when one side does not vary.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length)
    throw new RangeError(`spearman: expected equal lengths, got ${first.length} and ${second.length}`);
  const others = midRanks(second);
  return pearson(midRanks(first).map((rank, i) => [rank, others[i]!]));
}
