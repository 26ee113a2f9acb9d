import { tUpperTail } from './distributions.ts';
import { holm } from './holm.ts';

/** Result of comparing one with another: estimate of first − second. */
export interface PairwiseDifference {
  first: string;
  second: string;
  mean: number;
  standard_error: number | null;
  df: number;
}

/**
 * Rank = 1 + number of competitors statistically better: two-sided t tests of all pairs, Holm over them. Competitors that
 * cannot be told apart share a rank; a pair without a standard error (one seed) decides nothing.
 * @returns rank by name, for every name given.
 */
export function rankWithTies(
  names: readonly string[],
  differences: readonly PairwiseDifference[],
  alpha = 0.05,
): Map<string, number> {
  const adjusted = holm(differences.map(twoSidedP));
  const ranks = new Map(names.map((name) => [name, 1]));
  differences.forEach(({ first, second, mean }, index) => {
    if (adjusted[index]! >= alpha) return;
    const loser = mean > 0 ? second : first;
    ranks.set(loser, ranks.get(loser)! + 1);
  });
  return ranks;
}

function twoSidedP({ mean, standard_error, df }: PairwiseDifference): number {
  if (standard_error === null || mean === 0) return 1;
  return Math.min(1, 2 * tUpperTail(Math.abs(mean) / standard_error, df));
}
