import type { AlertRules } from '../../schemas/alert-rules.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { detectableChange, standardErrorOf } from './detectable-change.ts';
import { interval, named, percent, points, type Family, type Finding } from './finding.ts';

/** half_life_drop of one all-phases row; null without a paired week before. Changes are fractions of last week's RMST. */
export function halfLifeDrop(row: WeeklySummary, rules: AlertRules, family: Family): Finding | null {
  const { wow_rmst_delta: delta, wow_rmst_p: p, rmst_turns: value } = row;
  if (delta === null || p === null || value === null) return null;
  const [low, high] = [row.wow_rmst_ci_low, row.wow_rmst_ci_high];
  const threshold = rules.half_life_drop.min_drop_frac;
  const previous_value = delta > -1 ? value / (1 + delta) : null;
  return {
    ...paired(row, { delta, low, high, threshold, family }),
    rule: 'half_life_drop',
    value,
    previous_value,
    p,
    text:
      `Half-life of ${named(row)} over all phases: RMST ${previous_value?.toFixed(1) ?? '?'} -> ` +
      `${value.toFixed(1)} of 40 turns, ${percent(delta)} ${interval(low, high)}, ${row.wow_n_pairs} pairs.`,
  };
}

/** compliance_drop of one all-phases row; null without a paired week before. Changes are differences of rates. */
export function complianceDrop(row: WeeklySummary, rules: AlertRules, family: Family): Finding | null {
  const { wow_compliance_delta: delta, wow_compliance_p: p, compliance_rate: value } = row;
  if (delta === null || p === null || value === null) return null;
  const [low, high] = [row.wow_compliance_ci_low, row.wow_compliance_ci_high];
  const threshold = rules.compliance_drop.min_drop_frac;
  return {
    ...paired(row, { delta, low, high, threshold, family }),
    rule: 'compliance_drop',
    value,
    previous_value: value - delta,
    p,
    text:
      `Compliance of ${named(row)} over all phases: ${percent(value - delta)} -> ${percent(value)}, ` +
      `${points(delta)} ${interval(low, high, points)}, ${row.wow_n_pairs} pairs.`,
  };
}

interface Drop {
  delta: number;
  low: number | null;
  high: number | null;
  threshold: number;
  family: Family;
}

/** The fields that both drops share. */
function paired(row: WeeklySummary, { delta, low, high, threshold, family }: Drop) {
  const df = row.wow_n_pairs - 1;
  const error = standardErrorOf(delta, low, high, df);
  return {
    model: row.model,
    variant: row.variant,
    change: delta,
    ci_low: low,
    ci_high: high,
    n: row.wow_n_pairs,
    isBeyond: delta < -threshold,
    isCertain: false,
    minimum_detectable_change:
      error === null || error === 0 ? null : detectableChange(error, df, threshold, family),
    advice: `Next: socratic-bench compare ${row.wow_baseline_execution_id ?? '<before>'} ${row.execution_id}`,
  };
}
