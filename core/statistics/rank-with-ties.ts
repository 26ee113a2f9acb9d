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

/** The places that comparisons leave open, 1 … number of competitors; equal where the place is settled. */
export interface Places {
  /** 1 + number of competitors statistically better. */
  rank: number;
  /** Number of competitors less those statistically worse. */
  rank_max: number;
}

/**
 * Two-sided t tests of all pairs, Holm over them. Competitors that cannot be told apart share places; a pair without a
 * standard error (one seed) decides nothing.
 * Source: the ranges of ranks of Mogstad, Romano, Shaikh, Wilhelm (2024), Review of Economic Studies 91(1), by Holm.
 * @returns places by name, for every name given.
 */
export function rankWithTies(
  names: readonly string[],
  differences: readonly PairwiseDifference[],
  alpha = 0.05,
): Map<string, Places> {
  const adjusted = holm(differences.map(twoSidedP));
  const places = new Map(names.map((name) => [name, { rank: 1, rank_max: names.length }]));
  differences.forEach(({ first, second, mean }, index) => {
    if (adjusted[index]! >= alpha) return;
    const [winner, loser] = mean > 0 ? [first, second] : [second, first];
    places.get(winner)!.rank_max -= 1;
    places.get(loser)!.rank += 1;
  });
  return places;
}

function twoSidedP({ mean, standard_error, df }: PairwiseDifference): number {
  if (standard_error === null || mean === 0) return 1;
  return Math.min(1, 2 * tUpperTail(Math.abs(mean) / standard_error, df));
}
