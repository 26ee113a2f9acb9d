import { z } from 'zod';
import { criteriaSchema, fracSchema, ptsSchema, violationSchema } from './common.ts';

/** A violation with the span of the tutor's text that shows it. Offsets are UTF-16 code units, end exclusive; 0–0 where there is no span (empty, no_question). */
export const violationSpanSchema = z.object({
  violation: violationSchema,
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  text: z.string().max(400),
});

/** Kinds of question, after Paul and Elder's taxonomy of Socratic questions; `none` when nothing is asked. */
export const QUESTION_TYPES = [
  'clarify',
  'assumption',
  'evidence',
  'viewpoint',
  'implication',
  'meta',
  'other',
  'none',
] as const;
export const questionTypeSchema = z.enum(QUESTION_TYPES);
export type QuestionType = z.infer<typeof questionTypeSchema>;

/** Stage 1 (spec 3.2): what rules and small calibrated models say of one tutor turn. */
export const heuristicResultSchema = z.object({
  criteria: criteriaSchema,
  probabilities: z.object({
    telling: fracSchema,
    reveals_answer: fracSchema,
    leading: fracSchema,
    builds_on_prior: fracSchema,
  }),
  violations: z.array(violationSpanSchema),
  question_count: z.number().int().min(0),
  question_type: questionTypeSchema,
  form_pts: ptsSchema,
  substance_pts: ptsSchema,
  purity_pts: ptsSchema,
  score: ptsSchema,
  is_compliant: z.boolean(),
  noncompliance_risk: fracSchema.describe('calibrated probability that the turn is not compliant'),
});
export type HeuristicResult = z.infer<typeof heuristicResultSchema>;
