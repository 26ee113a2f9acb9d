import { z } from 'zod';

/** Who speaks, under the names in use elsewhere. */
export const TRANSCRIPT_ROLES = ['student', 'user', 'tutor', 'assistant', 'teacher'] as const;
export const STUDENT_ROLES: readonly string[] = ['student', 'user'];

const MAX_MESSAGE_CHARS = 1_000_000;
const wordsSchema = z.string().max(MAX_MESSAGE_CHARS).optional();

/** One message; keys beside these are allowed and ignored. */
export const transcriptMessageSchema = z
  .looseObject({
    role: z.enum(TRANSCRIPT_ROLES).describe('student or user; tutor, assistant or teacher'),
    text: wordsSchema.describe('the words; or `content`'),
    content: wordsSchema.describe('the words; or `text`'),
  })
  .superRefine((message, context) => {
    if (message.text === undefined && message.content === undefined)
      context.addIssue({ code: 'custom', path: ['text'], message: 'expected `text` or `content`' });
    else if (message.text !== undefined && message.content !== undefined && message.text !== message.content)
      context.addIssue({
        code: 'custom',
        path: ['content'],
        message: 'expected the same words as `text`, or only one of the two',
      });
  });

/** One line of the file that `score` reads: a dialogue made elsewhere. Keys beside these are allowed and ignored. */
export const transcriptSchema = z.looseObject({
  dialogue_id: z.string().max(200).optional(),
  messages: z.array(transcriptMessageSchema).min(1).max(10_000),
  meta: z
    .looseObject({
      reference_answer: z
        .string()
        .max(4000)
        .nullish()
        .describe('the answer the tutor must not give away, where there is one'),
    })
    .nullish(),
});
export type Transcript = z.infer<typeof transcriptSchema>;
