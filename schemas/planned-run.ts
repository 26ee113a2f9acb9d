import { z } from 'zod';
import {
  countSchema,
  fracSchema,
  usageSchema,
  dtSchema,
  executionIdSchema,
  instantSchema,
  manifestIdSchema,
  runIdSchema,
  sha256Schema,
  slugSchema,
  usdSchema,
  weekSchema,
} from './common.ts';
import { cellSchema } from './profile.ts';

export const SKIP_REASONS = ['access', 'eol', 'context_window', 'temperature_unsupported', 'budget'] as const;
export const skipReasonSchema = z.enum(SKIP_REASONS);
export type SkipReason = z.infer<typeof skipReasonSchema>;

/** Identity shared by plan rows, turns and summaries. */
export const identitySchema = z.object({
  run_id: runIdSchema,
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  measure_sha256: sha256Schema,
  dt: dtSchema,
  week: weekSchema,
});

/** One line of manifests/<manifest_id>/plans/<execution_id>.jsonl: a run that is planned, or skipped and why. */
export const plannedRunSchema = z.object({
  kind: z.literal('run'),
  ...identitySchema.shape,
  ...cellSchema.shape,
  manifest_key: z.string(),
  scheduled_at: instantSchema,
  series: slugSchema,
  block: z
    .number()
    .int()
    .min(0)
    .describe('seed × temperature × phase × repeat; dropped whole when the budget ends'),
  turns: z.number().int().min(1).describe('turns of the dialogue'),
  target_tokens: z.number().int().min(0),
  status: z.enum(['planned', 'skipped']),
  skip_reason: skipReasonSchema.nullable(),
  skip_detail: z.string().max(500).nullable().describe("the provider's or the registry's words"),
  filter: z
    .object({
      pass_below_risk: fracSchema.nullable(),
      fail_above_risk: fracSchema.nullable(),
      n_calibration: countSchema,
      audit_frac: fracSchema
        .default(0.05)
        .describe('share of the turns the filter decides that is judged anyway'),
    })
    .describe('risk thresholds of the heuristic filter in this execution; null = skips nothing'),
  preflight_usage: usageSchema.nullable().describe('usage of the probe call, on the first row of a model'),
  retry_errors: z.boolean().describe('continue behind an ended.json that names infrastructure'),
  estimated_input_tokens: countSchema,
  estimated_output_tokens: countSchema,
  estimated_usd: usdSchema.describe('likely cost of the dialogue, judge apart'),
  judging_estimated_usd: usdSchema.default(0).describe('likely cost of its judges'),
  cap: z
    .object({
      cap_usd: usdSchema,
      dialogues_until_usd: usdSchema.describe(
        'spend of the execution from which on no further dialogue begins: the rest is for the judges',
      ),
    })
    .nullable()
    .default(null)
    .describe('in work lists only, and only where calls cost something: the cap it runs under'),
});
export type PlannedRun = z.infer<typeof plannedRunSchema>;

/** The extra item of the judge's work list: judge the golden set. */
export const canaryItemSchema = z.object({
  kind: z.literal('canary'),
  run_id: z.string().regex(/^canary-/),
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  manifest_key: z.string(),
  scheduled_at: instantSchema,
  measure_sha256: sha256Schema,
  series: slugSchema,
  dt: dtSchema,
  week: weekSchema,
});
export type CanaryItem = z.infer<typeof canaryItemSchema>;
export const judgeWorkSchema = z.discriminatedUnion('kind', [plannedRunSchema, canaryItemSchema]);
export type JudgeWork = z.infer<typeof judgeWorkSchema>;
