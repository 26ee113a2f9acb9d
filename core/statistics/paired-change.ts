import { tQuantile } from './distributions.ts';
import { minimumDetectableChange } from './minimum-detectable-change.ts';
import { signFlipTest } from './sign-flip.ts';
import type { Random } from '../identity/random.ts';

/** The same cell measured twice. */
export interface Pair {
  /** Strata are averaged first and count equally (a phase). */
  stratum: string;
  now: number;
  before: number;
}

export interface Change {
  n_pairs: number;
  now: number;
  before: number;
  /** now − before, in the unit of the values. */
  delta: number;
  ci_low: number | null;
  ci_high: number | null;
  /** Minimum detectable change: 80% power, one-sided 5%. Null where no pair differs from another: then no spread is known. */
  mdc: number | null;
  /** Degrees of freedom behind the interval of `delta` and behind mdc; null where no spread is known. */
  df: number | null;
}

/** A change with the test of a fall and, beside the absolute figures, those as a fraction of `before`. */
export interface PairedChange extends Change {
  /** One-sided sign-flip permutation p for a fall. */
  p_fall: number;
  /** null where `before` is 0. */
  relative: Pick<Change, 'delta' | 'ci_low' | 'ci_high' | 'mdc'> | null;
}

/**
 * Paired change over fixed cells: mean over strata of the mean difference in each. The p-value permutes signs; intervals are
 * t intervals from the spread of pairs within strata (Welch–Satterthwaite degrees of freedom); the relative interval
 * linearises the ratio, so that the spread of `before` counts.
 * @returns null without pairs.
 */
export function pairedChange(
  pairs: readonly Pair[],
  options: { draws: number; random: Random },
): PairedChange | null {
  if (pairs.length === 0) return null;
  const sizes = new Map<string, number>();
  for (const { stratum } of pairs) sizes.set(stratum, (sizes.get(stratum) ?? 0) + 1);
  const weights = pairs.map(({ stratum }) => 1 / (sizes.size * sizes.get(stratum)!));
  const weighted = (value: (pair: Pair) => number) =>
    pairs.reduce((sum, pair, i) => sum + weights[i]! * value(pair), 0);

  const now = weighted((pair) => pair.now);
  const before = weighted((pair) => pair.before);
  const delta = now - before;
  const spread = spreadWithinStrata(pairs, (pair) => pair.now - pair.before);
  const p_fall = signFlipTest(
    pairs.map((pair, i) => weights[i]! * (pair.now - pair.before)),
    options,
  )!;
  const change = { n_pairs: pairs.length, now, before, delta, ...interval(delta, spread), p_fall };
  if (before === 0) return { ...change, relative: null };
  const ratio = now / before;
  const relativeSpread = spreadWithinStrata(pairs, (pair) => (pair.now - ratio * pair.before) / before);
  const { ci_low, ci_high } = interval(ratio - 1, relativeSpread);
  return {
    ...change,
    relative: {
      delta: ratio - 1,
      ci_low,
      ci_high,
      mdc: change.mdc === null ? null : change.mdc / before,
    },
  };
}

interface Spread {
  standard_error: number;
  df: number;
}

/** Standard error of the mean over strata; null where some stratum has one pair and so shows no spread. */
function spreadWithinStrata(pairs: readonly Pair[], value: (pair: Pair) => number): Spread | null {
  const strata = new Map<string, number[]>();
  for (const pair of pairs) {
    const values = strata.get(pair.stratum) ?? [];
    values.push(value(pair));
    strata.set(pair.stratum, values);
  }
  let variance = 0;
  let squares = 0;
  for (const values of strata.values()) {
    const n = values.length;
    if (n < 2) return null;
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    const part = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n / strata.size ** 2;
    variance += part;
    squares += (part * part) / (n - 1);
  }
  const df = squares > 0 ? (variance * variance) / squares : pairs.length - strata.size;
  return { standard_error: Math.sqrt(variance), df };
}

function interval(delta: number, spread: Spread | null): Pick<Change, 'ci_low' | 'ci_high' | 'mdc' | 'df'> {
  if (spread === null) return { ci_low: null, ci_high: null, mdc: null, df: null };
  const margin = tQuantile(0.975, spread.df) * spread.standard_error;
  return {
    ci_low: delta - margin,
    ci_high: delta + margin,
    mdc: spread.standard_error > 0 ? minimumDetectableChange(spread.standard_error, spread.df) : null,
    df: spread.df,
  };
}
