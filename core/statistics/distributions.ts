import jStat from 'jstat';

/**
 * Quantiles and tails in use. jstat agrees with R to 7 decimals or digits here (tests/fixtures/survival-oracle.json), more
 * than the six decimals that records keep. Tails are always taken on the left, where no digits cancel.
 */

/** z with P(Z ≤ z) = p. */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/** P(Z > z). */
export function normalUpperTail(z: number): number {
  return jStat.normal.cdf(-z, 0, 1);
}

/** t with P(T ≤ t) = p at `df` ≥ 1 degrees of freedom; the normal quantile at infinity. */
export function tQuantile(p: number, df: number): number {
  if (!(df >= 1)) throw new RangeError(`tQuantile: expected at least 1 degree of freedom, got ${df}`);
  return Number.isFinite(df) ? jStat.studentt.inv(p, df) : normalQuantile(p);
}

/** P(T > t) at `df` ≥ 1 degrees of freedom. */
export function tUpperTail(t: number, df: number): number {
  if (!(df >= 1)) throw new RangeError(`tUpperTail: expected at least 1 degree of freedom, got ${df}`);
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  if (!Number.isFinite(df)) return normalUpperTail(t);
  return t >= 0 ? jStat.studentt.cdf(-t, df) : 1 - jStat.studentt.cdf(t, df);
}

/** P(X > x) of a χ² with `df` degrees of freedom. */
export function chiSquareUpperTail(x: number, df: number): number {
  return 1 - jStat.chisquare.cdf(x, df);
}

/** x with P(X ≤ x) = p of a beta distribution. */
export function betaQuantile(p: number, a: number, b: number): number {
  return jStat.beta.inv(p, a, b);
}
