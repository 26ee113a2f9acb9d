import { z } from 'zod';
import { executionIdSchema, fracSchema, runIdSchema, turnIndexSchema, weekSchema } from './common.ts';

/** audit/week=…/<execution_id>.jsonl: a turn for human eyes. */
export const auditItemSchema = z.object({
  audit_id: z.string(),
  execution_id: executionIdSchema,
  week: weekSchema,
  run_id: runIdSchema,
  turn_index: turnIndexSchema,
  raw_key: z.string(),
  drawn_as: z.enum(['split', 'random']),
  draw_probability: fracSchema.describe('known probability of a random draw; 1 for splits'),
  priority: z.number().describe('larger first'),
  status: z.enum(['open', 'labelled']),
});
export type AuditItem = z.infer<typeof auditItemSchema>;
