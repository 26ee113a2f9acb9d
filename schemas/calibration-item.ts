import { z } from 'zod';
import { CRITERION_NAMES, criteriaSchema, ptsSchema, violationSchema } from './common.ts';

/** calibration/golden_sets/golden_set_v<N>.jsonl: one tutor turn with expert marks. */
export const calibrationItemSchema = z.object({
  item_id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  domain: z.string().max(60),
  goal: z.string().max(1000),
  reference_answer: z.string().max(400).nullable(),
  context: z.array(z.object({ role: z.enum(['student', 'tutor']), text: z.string() })).min(1),
  tutor_text: z.string(),
  expert_criteria: criteriaSchema,
  expert_score: ptsSchema,
  violations: z.array(violationSchema),
  raters: z.array(z.string()).describe('`construction` where the label holds by construction'),
  source: z.string().max(120),
  labelled: z
    .object({ criteria: z.array(z.enum(CRITERION_NAMES)), violations: z.array(violationSchema) })
    .optional()
    .describe(
      'what the raters decided on, present or absent, where that is not everything; other criteria hold mid-scale stand-ins, and neither they nor expert_score count in any figure',
    ),
});
export type CalibrationItem = z.infer<typeof calibrationItemSchema>;
