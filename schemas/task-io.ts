import { z } from 'zod';
import {
  countSchema,
  dtSchema,
  executionIdSchema,
  instantSchema,
  manifestIdSchema,
  slugSchema,
  usdSchema,
  weekSchema,
} from './common.ts';
import { overridesSchema } from './profile.ts';

/** Inputs and outputs of the seven tasks: pointers and counts only, never lists (Step Functions allows 256 KiB). */
export const limitsSchema = z.strictObject({
  max_cost_usd: z.number().min(0).optional().describe("hard cap; default the profile's budget_usd"),
  concurrency: z.number().int().min(1).max(1000).optional(),
});

/** Input of the state machine. A raw start-execution with `{}` works: the defaults are the command line's. */
export const executionInputSchema = z.strictObject({
  profile: slugSchema.optional(),
  manifest_key: z.string().optional(),
  scheduled_at: instantSchema.optional(),
  execution_id: executionIdSchema.optional(),
  overrides: overridesSchema.optional(),
  limits: limitsSchema.optional(),
  retry_errors: z
    .boolean()
    .optional()
    .describe('re-open rows that ended failed or censored by infrastructure or judge'),
});
export type ExecutionInput = z.infer<typeof executionInputSchema>;

/** What the schedule, the command line and the API ask the start function for. */
export const startRequestSchema = z.strictObject({
  profile: slugSchema,
  scheduled_at: instantSchema.describe(
    'decides week, dt and ids; the schedule gives its own time, not the delivery',
  ),
  overrides: overridesSchema.optional(),
  limits: limitsSchema.optional(),
});
export type StartRequest = z.infer<typeof startRequestSchema>;
export interface StartOutput {
  manifest_id: string;
  execution_id: string;
  week: string;
  /** `exists`: this content has an execution in this week already; a duplicate delivery is a no-op. */
  outcome: 'started' | 'exists';
}

/** LoadManifest gets the machine's input and, from the context object, the execution's name and start. */
export const loadManifestInputSchema = z.object({
  input: executionInputSchema,
  execution_name: z.string(),
  started_at: instantSchema,
});
export type LoadManifestInput = z.infer<typeof loadManifestInputSchema>;

export const pointersSchema = z.object({
  manifest_id: manifestIdSchema,
  manifest_key: z.string(),
  execution_id: executionIdSchema,
  series: slugSchema,
  week: weekSchema,
  dt: dtSchema,
  scheduled_at: instantSchema,
  max_cost_usd: usdSchema,
  run_concurrency: z.number().int().min(1),
  judge_concurrency: z.number().int().min(1),
  execution_name: z.string().describe('name of the Step Functions execution; a retry is <execution_id>--r2'),
  retry_errors: z.boolean(),
});
export type Pointers = z.infer<typeof pointersSchema>;

export const planPointersSchema = pointersSchema.extend({
  plan_key: z.string(),
  runs_key: z.string(),
  judgements_key: z.string(),
  planned: countSchema,
  skipped: countSchema,
  estimated_usd: usdSchema,
});
export type PlanPointers = z.infer<typeof planPointersSchema>;

/** What the runner and the judge return; on AWS it is the exit code alone, the lake holds the result. */
export type WorkOutcome = { status: 'done' | 'adopted' | 'ended_early'; turns: number };

export const aggregateOutputSchema = z.object({
  planned: countSchema,
  scored: countSchema,
  skipped: countSchema,
  failed: countSchema,
  coverage_frac: z.number(),
  spent_usd: usdSchema,
  is_partial: z.boolean(),
});
export type AggregateOutput = z.infer<typeof aggregateOutputSchema>;
export const checkAlertsOutputSchema = z.object({
  firing: countSchema,
  resolved: countSchema,
  muted: countSchema,
});
export type CheckAlertsOutput = z.infer<typeof checkAlertsOutputSchema>;
export const publishMetricsOutputSchema = z.object({
  metrics: countSchema,
  outcome: z.enum(['complete', 'partial']),
});
export type PublishMetricsOutput = z.infer<typeof publishMetricsOutputSchema>;
