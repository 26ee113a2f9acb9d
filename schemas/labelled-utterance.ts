import { z } from 'zod';

/** Binary judgements a labelled set may carry of one tutor utterance; null where its labels do not say. */
export const LABEL_TASKS = ['telling', 'reveals_answer', 'open_question', 'builds_on_prior'] as const;
export type LabelTask = (typeof LABEL_TASKS)[number];

const verdict = z.boolean().nullable().default(null);

/** One line of `<set>.jsonl`: a tutor utterance in its context with human labels, the common form of public sets. */
export const labelledUtteranceSchema = z.object({
  dataset: z.string().min(1),
  dialogue_id: z
    .string()
    .min(1)
    .describe('<group>/<id>; rows of one group are never split between training and test'),
  turn: z.number().int(),
  context: z
    .array(z.object({ role: z.enum(['student', 'tutor']), text: z.string() }))
    .describe('messages before the utterance, oldest first'),
  utterance: z.string(),
  labels: z.record(z.string(), z.unknown()).default({}).describe('labels by their original names'),
  binary: z
    .object({ telling: verdict, reveals_answer: verdict, open_question: verdict, builds_on_prior: verdict })
    .prefault({}),
  extra: z.record(z.string(), z.unknown()).nullish(),
  meta: z
    .object({
      reference_answer: z.string().nullish(),
      responder: z.string().nullish().describe('who gave the reply, where several answered the same context'),
    })
    .loose()
    .nullish(),
});
export type LabelledUtterance = z.infer<typeof labelledUtteranceSchema>;

/** One line of `<set>.transcripts.jsonl`: a whole dialogue. */
export const transcriptSchema = z.object({
  dataset: z.string().min(1),
  dialogue_id: z.string().min(1),
  messages: z.array(z.object({ role: z.enum(['student', 'tutor']), text: z.string() })),
});
