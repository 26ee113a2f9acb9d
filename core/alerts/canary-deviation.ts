import type { AlertRules } from '../../schemas/alert-rules.ts';
import type { CanaryResult, CanarySummary } from '../../schemas/canary-result.ts';
import { tQuantile, tUpperTail } from '../statistics/distributions.ts';
import { detectableChange } from './detectable-change.ts';
import { interval, percent, type Family, type Finding } from './finding.ts';

/** The canary of one execution. */
export interface Canary {
  summary: CanarySummary;
  results: readonly CanaryResult[];
}

/** Scores run from 0 to 10; deviations are fractions of that. */
const SCALE_PTS = 10;

/**
 * canary_deviation: *drift*, the mean change of the judge's scores against the accepted baseline on the same items (paired t
 * test, two-sided), or *level*, the mean absolute error to the experts beyond their own mutual error. Level is no test: it
 * fires whatever the drift, where both errors are known: drift needs no labels, level does.
 * @param baseline canary of the measure's first official week; null when this is the first.
 *   Another golden set or judge is no baseline.
 * @returns null when no item was judged.
 */
export function canaryDeviation(
  now: Canary,
  baseline: Canary | null,
  rules: AlertRules,
  family: Family,
): Finding | null {
  const { mae_pts, experts_mutual_mae_pts, judge_model, n_judged, kappa } = now.summary;
  if (n_judged === 0) return null;
  const { max_drift_frac, max_level_frac } = rules.canary_deviation;
  const isComparable =
    baseline?.summary.golden_set === now.summary.golden_set && baseline.summary.judge_model === judge_model;
  const drift = isComparable ? driftOf(now.results, baseline.results) : null;
  const error = mae_pts === null ? null : mae_pts / SCALE_PTS;
  const limit = experts_mutual_mae_pts === null ? null : max_level_frac + experts_mutual_mae_pts / SCALE_PTS;
  const errorText =
    error === null
      ? 'error to the experts not known, as they marked not every criterion'
      : `mean error to the experts ${percent(error)} of the scale ` +
        (limit === null ? '(no limit: how far they differ is not known)' : `(limit ${percent(limit)})`);
  const driftText =
    drift === null
      ? 'no accepted baseline on the same items'
      : `${percent(drift.mean)} ${interval(drift.ci_low, drift.ci_high)} against the accepted baseline on ` +
        `${drift.n} same items`;
  return {
    rule: 'canary_deviation',
    model: judge_model,
    variant: null,
    value: error,
    previous_value: baseline?.summary.mae_pts == null ? null : baseline.summary.mae_pts / SCALE_PTS,
    change: drift?.mean ?? null,
    ci_low: drift?.ci_low ?? null,
    ci_high: drift?.ci_high ?? null,
    n: drift?.n ?? n_judged,
    minimum_detectable_change:
      drift === null
        ? null
        : // Two-sided: each side has half the level.
          detectableChange(drift.standard_error, drift.df, max_drift_frac, {
            ...family,
            alpha: family.alpha / 2,
          }),
    p: drift?.p ?? null,
    isBeyond: drift !== null && Math.abs(drift.mean) > max_drift_frac,
    isCertain: error !== null && limit !== null && error > limit,
    text:
      `Judge ${judge_model} on the golden set: ${errorText}, weighted kappa ` +
      `${kappa?.toFixed(2) ?? 'not defined'}, drift ${driftText}.`,
    advice:
      'Treat scores of this week with care. Next: socratic-bench canary run; see docs/runbook.md for a changed judge.',
  };
}

function driftOf(now: readonly CanaryResult[], baseline: readonly CanaryResult[]) {
  const before = new Map(baseline.map(({ item_id, judge_score }) => [item_id, judge_score]));
  const differences = now.flatMap(({ item_id, judge_score }) => {
    const earlier = before.get(item_id) ?? null;
    return judge_score === null || earlier === null ? [] : [(judge_score - earlier) / SCALE_PTS];
  });
  const n = differences.length;
  const df = n - 1;
  if (df < 1) return null;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / n;
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  const standard_error = Math.sqrt(squares / df / n);
  const margin = tQuantile(0.975, df) * standard_error;
  const p =
    standard_error > 0 ? 2 * tUpperTail(Math.abs(mean) / standard_error, df) : Math.abs(mean) > 0 ? 0 : 1;
  return { n, df, mean, standard_error, ci_low: mean - margin, ci_high: mean + margin, p: Math.min(1, p) };
}
