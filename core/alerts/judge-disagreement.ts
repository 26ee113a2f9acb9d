import type { AlertRules } from '../../schemas/alert-rules.ts';
import type { WeeklySummary } from '../../schemas/weekly-summary.ts';
import { tQuantile, tUpperTail } from '../statistics/distributions.ts';
import { detectableChange, standardErrorOf } from './detectable-change.ts';
import { interval, named, percent, points, type Family, type Finding } from './finding.ts';

/**
 * judge_disagreement of one all-phases row: the share of judged turns on which judge and heuristic split, tested one-sided
 * against the accepted baseline plus the allowed rise (t test of two means, cluster = run).
 * @param baseline all-phases rows of the measure's first official week: this model and variant's, or all where it is younger.
 * @returns null where a side has no interval.
 */
export function judgeDisagreement(
  row: WeeklySummary,
  baseline: readonly WeeklySummary[],
  rules: AlertRules,
  family: Family,
): Finding | null {
  const now = splitShare([row]);
  const before = splitShare(baseline);
  if (now === null || before === null) return null;

  const { max_split_frac, min_rise_frac } = rules.judge_disagreement;
  const change = now.share - before.share;
  const error = Math.hypot(now.standard_error, before.standard_error);
  const df = Math.min(now.df, before.df);
  const margin = tQuantile(0.975, df) * error;
  const excess = change - min_rise_frac;
  return {
    rule: 'judge_disagreement',
    model: row.model,
    variant: row.variant,
    value: now.share,
    previous_value: before.share,
    change,
    ci_low: change - margin,
    ci_high: change + margin,
    n: row.n_judged_turns,
    p: error > 0 ? tUpperTail(excess / error, df) : excess > 0 ? 0 : 1,
    isBeyond: now.share > max_split_frac && excess > 0,
    isCertain: false,
    minimum_detectable_change: min_rise_frac + detectableChange(error, df, 0, family),
    text:
      `Judge and heuristic split on ${percent(now.share)} of the turns of ${named(row)} (from ` +
      `${row.n_judged_turns} judged), in the accepted baseline on ${percent(before.share)}: ` +
      `${points(change)} ${interval(change - margin, change + margin, points)}.`,
    advice:
      'Next: read the splits with socratic-bench audit; socratic-bench canary run tells whether the judge moved.',
  };
}

/** Share of judged turns over rows, weighted by judged turns; null without an interval in any. */
function splitShare(rows: readonly WeeklySummary[]) {
  const known = rows.flatMap((row) => {
    const { judge_split_frac: share, judge_split_ci_low: low, judge_split_ci_high: high } = row;
    const df = row.n_runs - 1;
    const error = share === null ? null : standardErrorOf(share, low, high, df);
    return share === null || error === null ? [] : [{ share, error, df, turns: row.n_judged_turns }];
  });
  const turns = known.reduce((sum, row) => sum + row.turns, 0);
  if (turns === 0) return null;
  let share = 0;
  let variance = 0;
  let df = 0;
  for (const row of known) {
    share += (row.turns / turns) * row.share;
    variance += ((row.turns / turns) * row.error) ** 2;
    df += row.df;
  }
  return { share, standard_error: Math.sqrt(variance), df };
}
