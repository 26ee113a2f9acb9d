import { z } from 'zod';
import {
  countSchema,
  CRITERION_NAMES,
  criteriaSchema,
  modelIdSchema,
  ptsSchema,
  usageSchema,
  usdSchema,
  violationSchema,
} from './common.ts';

const evidence = z.string().max(300);

/** Stage 2 (spec 3.2): a judge's verdict on one tutor turn; marks 0–5 mapped to 0–10. */
export const judgeResultSchema = z.object({
  judge_model: modelIdSchema,
  rationale: z.string().max(2000).describe('reason, given before the verdict'),
  criteria: criteriaSchema,
  evidence: z.object(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, evidence])) as Record<
      (typeof CRITERION_NAMES)[number],
      typeof evidence
    >,
  ),
  violations: z.array(violationSchema),
  form_pts: ptsSchema,
  substance_pts: ptsSchema,
  purity_pts: ptsSchema,
  score: ptsSchema,
  is_repaired: z.boolean().describe('the first answer was malformed and a repair ask mended it'),
  attempts: countSchema,
  latency_ms: z.number().min(0),
  ...usageSchema.shape,
  cost_usd: usdSchema,
});
export type JudgeResult = z.infer<typeof judgeResultSchema>;
