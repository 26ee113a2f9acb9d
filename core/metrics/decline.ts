import { tQuantile } from '../statistics/distributions.ts';

/** How much a run's scores fell from its first to its last third; positive = it got worse. */
export interface Decline {
  /** Points, −10 to 10; null below three scored turns. */
  decline_pts: number | null;
  /** 95% interval; null below `MIN_THIRD_TURNS` scored turns a third. */
  decline_ci_low: number | null;
  decline_ci_high: number | null;
}

/** Two turns agree by chance far too often to estimate a spread from (two failures in a row would "prove" a decline). */
const MIN_THIRD_TURNS = 3;
const CONFIDENCE = 0.95;
/** Beyond this the effective number of turns falls under one in nineteen and the t quantile no longer means anything. */
const MAX_AUTOCORRELATION = 0.9;

/**
 * Mean score of the first third − of the last third of the scored turns, with a Welch t interval for serially correlated
 * scores. A tutor's scores hang together from turn to turn, and a plain Welch interval then excludes 0 far too often (per
 * side, nominal 2.5%, at 40 turns: 2.4% without correlation, 7% at lag-1 correlation .3, 13% at .5). Hence each variance is
 * inflated by (1 + ρ)/(1 − ρ) and its degrees of freedom shrink alike (effective sample size of an AR(1) series; Bayley and
 * Hammersley 1946). ρ is the median of the lag-1 correlations inside the three thirds, never below 0: a drop within one third
 * looks like correlation there, but not in the two others; 1/m is added for its small-sample bias (Marriott and Pope 1954).
 * Simulated false alarms per side at 40 turns: independent 2.0%, ρ = .3 3.5%, ρ = .5 4.9%; failing at random with probability
 * .05, .2, .5: 0.8%, 1.6%, 1.9%. A fall from 9 to 4 at turn 8 to 32 of 40 is found in 84% to 100% of runs.
 */
export function measureDecline(scores: readonly (number | null)[]): Decline {
  const scored = scores.filter((score) => score !== null);
  const turns = Math.floor(scored.length / 3);
  if (turns < 1) return { decline_pts: null, decline_ci_low: null, decline_ci_high: null };
  const first = describe(scored.slice(0, turns));
  const middle = describe(scored.slice(turns, scored.length - turns));
  const last = describe(scored.slice(scored.length - turns));
  const decline = first.mean - last.mean;
  if (turns < MIN_THIRD_TURNS) return { decline_pts: decline, decline_ci_low: null, decline_ci_high: null };

  const lag1 = median(first.lag1, middle.lag1, last.lag1);
  const rho = Math.min(MAX_AUTOCORRELATION, Math.max(0, lag1 + 1 / turns));
  const inflation = (1 + rho) / (1 - rho);
  const error = ((first.squares + last.squares) / (turns - 1) / turns) * inflation;
  if (error === 0) return { decline_pts: decline, decline_ci_low: decline, decline_ci_high: decline };
  const share = first.squares / (first.squares + last.squares);
  const freedom = Math.max(1, turns / inflation - 1) / (share ** 2 + (1 - share) ** 2);
  const half = tQuantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(error);
  return { decline_pts: decline, decline_ci_low: decline - half, decline_ci_high: decline + half };
}

/**
 * May it be said that something declines? Only where the interval excludes 0 and the decline is as large as counts
 * (`smallest_decline_pts` of the rubric): with many runs an interval excludes 0 for changes that the script of the student
 * brings about by itself.
 */
export function isDecline(
  { decline_pts, decline_ci_low }: Pick<Decline, 'decline_pts' | 'decline_ci_low'>,
  smallest_pts: number,
): boolean {
  return decline_pts !== null && decline_ci_low !== null && decline_ci_low > 0 && decline_pts >= smallest_pts;
}

/** Mean, sum of squares around it and lag-1 correlation (0 where nothing varies). */
function describe(values: readonly number[]): { mean: number; squares: number; lag1: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let products = 0;
  let previous = 0;
  for (const value of values) {
    const residual = value - mean;
    squares += residual * residual;
    products += residual * previous;
    previous = residual;
  }
  return { mean, squares, lag1: squares > 0 ? products / squares : 0 };
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
