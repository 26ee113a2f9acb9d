import { tQuantile } from './distributions.ts';

/** The change that a one-sided test at `alpha` finds with this probability (spec 3.5). */
const POWER = 0.8;

/**
 * Smallest true change that a one-sided comparison finds with 80% power: (t₁₋α + t₀.₈)·SE (Bloom 1995,
 * doi:10.1177/0193841X9501900504).
 * @param standardError of the difference, in the unit wanted.
 */
export function minimumDetectableChange(standardError: number, df: number, alpha = 0.05): number {
  return (tQuantile(1 - alpha, df) + tQuantile(POWER, df)) * standardError;
}
