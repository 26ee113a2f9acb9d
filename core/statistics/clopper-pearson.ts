import { betaQuantile } from './distributions.ts';

/**
 * Exact one-sided upper bound of a proportion (Clopper and Pearson 1934): the largest p under which `successes` or fewer
 * of n has probability ≥ 1 − confidence. 1 when n is 0: nothing is known.
 */
export function upperBound(successes: number, n: number, confidence: number): number {
  if (n === 0 || successes >= n) return 1;
  return betaQuantile(confidence, successes + 1, n - successes);
}

/** Exact one-sided lower bound of a proportion; 0 when n is 0. */
export function lowerBound(successes: number, n: number, confidence: number): number {
  if (n === 0 || successes <= 0) return 0;
  return betaQuantile(1 - confidence, successes, n - successes + 1);
}
