import { z } from 'zod';
import {
  countSchema,
  dtSchema,
  executionIdSchema,
  instantSchema,
  sha256Schema,
  slugSchema,
  usdSchema,
  weekSchema,
} from './common.ts';

/** executions/<execution_id>/status.json: what `status` reads. Circumstance: outside every hash. */
export const executionSchema = z.object({
  execution_id: executionIdSchema,
  manifest_id: z.string().nullable(),
  manifest_key: z.string().nullable(),
  plan_key: z.string().nullable(),
  measure_sha256: z.string().nullable(),
  profile: slugSchema,
  series: slugSchema,
  week: weekSchema,
  dt: dtSchema,
  scheduled_at: instantSchema,
  state: z.enum(['running', 'finished', 'failed', 'aborted']),
  outcome: z.enum(['complete', 'partial']).nullable().describe('partial: a planned run was not scored'),
  current_state: z.string().nullable().describe('state of the machine, while running'),
  n_planned: countSchema,
  n_scored: countSchema,
  n_skipped: countSchema,
  n_failed: countSchema,
  n_alerts: countSchema,
  spent_usd: usdSchema,
  estimated_usd: usdSchema,
  is_simulated: z.boolean(),
  input: z.unknown().describe('the input it was started with, for resume'),
  error: z.object({ name: z.string(), message: z.string() }).nullable(),
  versions: z.record(z.string(), z.string()).describe('package, node, image digests'),
  started_at: instantSchema,
  updated_at: instantSchema,
  ended_at: instantSchema.nullable(),
});
export type Execution = z.infer<typeof executionSchema>;

/** executions/<execution_id>/seal.json: every file of the execution from config/ to curated/. */
export const sealSchema = z.object({
  execution_id: executionIdSchema,
  week_root_sha256: sha256Schema,
  files: z.array(z.object({ key: z.string(), size_bytes: countSchema, sha256: sha256Schema })),
});
export type Seal = z.infer<typeof sealSchema>;
