import { z } from 'zod';
import { paragraphSchema, slugSchema, testTypeSchema, titleSchema, vectorSchema } from './common.ts';

/** What the student may do next, drawn on by the scripted student. */
export const STUDENT_MOVES = [
  'assertion',
  'confusion',
  'example',
  'deflection',
  'advice_request',
  'contradiction',
  'concession',
  'insight',
  'meta_question',
] as const;
export const studentMoveSchema = z.enum(STUDENT_MOVES);
export type StudentMove = z.infer<typeof studentMoveSchema>;

export const salientItemSchema = z.strictObject({
  item_id: slugSchema,
  text: z.string().min(2).max(120).describe('short noun phrase as the student says it'),
  terms: z
    .array(z.string().min(2).max(40))
    .min(1)
    .max(12)
    .describe('lower-case words any of which, in a question, take the item up'),
  kind: z.enum(['entity', 'claim', 'goal']),
  weight: z.number().min(0.1).max(3),
});
export const contradictionSchema = z.strictObject({
  slot: slugSchema.describe('what the student holds a view on'),
  first: z.string().min(5).max(300).describe('what the student says first'),
  second: z.string().min(5).max(300).describe('what the student says later, against the first'),
  first_terms: z
    .array(z.string().min(2).max(40))
    .min(1)
    .describe('lower-case words that name the first side'),
  second_terms: z
    .array(z.string().min(2).max(40))
    .min(1)
    .describe('lower-case words that name the second side'),
});
export const beatSchema = z.strictObject({
  move: studentMoveSchema,
  text: z.string().min(5).max(600).describe('what the student says, in character'),
  item_ids: z.array(slugSchema).default([]).describe('salient items the beat brings up'),
});

/** A scenario: who the student is, what they say, where good questioning would lead. */
export const seedSchema = z.strictObject({
  seed_id: slugSchema,
  vector: vectorSchema,
  test_type: testTypeSchema,
  title: titleSchema,
  domain: z.string().min(2).max(60).describe('subject, e.g. leadership, algebra, chemistry'),
  persona: paragraphSchema.describe('who the student is; first person facts stay consistent with it'),
  student_name: z.string().min(1).max(40),
  student_statement: paragraphSchema.describe('the opening message'),
  goal: paragraphSchema.describe(
    'what good questioning would lead the student to see; the tutor is not told',
  ),
  reference_answer: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .describe('the answer a tutor must not give away, where the subject has one'),
  salient_items: z.array(salientItemSchema).min(4).max(16),
  contradictions: z.array(contradictionSchema).min(1).max(4),
  beats: z.array(beatSchema).min(12).max(80).describe('material for the scripted student, several a move'),
  setting: z
    .strictObject({
      place: z.string().min(2).max(120).describe('organisation or place, for pasted material'),
      people: z.array(z.string().min(2).max(60)).min(3).max(10),
      topics: z
        .array(z.string().min(3).max(120))
        .min(6)
        .max(20)
        .describe('concrete matters the pasted material is about'),
      facts: z
        .array(z.string().min(5).max(240))
        .min(8)
        .max(40)
        .describe('sentences that may stand in pasted material'),
    })
    .describe('what a real student would paste: names, topics and facts of their world'),
});
export type Seed = z.infer<typeof seedSchema>;

/** config/seeds/seeds-<version>.json */
export const seedFileSchema = z.strictObject({
  version: z.string(),
  seeds: z.array(seedSchema).min(1).max(500),
});
