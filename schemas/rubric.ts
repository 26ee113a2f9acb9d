import { z } from 'zod';
import { CRITERION_NAMES, ptsSchema, violationSchema } from './common.ts';
import { CSD_DIMENSIONS } from './csd-subscores.ts';

const weight = z.number().min(0).max(1);
const sumsToOne = (weights: Record<string, number>) =>
  Math.abs(Object.values(weights).reduce((a, b) => a + b, 0) - 1) < 1e-9;

const criterionSchema = z.strictObject({
  judge_question: z.string().min(10).max(400).describe('what the judge is asked, answered 0–5'),
  anchors: z
    .record(z.enum(['0', '1', '2', '3', '4', '5']), z.string().max(200))
    .describe('what each mark means'),
  stage_1: z
    .string()
    .min(10)
    .max(400)
    .describe('how the heuristics fill it: detectors and probabilities to 0–10'),
});

/** config/rubrics/rubric-<version>.json: weights, thresholds and questions of the measure. */
export const rubricSchema = z.strictObject({
  version: z.string(),
  weights: z
    .strictObject({ form: weight, substance: weight, purity: weight })
    .refine(sumsToOne, 'expected weights that sum to 1'),
  criteria: z.strictObject(
    Object.fromEntries(CRITERION_NAMES.map((name) => [name, criterionSchema])) as Record<
      (typeof CRITERION_NAMES)[number],
      typeof criterionSchema
    >,
  ),
  pass_score: ptsSchema.describe('a turn complies from this score on'),
  disqualifying: z.array(violationSchema).describe('violations that exclude compliance whatever the score'),
  zero_score: z.array(violationSchema).describe('violations that set the score to 0'),
  half_life: z.strictObject({
    window_turns: z.number().int().min(1).describe('scored turns in the moving average (3)'),
    threshold_pts: ptsSchema.describe('half-life is the first turn whose average lies below'),
    curve_thresholds_pts: z.array(ptsSchema).min(1),
    relative_frac: weight.describe('relative half-life: first average below this share of the first one'),
    max_unscored_frac: weight.describe('more unscored turns than this: the run is censored, reason judge'),
    smallest_decline_pts: ptsSchema.describe('a smaller decline is none, whatever its interval'),
  }),
  csd_weights: z
    .strictObject(
      Object.fromEntries(CSD_DIMENSIONS.map((name) => [name, weight])) as Record<
        (typeof CSD_DIMENSIONS)[number],
        typeof weight
      >,
    )
    .refine(sumsToOne, 'expected weights that sum to 1'),
  judge: z.strictObject({
    window_exchanges: z.number().int().min(3).max(6).describe('exchanges the judge sees'),
    max_window_chars: z.number().int().min(500).describe('longest window shown; older text is elided'),
    split_pts: ptsSchema.describe('|judge − heuristic| above this calls the secondary judge'),
  }),
  filter: z.strictObject({
    max_pass_risk: weight.describe(
      'of turns passed unjudged at most this share is non-compliant (upper 95% bound)',
    ),
    max_fail_risk: weight.describe(
      'of turns failed unjudged at most this share is compliant (upper 95% bound)',
    ),
    max_false_fail_frac: weight.describe(
      'of all compliant turns at most this share is failed unjudged (upper 95% bound): one false failure can end a half-life',
    ),
    min_calibration_turns: z
      .number()
      .int()
      .min(1)
      .describe('judged turns of the series needed before anything is skipped on a real judge'),
    audit_frac: weight.describe('share of skipped turns judged anyway, at least'),
    min_audit_turns: z
      .number()
      .int()
      .min(0)
      .describe(
        'so many audited turns a planned execution is to come out with; a small one audits a larger share',
      ),
  }),
});
export type Rubric = z.infer<typeof rubricSchema>;
