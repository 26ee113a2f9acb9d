import { z } from 'zod';
import { canarySummarySchema } from './canary-result.ts';
import {
  countSchema,
  dtSchema,
  executionIdSchema,
  fracSchema,
  manifestIdSchema,
  sha256Schema,
  slugSchema,
  usdSchema,
  weekSchema,
} from './common.ts';
import { weeklySummarySchema } from './weekly-summary.ts';

/** The official execution whose judge and canary figures later weeks of the same measure are held against. */
export const baselineSchema = z.object({
  execution_id: executionIdSchema,
  week: weekSchema,
  dt: dtSchema,
  judge_split_frac: fracSchema.nullable(),
  n_judged_turns: countSchema,
});

/** executions/<execution_id>/summary.json: what Aggregate computed; CheckAlerts, PublishMetrics and people read it. */
export const executionSummarySchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: manifestIdSchema,
  measure_sha256: sha256Schema,
  profile: slugSchema,
  series: slugSchema,
  week: weekSchema,
  dt: dtSchema,
  is_simulated: z.boolean().describe('every tutor of the execution is simulated'),
  n_planned: countSchema.describe('rows planned, and those skipped as their model was closed (access)'),
  n_scored: countSchema,
  n_skipped: countSchema,
  n_failed: countSchema,
  n_turns: countSchema,
  coverage_frac: fracSchema,
  is_partial: z.boolean().describe('a planned run was not scored'),
  budget_usd: usdSchema,
  estimated_usd: usdSchema,
  spent_usd: usdSchema,
  spent_by_component: z.array(z.object({ component: z.string(), cost_usd: usdSchema, n_calls: countSchema })),
  skips: z.array(
    z.object({
      model: z.string(),
      phase: z.string(),
      reason: z.string(),
      detail: z.string(),
      n_rows: countSchema,
    }),
  ),
  weekly: z.array(weeklySummarySchema),
  judge_latency_p95_ms: z.array(z.object({ model: z.string(), phase: z.string(), value: z.number().min(0) })),
  canary: canarySummarySchema.nullable(),
  previous: z
    .object({ execution_id: executionIdSchema, week: weekSchema, measure_sha256: sha256Schema })
    .nullable()
    .describe('official execution of the week before in this series'),
  baseline: baselineSchema
    .nullable()
    .describe('null in the first week of a measure: it becomes the baseline'),
  week_root_sha256: sha256Schema,
});
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;
