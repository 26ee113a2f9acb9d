import { z } from 'zod';
import {
  CRITERION_NAMES,
  dtSchema,
  executionIdSchema,
  modelIdSchema,
  ptsSchema,
  sha256Schema,
  slugSchema,
  usdSchema,
  violationSchema,
  weekSchema,
} from './common.ts';

const perCriterion = <T extends z.ZodType>(schema: T) =>
  z.object(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, schema])) as Record<
      (typeof CRITERION_NAMES)[number],
      T
    >,
  );

/** calibration/results/dt=…/<execution_id>.jsonl: the judge on one golden item. */
export const canaryResultSchema = z.object({
  execution_id: executionIdSchema,
  week: weekSchema,
  dt: dtSchema,
  series: slugSchema,
  measure_sha256: sha256Schema,
  golden_set: z.string(),
  item_id: z.string(),
  judge_model: modelIdSchema,
  expert_score: ptsSchema,
  judge_score: ptsSchema.nullable(),
  expert_criteria: perCriterion(ptsSchema),
  judge_criteria: perCriterion(ptsSchema).nullable(),
  expert_violations: z.array(violationSchema),
  judge_violations: z.array(violationSchema),
  deviation_pts: z.number().nullable().describe('judge − expert'),
  cost_usd: usdSchema,
});
export type CanaryResult = z.infer<typeof canaryResultSchema>;

/** calibration/results/dt=…/<execution_id>.summary.json */
export const canarySummarySchema = z.object({
  execution_id: executionIdSchema,
  week: weekSchema,
  dt: dtSchema,
  series: slugSchema,
  measure_sha256: sha256Schema,
  golden_set: z.string(),
  judge_model: modelIdSchema,
  n_items: z.number().int().min(0),
  n_judged: z.number().int().min(0),
  mae_pts: z.number().nullable(),
  bias_pts: z.number().nullable(),
  kappa: z.number().nullable().describe('weighted κ of compliance-relevant marks, judge against experts'),
  by_criterion: z.array(
    z.object({
      criterion: z.enum(CRITERION_NAMES),
      kappa: z.number().nullable(),
      mae_pts: z.number().nullable(),
      bias_pts: z.number().nullable(),
    }),
  ),
  experts_mutual_mae_pts: z
    .number()
    .nullable()
    .describe(
      'mean absolute difference of the raters of a turn; 0 for a constructed set, null where not known',
    ),
});
export type CanarySummary = z.infer<typeof canarySummarySchema>;
