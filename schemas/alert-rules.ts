import { z } from 'zod';
import { fracSchema, modelIdSchema, instantSchema } from './common.ts';

export const ALERT_RULES = [
  'half_life_drop',
  'compliance_drop',
  'judge_disagreement',
  'canary_deviation',
  'coverage',
  'cost',
] as const;
export const alertRuleSchema = z.enum(ALERT_RULES);
export type AlertRule = z.infer<typeof alertRuleSchema>;

/** config/alerts/alerts-<version>.json: thresholds of spec 3.6. */
export const alertRulesSchema = z.strictObject({
  version: z.string(),
  family_alpha: fracSchema.describe('family-wise false-alarm rate per week under no change'),
  permutations: z.number().int().min(200).max(100_000).describe('sign-flip permutations of a paired test'),
  half_life_drop: z.strictObject({ min_drop_frac: fracSchema }),
  compliance_drop: z.strictObject({
    min_drop_frac: fracSchema.describe('points as a fraction: 0.10 = 10 points'),
  }),
  judge_disagreement: z.strictObject({ max_split_frac: fracSchema, min_rise_frac: fracSchema }),
  canary_deviation: z.strictObject({ max_drift_frac: fracSchema, max_level_frac: fracSchema }),
  coverage: z.strictObject({ min_coverage_frac: fracSchema, max_context_overflow_frac: fracSchema }),
  cost: z.strictObject({ note: z.string() }),
  mutes: z.array(
    z.strictObject({
      rule: alertRuleSchema,
      model: modelIdSchema.optional(),
      until: instantSchema,
      reason: z.string().min(3),
    }),
  ),
});
export type AlertRules = z.infer<typeof alertRulesSchema>;
