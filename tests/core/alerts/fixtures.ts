import { readFileSync } from 'node:fs';
import { summarizeCanary } from '../../../core/aggregate/canary-summary.ts';
import { alertRulesSchema, type AlertRules } from '../../../schemas/alert-rules.ts';
import type { CanaryResult } from '../../../schemas/canary-result.ts';
import { executionSummarySchema, type ExecutionSummary } from '../../../schemas/execution-summary.ts';
import type { WeeklySummary } from '../../../schemas/weekly-summary.ts';
import type { AlertEvidence } from '../../../core/alerts/evaluate-rules.ts';
import { criteria, MEASURE_SHA256 } from '../aggregate/fixtures.ts';
import { record, rowFor, SMALL, summarize } from '../aggregate/week.ts';

export const rules: AlertRules = alertRulesSchema.parse(
  JSON.parse(readFileSync(new URL('../../../config/alerts/alerts-1.0.json', import.meta.url), 'utf8')),
);
export const SCHEDULED_AT = '2026-11-16T03:00:00Z';

const template = rowFor(summarize(record({ ...SMALL, models: ['steadfast'] }, () => 5)), 'steadfast', 'all');

/** A row over all phases of a quiet week: 36 pairs, nothing changed, splits as in the baseline. */
export function allPhasesRow(changes: Partial<WeeklySummary> = {}): WeeklySummary {
  return {
    ...template,
    model: 'drifter-20',
    n_planned: 36,
    n_runs: 36,
    rmst_turns: 30,
    compliance_rate: 0.8,
    n_judged_turns: 1440,
    judge_split_frac: 0.1,
    judge_split_ci_low: 0.08,
    judge_split_ci_high: 0.12,
    wow_n_pairs: 36,
    wow_baseline_execution_id: 'weekly-2026-W46',
    wow_rmst_delta: 0,
    wow_rmst_ci_low: -0.1,
    wow_rmst_ci_high: 0.1,
    wow_rmst_p: 0.5,
    wow_rmst_mdc: 0.13,
    wow_rmst_df: 32,
    wow_rmst_now_turns: 30,
    wow_rmst_before_turns: 30,
    wow_compliance_delta: 0,
    wow_compliance_ci_low: -0.04,
    wow_compliance_ci_high: 0.04,
    wow_compliance_p: 0.5,
    wow_compliance_mdc: 0.05,
    wow_compliance_df: 32,
    wow_compliance_now: 0.8,
    wow_compliance_before: 0.8,
    wow_compliance_n_pairs: 36,
    ...changes,
  };
}

/** The same as a phase row, for what counts runs. */
export function phaseRow(changes: Partial<WeeklySummary> = {}): WeeklySummary {
  return allPhasesRow({ phase: 'P0', ...changes });
}

export function executionSummary(
  weekly: readonly WeeklySummary[],
  changes: Partial<ExecutionSummary> = {},
): ExecutionSummary {
  return executionSummarySchema.parse({
    execution_id: 'weekly-2026-W47',
    manifest_id: 'manifest_20261116_0123abcd',
    measure_sha256: MEASURE_SHA256,
    profile: 'weekly',
    series: 'weekly',
    week: '2026-W47',
    dt: '2026-11-16',
    is_simulated: true,
    n_planned: 180,
    n_scored: 180,
    n_skipped: 0,
    n_failed: 0,
    n_turns: 7200,
    coverage_frac: 1,
    is_partial: false,
    budget_usd: 40,
    estimated_usd: 30,
    spent_usd: 31.5,
    spent_by_component: [],
    skips: [],
    weekly,
    judge_latency_p95_ms: [],
    canary: null,
    previous: null,
    baseline: null,
    week_root_sha256: template.week_root_sha256,
    ...changes,
  });
}

export function evidence(
  weekly: readonly WeeklySummary[],
  changes: Partial<AlertEvidence> = {},
): AlertEvidence {
  return {
    summary: executionSummary(weekly),
    scheduled_at: SCHEDULED_AT,
    baseline: null,
    canary_results: [],
    baseline_canary_results: [],
    previous_alerts: [],
    ...changes,
  };
}

/** Judge scores on golden items whose expert score is 9. */
export function canary(scores: readonly (number | null)[], changes: Partial<CanaryResult> = {}) {
  const results = scores.map((judge_score, i): CanaryResult => ({
    execution_id: 'weekly-2026-W47',
    week: '2026-W47',
    dt: '2026-11-16',
    series: 'weekly',
    measure_sha256: MEASURE_SHA256,
    golden_set: 'golden_set_v1',
    item_id: `item-${i}`,
    judge_model: 'sim-judge',
    expert_score: 9,
    judge_score,
    expert_criteria: criteria(9),
    judge_criteria: judge_score === null ? null : criteria(judge_score),
    expert_violations: [],
    judge_violations: [],
    deviation_pts: judge_score === null ? null : judge_score - 9,
    cost_usd: 0,
    ...changes,
  }));
  return { results, summary: summarizeCanary(results) };
}
