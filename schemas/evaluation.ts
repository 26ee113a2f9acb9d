import { z } from 'zod';
import { instantSchema, modelIdSchema, sha256Schema, usdSchema, violationSchema } from './common.ts';

export const EVALUATION_MODES = ['answer', 'socratic_turn'] as const;
export const evaluationModeSchema = z
  .enum(EVALUATION_MODES)
  .describe(
    'answer: against the reference; socratic_turn: a tutor reply, scored as the weekly run scores it',
  );

export const evaluationIdSchema = z
  .string()
  .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'expected a ULID')
  .describe('ULID; its time is the evaluation’s');

const criterionMarkSchema = z.object({
  name: z.string(),
  score: z.number().min(0).max(10),
  quote: z.string(),
});

/** evaluator/dt=…/<evaluation_id>.json: one answer evaluated (seed 4's chatbot). Texts are scrubbed of personal data. */
export const evaluationSchema = z.object({
  evaluation_id: evaluationIdSchema,
  created_at: instantSchema,
  mode: evaluationModeSchema,
  question_id: z.string(),
  question: z.string(),
  answer: z.string(),
  reference_answer: z.string(),
  score: z.number().min(0).max(10).nullable().describe('0–10; null when the judge gave no readable verdict'),
  criteria: z.array(criterionMarkSchema),
  violations: z.array(violationSchema).describe('socratic_turn only'),
  feedback: z.string(),
  rouge_l: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('wording in common with the reference, beside the score'),
  scored_by: z.enum(['heuristic', 'judge', 'resolved', 'unscored']).describe('the stage that decided'),
  stage_1: z
    .object({ score: z.number().min(0).max(10), criteria: z.array(criterionMarkSchema) })
    .describe('what the rules alone say'),
  judge_model: modelIdSchema.nullable(),
  judge_outcome: z
    .enum(['judged', 'abstained', 'refused', 'malformed', 'not_asked'])
    .describe('abstained: a simulated judge knows phrases of its bank only'),
  is_simulated: z.boolean().describe('the judge is simulated'),
  how: z.string().describe('how this score came about, in a sentence'),
  prompt_sha256: sha256Schema.nullable(),
  repeat: z.number().int().min(1).describe('which of the readings asked for, from 1'),
  is_cached: z.boolean().describe('the verdict was read before: nothing was called'),
  removed_pii: z.object({ email: z.number().int(), phone: z.number().int(), card: z.number().int() }),
  cost_usd: usdSchema,
  latency_ms: z.number().min(0),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const FAIRNESS_TAGS = [
  'fair',
  'too_harsh',
  'too_lenient',
  'missed_my_point',
  'wrong_about_content',
  'unclear_feedback',
] as const;

export const fairnessRequestSchema = z.strictObject({
  tags: z.array(z.enum(FAIRNESS_TAGS)).max(FAIRNESS_TAGS.length),
  text: z.string().max(4000).default(''),
});
export type FairnessRequest = z.infer<typeof fairnessRequestSchema>;

/** evaluator/dt=…/<evaluation_id>.feedback-<NNN>.json: "was this fair?" */
export const fairnessSchema = z.object({
  evaluation_id: evaluationIdSchema,
  created_at: instantSchema,
  tags: z.array(z.enum(FAIRNESS_TAGS)),
  text: z.string(),
  sentiment: z.object({
    label: z.enum(['positive', 'negative', 'neutral']),
    score: z.number(),
    method: z.string(),
  }),
});
export type Fairness = z.infer<typeof fairnessSchema>;

const readingSchema = {
  mode: evaluationModeSchema.default('answer'),
  answer: z.string().min(1).max(20_000),
  repeats: z.number().int().min(1).max(20).default(1).describe('readings of the same answer, for the spread'),
};
/** An answer to a question of the dataset, or to one of your own. */
export const evaluationRequestSchema = z.union([
  z.strictObject({ ...readingSchema, question_id: z.string().min(1).max(64) }),
  z.strictObject({
    ...readingSchema,
    question: z.string().min(3).max(4000),
    reference_answer: z.string().min(1).max(4000),
  }),
]);
export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;

/** What POST /evaluations answers: one record a reading. */
export const evaluationAnswerSchema = z.object({
  evaluations: z.array(evaluationSchema).min(1),
  spread: z
    .object({ n: z.number().int(), mean: z.number(), sd_pts: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe('of the scores; null below two scored readings'),
  prompt: z.object({ system: z.string(), user: z.string() }).describe('exactly what the judge was sent'),
});
export type EvaluationAnswer = z.infer<typeof evaluationAnswerSchema>;

/** What a page needs to know before the first answer. References stay hidden until one is given. */
export const evaluatorAboutSchema = z.object({
  judge_model: modelIdSchema,
  is_simulated: z.boolean(),
  is_paid: z.boolean(),
  notices: z.array(z.string()),
  max_answer_chars: z.number().int(),
  max_repeats: z.number().int(),
  pass_score: z.number().describe('a tutor turn complies from this score on'),
  questions: z.array(
    z.object({ id: z.string(), question: z.string(), tags: z.array(z.string()), has_rubric: z.boolean() }),
  ),
});
export type EvaluatorAbout = z.infer<typeof evaluatorAboutSchema>;
