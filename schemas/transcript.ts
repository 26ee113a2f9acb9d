import { z } from 'zod';

/** Who speaks, under the names in use elsewhere. */
export const TRANSCRIPT_ROLES = ['student', 'user', 'tutor', 'assistant', 'teacher'] as const;
export const STUDENT_ROLES: readonly string[] = ['student', 'user'];

/** Roles of a chat in which neither student nor tutor speaks; their messages are left out. */
export const LEFT_OUT_ROLES = ['system', 'developer', 'tool', 'function'] as const;

/** Kinds of parts that hold words; other parts (images, calls) are left out. */
export const TEXT_PARTS: readonly string[] = ['text', 'input_text', 'output_text'];

const MAX_MESSAGE_CHARS = 1_000_000;
const MAX_PARTS = 1000;
const textSchema = z.string().max(MAX_MESSAGE_CHARS);
const partSchema = z
  .looseObject({ type: z.string(), text: textSchema.optional() })
  .superRefine((part, context) => {
    if (TEXT_PARTS.includes(part.type) && part.text === undefined)
      context.addIssue({ code: 'custom', path: ['text'], message: 'expected string' });
  });
const wordsSchema = z.union([textSchema, z.array(partSchema).max(MAX_PARTS)]).nullish();
type Words = z.infer<typeof wordsSchema>;

/** The words of a message, parts joined by a line break; null where it has none, as one that only calls a tool. */
export function wordsOfMessage({ text, content }: { text?: Words; content?: Words }): string | null {
  const words = text ?? content ?? null;
  if (words === null || typeof words === 'string') return words;
  const texts = words.flatMap((part) => (TEXT_PARTS.includes(part.type) ? [part.text ?? ''] : []));
  return texts.length === 0 ? null : texts.join('\n');
}

/** A message that somebody says; keys beside these are allowed and ignored. */
const spokenMessageSchema = z
  .looseObject({
    role: z.enum(TRANSCRIPT_ROLES).describe('student or user; tutor, assistant or teacher'),
    text: wordsSchema.describe('the words, or parts of them; or `content`'),
    content: wordsSchema.describe('the words, or parts of them; or `text`'),
    tool_calls: z.unknown().optional().describe('a tutor that only calls a tool says nothing'),
    function_call: z.unknown().optional().describe('the same under its older name'),
  })
  .superRefine((message, context) => {
    const { text, content } = message;
    const isCall = (message.tool_calls ?? message.function_call ?? null) !== null;
    if ((text ?? content ?? null) === null) {
      if (!isCall)
        context.addIssue({ code: 'custom', path: ['text'], message: 'expected `text` or `content`' });
    } else if (
      (text ?? null) !== null &&
      (content ?? null) !== null &&
      wordsOfMessage({ text }) !== wordsOfMessage({ content })
    )
      context.addIssue({
        code: 'custom',
        path: ['content'],
        message: 'expected the same words as `text`, or only one of the two',
      });
  });

const leftOutMessageSchema = z.looseObject({ role: z.enum(LEFT_OUT_ROLES).describe('left out') });

/** One message; whatever a message that is left out holds is not looked at. */
const transcriptMessageSchema = z.discriminatedUnion('role', [spokenMessageSchema, leftOutMessageSchema], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? `expected one of ${[...TRANSCRIPT_ROLES, ...LEFT_OUT_ROLES].join('|')}`
      : undefined,
});

/** What `score` reads, one a line or one list of them: a dialogue made elsewhere. Keys beside these are allowed and ignored. */
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
