import { z } from 'zod';
import {
  countSchema,
  CRITERION_NAMES,
  dtSchema,
  executionIdSchema,
  fracSchema,
  manifestIdSchema,
  modelIdSchema,
  PHASES,
  sha256Schema,
  slugSchema,
  usageSchema,
  usdSchema,
  violationSchema,
  weekSchema,
} from './common.ts';
import { CENSOR_REASONS } from './checkpoint.ts';
import { csdSubscoresSchema } from './csd-subscores.ts';
import { ALL_PHASES } from './names.ts';

const num = z.number().nullable();

/** curated/weekly_summary: one row per model × variant × phase, and one over the phases (`phase: all`). */
export const weeklySummarySchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  measure_sha256: sha256Schema,
  series: slugSchema,
  week: weekSchema,
  dt: dtSchema,
  model: modelIdSchema,
  provider: z.string(),
  is_simulated: z.boolean(),
  variant: slugSchema,
  phase: z.enum([...PHASES, ALL_PHASES]),
  n_planned: countSchema.describe(
    'plan rows with status planned, and those skipped as their model was closed (access)',
  ),
  n_runs: countSchema.describe('runs that were scored'),
  n_skipped: countSchema,
  n_failed: countSchema.describe('runs with too few scored turns for one moving average'),
  n_overflow_failed: countSchema
    .default(0)
    .describe('those of n_failed whose context overflowed; overflows of scored runs stand in censored_by'),
  n_censored: countSchema.describe('dialogues cut short, or with too many unscored turns'),
  censored_by: z
    .array(z.object({ reason: z.enum(CENSOR_REASONS), n_runs: countSchema }))
    .describe('runs whose half-life was not reached, by reason; all reasons, horizon included'),
  n_turns: countSchema,
  n_scored_turns: countSchema,
  n_seeds: countSchema.describe('clusters of the intervals; below 8 read "these seeds only"'),
  coverage_frac: fracSchema,
  horizon_turns: countSchema,
  km_median_turn: num.describe('Kaplan–Meier median half-life; null = beyond the horizon'),
  km_median_ci_low: num,
  km_median_ci_high: num,
  rmst_turns: num.describe(
    'restricted mean half-life, RMST at the horizon; over all phases the mean of RMST/τ × 40',
  ),
  rmst_ci_low: num,
  rmst_ci_high: num,
  rmst_overflow_as_event_turns: num.describe('RMST with context overflows counted as events'),
  survived_frac: fracSchema.nullable().describe('runs censored at the horizon, nothing else'),
  survival_curve: z.array(
    z.object({ turn: z.number().int(), survival: fracSchema, at_risk: countSchema, events: countSchema }),
  ),
  mean_score: num,
  mean_score_ci_low: num,
  mean_score_ci_high: num,
  compliance_rate: num,
  compliance_ci_low: num,
  compliance_ci_high: num,
  corrected_score: num.describe(
    'corrected for judge error (prediction-powered inference); null below 100 labels',
  ),
  n_correction_labels: countSchema,
  decline_pts: num,
  decline_ci_low: num,
  decline_ci_high: num,
  is_declining: z
    .boolean()
    .default(false)
    .describe(
      'may it be said that the model declines: the interval leaves 0 out and decline_pts is at least smallest_decline_pts of the rubric',
    ),
  mean_relative_half_life_turn: num.describe('restricted mean, as rmst_turns; never a mean over nulls'),
  csd: num.describe('null over all phases: CSD is compared within a phase'),
  csd_subscores: csdSubscoresSchema,
  violations_per_100_turns: z.array(z.object({ violation: violationSchema, per_100: z.number().min(0) })),
  rank: z
    .number()
    .int()
    .min(1)
    .nullable()
    .describe('1 + number of models statistically better (Holm over all pairs): the best place left open'),
  rank_max: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'n_ranked less the number of models statistically worse: the last place left open; null in weeks of an earlier version',
    ),
  n_ranked: countSchema,
  cost_usd: usdSchema,
  cost_per_run_usd: usdSchema,
  ...usageSchema.shape,
  n_judged_turns: countSchema,
  n_skipped_turns: countSchema,
  n_audited_turns: countSchema.describe('turns the filter spared, drawn for the audit and given a verdict'),
  realised_filter_error_frac: num.describe('share of audited skipped turns the judge decided the other way'),
  realised_filter_error_ci_low: num,
  realised_filter_error_ci_high: num,
  n_audit_errors: countSchema.describe(
    'audited turns the judge decided the other way; sum these to pool weeks',
  ),
  missed_noncompliance_frac: num.describe(
    'estimated share of all non-compliant turns that the filter passed unjudged; null without audited turns',
  ),
  judge_split_frac: num.describe(
    'share of turns with |judge − heuristic| above the split; audited turns stand for the filtered ones they were drawn from',
  ),
  judge_split_ci_low: num.describe('cluster = run'),
  judge_split_ci_high: num,
  judge_minus_heuristic_pts: z
    .array(z.object({ criterion: z.enum(CRITERION_NAMES), mean_pts: z.number() }))
    .describe('mean difference of the two stages, weighted like κ; empty without a judged turn'),
  cr_builds_on_prior_correlation: num.describe('over turns; CR and builds_on_prior share a model'),
  judge_heuristic_kappa: num.describe(
    'weighted κ of judge and heuristic; audited turns stand for the filtered ones they were drawn from',
  ),
  wow_rmst_delta: num.describe('paired change of RMST against last week, as a fraction of last week'),
  wow_rmst_ci_low: num,
  wow_rmst_ci_high: num,
  wow_rmst_p: num.describe('one-sided sign-flip permutation p for a fall'),
  wow_rmst_mdc: num.describe('minimum detectable change, 80% power'),
  wow_rmst_df: num.default(null).describe('degrees of freedom behind wow_rmst_mdc'),
  wow_rmst_now_turns: num
    .default(null)
    .describe(
      'mean half-life of the paired runs this week, on the scale of 40 turns; rmst_turns is over all runs',
    ),
  wow_rmst_before_turns: num.default(null).describe('the same of their partners last week'),
  wow_compliance_delta: num,
  wow_compliance_ci_low: num,
  wow_compliance_ci_high: num,
  wow_compliance_p: num,
  wow_compliance_mdc: num,
  wow_compliance_df: num.default(null).describe('degrees of freedom behind wow_compliance_mdc'),
  wow_compliance_now: num
    .default(null)
    .describe(
      'compliance of the paired runs this week, over turns scored on both sides; compliance_rate is over all runs',
    ),
  wow_compliance_before: num.default(null).describe('the same of their partners last week'),
  wow_n_pairs: countSchema.describe('pairs of runs behind wow_rmst_*'),
  wow_compliance_n_pairs: countSchema.default(0).describe('pairs of runs behind wow_compliance_*'),
  wow_baseline_execution_id: z.string().nullable(),
  noise_floor_rmst_turns: num.describe(
    'A/A: standard deviation of RMST between repeats; null without repeats',
  ),
  week_root_sha256: sha256Schema,
  schema_version: z.number().int(),
});
export type WeeklySummary = z.infer<typeof weeklySummarySchema>;
