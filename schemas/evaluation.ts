import { z } from 'zod';
import { instantSchema, modelIdSchema, sha256Schema, usdSchema } from './common.ts';

/** evaluator/dt=…/<evaluation_id>.json: one answer evaluated (seed 4's chatbot). */
export const evaluationSchema = z.object({
  evaluation_id: z.string(),
  created_at: instantSchema,
  mode: z.enum(['answer', 'socratic_turn']),
  question_id: z.string(),
  question: z.string(),
  answer: z.string(),
  reference_answer: z.string(),
  score: z.number().min(0).max(10).nullable(),
  criteria: z.array(z.object({ name: z.string(), score: z.number().min(0).max(10), quote: z.string() })),
  feedback: z.string(),
  rouge_l: z.number().min(0).max(1).nullable(),
  scored_by: z.enum(['heuristic', 'judge', 'unscored']),
  judge_model: modelIdSchema.nullable(),
  prompt_sha256: sha256Schema.nullable(),
  cost_usd: usdSchema,
  latency_ms: z.number().min(0),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
