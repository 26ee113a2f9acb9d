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
 * side 2.5% without correlation, 7% at lag-1 correlation .3, 13% at .5, 40 turns). Hence each variance is inflated by
 * (1 + ρ)/(1 − ρ) and its degrees of freedom shrink alike (effective sample size of an AR(1) series; Bayley and Hammersley
 * 1946), with ρ the lag-1 correlation around the thirds' own means — so that a drift is not taken for correlation — plus 1/m
 * for its small-sample bias (Marriott and Pope 1954), never below 0. Simulated false alarms per side at 40 turns, nominal
 * 2.5%: independent 1.8%, ρ = .3 3.5%, ρ = .5 4.8%; failing at random with probability .05, .2, .5: 0.6%, 1.4%, 2.3%.
 */
export function measureDecline(scores: readonly (number | null)[]): Decline {
  const scored = scores.filter((score) => score !== null);
  const turns = Math.floor(scored.length / 3);
  if (turns < 1) return { decline_pts: null, decline_ci_low: null, decline_ci_high: null };
  const first = describe(scored.slice(0, turns));
  const last = describe(scored.slice(scored.length - turns));
  const decline = first.mean - last.mean;
  if (turns < MIN_THIRD_TURNS) return { decline_pts: decline, decline_ci_low: null, decline_ci_high: null };

  const squares = first.squares + last.squares;
  const lag1 = squares > 0 ? (first.products + last.products) / squares : 0;
  const rho = Math.min(MAX_AUTOCORRELATION, Math.max(0, lag1 + 1 / turns));
  const inflation = (1 + rho) / (1 - rho);
  const firstError = (first.squares / (turns - 1) / turns) * inflation;
  const lastError = (last.squares / (turns - 1) / turns) * inflation;
  const error = firstError + lastError;
  if (error === 0) return { decline_pts: decline, decline_ci_low: decline, decline_ci_high: decline };
  const freedom = (error ** 2 / (firstError ** 2 + lastError ** 2)) * Math.max(1, turns / inflation - 1);
  const half = tQuantile((1 + CONFIDENCE) / 2, Math.max(1, freedom)) * Math.sqrt(error);
  return { decline_pts: decline, decline_ci_low: decline - half, decline_ci_high: decline + half };
}

/** Mean, sum of squares and of lag-1 products around the mean. */
function describe(values: readonly number[]): { mean: number; squares: number; products: number } {
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
  return { mean, squares, products };
}
