import { z } from 'zod';
import { artefactStemSchema, usdSchema } from './common.ts';

const frac = z.number().min(0).max(1);

/** One criterion of an answer: what the judge is asked, and how stage 1 fills it. */
export const answerCriterionSchema = z.strictObject({
  name: z.enum(['accuracy', 'completeness', 'clarity']),
  weight: frac,
  judge_question: z.string().min(10).max(400),
  stage_1: z.string().min(10).max(400),
});

/** config/evaluator/evaluator-<version>.json: the evaluator of spec 4.5. Outside the measure: no weekly figure reads it. */
export const evaluatorConfigSchema = z.strictObject({
  version: artefactStemSchema,
  dataset: artefactStemSchema.describe('questions that are offered without --dataset'),
  answer_prompt: artefactStemSchema,
  criteria: z
    .array(answerCriterionSchema)
    .length(3)
    .refine(
      (criteria) => Math.abs(criteria.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-9,
      'expected weights that sum to 1',
    ),
  stage_1: z.strictObject({
    polarity_factor: frac.describe('accuracy is multiplied by it when a negation stands in one text only'),
    number_factor: frac.describe(
      '… when the answer names a number that neither reference nor question holds',
    ),
    min_words: z.number().int().min(1).describe('a shorter answer loses unclear_pts of clarity'),
    max_sentence_words: z.number().int().min(5).describe('so does one with longer sentences on average'),
    unclear_pts: z.number().min(0).max(10),
  }),
  judge: z.strictObject({
    model: z.string().describe('model of the seed’s environment names when MASTER_MODEL_NAME is not set'),
    max_output_tokens: z.number().int().min(1),
    temperature: z.number().min(0).max(2),
  }),
  limits: z.strictObject({
    answer_chars: z.number().int().min(100).max(20_000),
    requests_per_minute: z.number().int().min(1).describe('evaluations a minute and client'),
    max_repeats: z.number().int().min(1).max(20),
    max_cost_usd_per_day: usdSchema.describe('hard cap of a paid judge in `view`'),
  }),
});
export type EvaluatorConfig = z.infer<typeof evaluatorConfigSchema>;

/** One question of a dataset, in the seed's form. */
export const questionSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected 1-64 of A-Z a-z 0-9 . _ -')
    .optional(),
  question: z.string().min(3).max(4000),
  answer: z.string().min(1).max(4000).describe('the reference'),
  rubric: z.string().max(2000).optional().describe('what to look for, for the judge'),
  tags: z.array(z.string().max(40)).max(20).optional(),
});
export type Question = z.infer<typeof questionSchema> & { id: string };
