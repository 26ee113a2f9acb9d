import { z } from 'zod';
import { executionIdSchema, modelIdSchema, usageSchema, usdSchema, weekSchema } from './common.ts';

export const COST_COMPONENTS = [
  'dialogue',
  'student',
  'judge',
  'secondary_judge',
  'canary',
  'preflight',
] as const;
/** One model call and what it cost. The ledger is rows, never a counter in memory. */
export const ledgerRowSchema = z.object({
  execution_id: executionIdSchema,
  week: weekSchema,
  run_id: z.string(),
  turn_index: z.number().int().min(0).describe('0 for calls outside a dialogue'),
  component: z.enum(COST_COMPONENTS),
  model: modelIdSchema,
  phase: z.string(),
  attempt: z.number().int().min(1),
  ...usageSchema.shape,
  cost_usd: usdSchema,
  is_estimated: z
    .boolean()
    .describe(
      'the provider told no usage: never answered (counted at the reserved amount) or answered without it (counted by its texts)',
    ),
});
export type LedgerRow = z.infer<typeof ledgerRowSchema>;
