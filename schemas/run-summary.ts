import { z } from 'zod';
import {
  CRITERION_NAMES,
  countSchema,
  fracSchema,
  ptsSchema,
  sha256Schema,
  slugSchema,
  testTypeSchema,
  usageSchema,
  usdSchema,
  vectorSchema,
  violationSchema,
} from './common.ts';
import { CENSOR_REASONS, FAULTS } from './checkpoint.ts';
import { csdSubscoresSchema } from './csd-subscores.ts';
import { identitySchema, skipReasonSchema } from './planned-run.ts';
import { cellSchema } from './profile.ts';

const turnOrNull = z.number().int().min(1).nullable();

/** scores/dt=…/<run_id>_summary.json: one line per plan row, skipped and failed ones too. */
export const runSummarySchema = z.object({
  ...identitySchema.shape,
  ...cellSchema.shape,
  series: slugSchema,
  provider: z.string(),
  is_simulated: z.boolean(),
  vector: vectorSchema,
  test_type: testTypeSchema,
  block: z.number().int().min(0),
  ended: z.enum(['complete', 'censored', 'failed', 'skipped']),
  skip_reason: skipReasonSchema.nullable(),
  skip_detail: z.string().nullable(),
  fault: z.enum(FAULTS).nullable(),
  n_turns: countSchema.describe('turns with a tutor reply'),
  n_scored_turns: countSchema,
  planned_turns: countSchema,
  half_life_turn: turnOrNull.describe(
    'first turn whose average of the last three scores lies below the threshold; null = not reached',
  ),
  is_censored: z.boolean(),
  censor_reason: z.enum(CENSOR_REASONS).nullable(),
  observed_turns: countSchema.describe(
    'time under observation: half_life_turn, or the last scored turn when censored',
  ),
  half_life_curve: z
    .array(z.object({ threshold_pts: z.number(), half_life_turn: turnOrNull }))
    .describe('half-life at other thresholds'),
  relative_half_life_turn: turnOrNull,
  score_by_turn: z
    .array(ptsSchema.nullable())
    .describe('score of turn 1, 2, …; null = unscored. Paired comparisons use turns scored on both sides'),
  is_compliant_by_turn: z.array(z.boolean().nullable()).describe('the same for compliance'),
  aporia_turn: turnOrNull.describe('first concession or insight after a contradiction was surfaced'),
  decline_pts: z
    .number()
    .nullable()
    .describe('mean score of the first third − of the last third of the scored turns'),
  decline_ci_low: z.number().nullable(),
  decline_ci_high: z.number().nullable(),
  is_declining: z
    .boolean()
    .default(false)
    .describe(
      'may it be said that the dialogue declines: the interval leaves 0 out and decline_pts is at least smallest_decline_pts of the rubric',
    ),
  mean_score: z.number().min(0).max(10).nullable(),
  compliance_rate: fracSchema.nullable(),
  first_violation_turn: turnOrNull,
  csd: fracSchema.nullable().describe('weighted mean over applicable dimensions'),
  csd_covered_weight: fracSchema,
  csd_subscores: csdSubscoresSchema,
  salience_recall_at_3: fracSchema.nullable(),
  thread_depths: z.array(countSchema).describe('depth of each thread pursued, in order'),
  violation_counts: z.array(z.object({ violation: violationSchema, n_turns: countSchema })),
  mean_criteria: z.object(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, z.number().nullable()])) as Record<
      (typeof CRITERION_NAMES)[number],
      z.ZodNullable<z.ZodNumber>
    >,
  ),
  n_judged_turns: countSchema,
  n_skipped_turns: countSchema.describe('turns the filter spared the judge'),
  n_audited_turns: countSchema.describe('turns the filter spared, drawn for the audit and given a verdict'),
  risk_bins: z
    .array(z.object({ bin: countSchema, n_compliant: countSchema, n_noncompliant: countSchema }))
    .describe(
      "judged turns by heuristic risk (bins of core/judging/filter.ts): what next week's filter is calibrated on",
    ),
  n_split_turns: countSchema.describe('|judge − heuristic| above the split'),
  n_injection_turns: countSchema,
  n_context_overflow: countSchema,
  ...usageSchema.shape,
  context_tokens: countSchema.describe('of the last turn'),
  dialogue_cost_usd: usdSchema,
  judge_cost_usd: usdSchema,
  cost_usd: usdSchema.describe('adopted calls of dialogue and judges; retries stand in the ledger'),
  run_root_sha256: sha256Schema.nullable(),
  schema_version: z.number().int(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;
