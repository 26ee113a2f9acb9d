import { z } from 'zod';
import { alertRuleSchema } from './alert-rules.ts';
import { countSchema, executionIdSchema, instantSchema, slugSchema, weekSchema } from './common.ts';

/** alerts/week=…/<execution_id>.jsonl: one rule that fired, or was resolved. */
export const alertSchema = z.object({
  alert_id: z.string().describe('series+rule+model+variant+week; repeats are one alert'),
  execution_id: executionIdSchema,
  series: slugSchema,
  week: weekSchema,
  rule: alertRuleSchema,
  status: z.enum(['firing', 'resolved', 'muted']),
  model: z.string().nullable(),
  variant: z.string().nullable(),
  phase: z.string(),
  value: z.number().nullable(),
  previous_value: z.number().nullable(),
  change: z.number().nullable(),
  ci_low: z.number().nullable(),
  ci_high: z.number().nullable(),
  p_adjusted: z.number().nullable().describe('Holm over the statistical tests of the week'),
  n: countSchema,
  minimum_detectable_change: z.number().nullable(),
  message: z.string().max(500),
  created_at: instantSchema.describe('scheduled time of the execution, so that a repeat has the same bytes'),
});
export type Alert = z.infer<typeof alertSchema>;
