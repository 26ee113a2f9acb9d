import { tQuantile } from '../statistics/distributions.ts';
import type { Family } from './finding.ts';

const POWER = 0.8;

/**
 * The true change that a rule finds with 80% probability. A rule fires where the estimate passes its threshold and the test
 * rejects at the family's level, so the estimate must pass the larger of the two, and a power quantile lies beyond that.
 */
export function detectableChange(
  standardError: number,
  df: number,
  threshold: number,
  family: Family,
): number {
  const critical = tQuantile(1 - family.alpha, df) * standardError;
  return Math.max(critical, threshold) + tQuantile(POWER, df) * standardError;
}

/** Standard error behind a two-sided 95% t interval; of the longer side, since the other may be cut at a bound. */
export function standardErrorOf(
  mean: number,
  ci_low: number | null,
  ci_high: number | null,
  df: number,
): number | null {
  if (ci_low === null || ci_high === null || df < 1) return null;
  return Math.max(ci_high - mean, mean - ci_low) / tQuantile(0.975, df);
}
