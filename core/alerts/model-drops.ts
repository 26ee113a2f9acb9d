import type { AlertRules } from '../../schemas/alert-rules.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { minimumDetectableChange } from '../statistics/minimum-detectable-change.ts';
import { detectableChange } from './detectable-change.ts';
import { interval, named, percent, points, type Family, type Finding } from './finding.ts';

/**
 * half_life_drop of one all-phases row; null without a paired week before. Changes are fractions of last week's RMST; both
 * values are those of the paired runs.
 */
export function halfLifeDrop(row: WeeklySummary, rules: AlertRules, family: Family): Finding | null {
  const { wow_rmst_delta: delta, wow_rmst_p: p } = row;
  const { wow_rmst_now_turns: value, wow_rmst_before_turns: previous_value } = row;
  if (delta === null || p === null || value === null || previous_value === null) return null;
  const [low, high] = [row.wow_rmst_ci_low, row.wow_rmst_ci_high];
  const threshold = rules.half_life_drop.min_drop_frac;
  return {
    ...paired(row, { delta, threshold, family, mdc: row.wow_rmst_mdc, df: row.wow_rmst_df }),
    rule: 'half_life_drop',
    value,
    previous_value,
    ci_low: low,
    ci_high: high,
    n: row.wow_n_pairs,
    p,
    text:
      `Half-life of ${named(row)} over all phases: RMST ${previous_value.toFixed(1)} -> ` +
      `${value.toFixed(1)} of 40 turns, ${percent(delta)} ${interval(low, high)}, ${row.wow_n_pairs} pairs.`,
  };
}

/**
 * compliance_drop of one all-phases row; null without a paired week before. Changes are differences of rates; both values are
 * those of the paired runs.
 */
export function complianceDrop(row: WeeklySummary, rules: AlertRules, family: Family): Finding | null {
  const { wow_compliance_delta: delta, wow_compliance_p: p } = row;
  const { wow_compliance_now: value, wow_compliance_before: previous_value } = row;
  if (delta === null || p === null || value === null || previous_value === null) return null;
  const [low, high] = [row.wow_compliance_ci_low, row.wow_compliance_ci_high];
  const threshold = rules.compliance_drop.min_drop_frac;
  return {
    ...paired(row, { delta, threshold, family, mdc: row.wow_compliance_mdc, df: row.wow_compliance_df }),
    rule: 'compliance_drop',
    value,
    previous_value,
    ci_low: low,
    ci_high: high,
    n: row.wow_compliance_n_pairs,
    p,
    text:
      `Compliance of ${named(row)} over all phases: ${percent(previous_value)} -> ${percent(value)}, ` +
      `${points(delta)} ${interval(low, high, points)}, ${row.wow_compliance_n_pairs} pairs.`,
  };
}

interface Drop {
  delta: number;
  threshold: number;
  family: Family;
  mdc: number | null;
  df: number | null;
}

/** The fields that both drops share. */
function paired(row: WeeklySummary, { delta, threshold, family, mdc, df }: Drop) {
  return {
    model: row.model,
    variant: row.variant,
    change: delta,
    isBeyond: delta < -threshold,
    isCertain: false,
    minimum_detectable_change:
      mdc === null || df === null ? null : detectableChange(errorBehind(mdc, df), df, threshold, family),
    advice: `Next: socratic-bench compare ${row.wow_baseline_execution_id ?? '<before>'} ${row.execution_id}`,
  };
}

/**
 * Standard error behind the row's minimum detectable change, so that the alert's is the same figure at the family's level and
 * beyond the rule's threshold. The interval does not tell it: its degrees of freedom are not those of the number of pairs.
 */
function errorBehind(mdc: number, df: number): number {
  return mdc / minimumDetectableChange(1, df);
}
