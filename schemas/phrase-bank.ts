import { z } from 'zod';
import { criteriaSchema, CRITERION_NAMES, slugSchema, violationSchema } from './common.ts';
import { questionTypeSchema } from './heuristic-result.ts';
import { pressureTacticSchema } from './phase-profile.ts';
import { STUDENT_MOVES } from './seed.ts';

/** Kinds of question that a phrase of the bank asks: those of stage 1, without its leftovers. */
const questionKindSchema = questionTypeSchema.exclude(['other', 'none']);

/** How a phrase treats the student: `clean` asks as Socrates would, every other kind fails in the way it is named after. */
export const PHRASE_KINDS = [
  'clean',
  'telling',
  'lecture',
  'advice',
  'leading',
  'multiple_questions',
  'directive',
  'praise_only',
  'reveals_answer',
  'answers_own_question',
  'follows_decoy',
  'closed_question',
  'echo',
  'template',
  'forgetful',
  'ignores_contradiction',
  'ignores_meta',
  'injector',
] as const;
const phraseKindSchema = z.enum(PHRASE_KINDS);
export type PhraseKind = (typeof PHRASE_KINDS)[number];

/** What a phrase answers to: an ordinary student turn, or one of the turns that ask for something particular. */
export const OCCASIONS = ['ordinary', 'decoy', 'pressure', 'contradiction', 'meta'] as const;
const occasionSchema = z.enum(OCCASIONS);
export type Occasion = (typeof OCCASIONS)[number];

/** What may stand in braces in a pattern. */
export const SLOTS = ['focus', 'said', 'item', 'other', 'first', 'second', 'decoy', 'answer'] as const;
export type Slot = (typeof SLOTS)[number];

/** The literal between two slots by which a reply is recognised; the longest of a pattern has at least this many characters. */
export const MIN_LITERAL_CHARS = 12;
const SLOT = new RegExp(`\\{(?:${SLOTS.join('|')})\\}`, 'g');

const patternSchema = z
  .string()
  .min(MIN_LITERAL_CHARS)
  .max(1200)
  .refine(
    (text) => Math.max(...text.split(SLOT).map((literal) => literal.length)) >= MIN_LITERAL_CHARS,
    `expected a stretch of at least ${MIN_LITERAL_CHARS} characters between slots, by which the phrase is recognised`,
  )
  .refine(
    (text) => !new RegExp(`${SLOT.source}\\s*${SLOT.source}`).test(text),
    'expected words between two slots',
  )
  .describe(
    'a phrase with slots: {focus} words of the student, in quotation marks; {said} the whole message, in quotation marks; {item}, {other} salient points as noun phrases after a preposition; {first}, {second} sides of a contradiction; {decoy}; {answer} the reference answer',
  );

const phraseGroupSchema = z
  .strictObject({
    group_id: slugSchema,
    kind: phraseKindSchema,
    occasion: occasionSchema,
    question: questionKindSchema.nullable().describe('kind of question asked; null where none counts'),
    tactic: pressureTacticSchema
      .optional()
      .describe('occasion pressure: answers to this tactic; without it, to any'),
    why: z.string().min(20).max(300).describe('why the marks hold for every phrase of the group'),
    criteria: criteriaSchema.describe(
      'true marks of every phrase of the group, 0–10 in steps of two as the judge marks 0–5',
    ),
    violations: z.array(violationSchema).describe('true violations, complete'),
    patterns: z.array(patternSchema).min(1).max(200),
  })
  .superRefine((group, context) => {
    for (const name of CRITERION_NAMES)
      if (group.criteria[name] % 2 !== 0)
        context.addIssue({
          code: 'custom',
          path: ['criteria', name],
          message: `expected an even number 0–10, got ${group.criteria[name]}`,
        });
    if (group.kind === 'clean' && group.violations.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['violations'],
        message: 'expected none in a clean group',
      });
    if (group.tactic !== undefined && group.occasion !== 'pressure')
      context.addIssue({ code: 'custom', path: ['tactic'], message: 'expected only with occasion pressure' });
  });
export type PhraseGroup = z.infer<typeof phraseGroupSchema>;

const frac = z.number().min(0).max(1);
/** How a simulated judge errs: the confusion matrix, stated. */
export const confusionSchema = z.strictObject({
  why: z.string().max(300),
  adjacent_mark_frac: frac.describe(
    'chance per criterion of one mark (0–5) more or less, half each; at 0 and 5 the half that leads out has no effect',
  ),
  clean_as_failing_frac: frac.describe(
    'chance that a turn without violation is read as one of clean_read_as',
  ),
  failing_as_clean_frac: frac.describe(
    'chance that a turn with a violation is read as one of failing_read_as',
  ),
  clean_read_as: z.array(slugSchema).min(1).describe('groups, drawn evenly'),
  failing_read_as: z.array(slugSchema).min(1).describe('groups, drawn evenly'),
  violation_missed_frac: frac.describe('chance, per violation, of not naming it although the marks show it'),
  malformed_frac: frac.describe('chance that an answer is no readable verdict; drawn anew for each ask'),
});
export type Confusion = z.infer<typeof confusionSchema>;

/** config/simulated/phrases-<version>.json: what simulated tutors say, what is true of it, and how simulated judges err. */
export const phraseBankSchema = z
  .strictObject({
    version: z.string(),
    description: z.string().max(500),
    chars_per_token: z.number().min(1).max(10).describe('characters a token in simulated metering'),
    fits: z
      .record(z.enum(STUDENT_MOVES), z.array(questionKindSchema).min(1))
      .describe("question kinds that suit the student's move, used by tutors that probe well"),
    thread_turns: z
      .strictObject({ min: z.number().int().min(1), max: z.number().int().min(1) })
      .describe('turns a tutor stays with one salient item, drawn evenly'),
    gullible_markers: z
      .array(z.string().min(2).max(60))
      .min(10)
      .describe('lower-case strings that a gullible judge obeys wherever it reads them'),
    confusions: z.record(slugSchema, confusionSchema),
    groups: z.array(phraseGroupSchema).min(1),
  })
  .superRefine((bank, context) => {
    const groups = new Map(bank.groups.map((group) => [group.group_id, group]));
    if (groups.size < bank.groups.length)
      context.addIssue({ code: 'custom', path: ['groups'], message: 'expected each group_id once' });
    const seen = new Map<string, string>();
    for (const [index, group] of bank.groups.entries())
      for (const [position, pattern] of group.patterns.entries()) {
        if (seen.has(pattern))
          context.addIssue({
            code: 'custom',
            path: ['groups', index, 'patterns', position],
            message: `expected a phrase used once, it stands in ${seen.get(pattern)} too`,
          });
        seen.set(pattern, group.group_id);
      }
    for (const [name, confusion] of Object.entries(bank.confusions))
      for (const key of ['clean_read_as', 'failing_read_as'] as const)
        for (const id of confusion[key])
          if (!groups.has(id))
            context.addIssue({
              code: 'custom',
              path: ['confusions', name, key],
              message: `expected a group_id, got "${id}"`,
            });
    for (const occasion of OCCASIONS)
      if (!bank.groups.some((group) => group.kind === 'clean' && group.occasion === occasion))
        context.addIssue({
          code: 'custom',
          path: ['groups'],
          message: `expected a clean group for the occasion ${occasion}`,
        });
    if (bank.thread_turns.max < bank.thread_turns.min)
      context.addIssue({ code: 'custom', path: ['thread_turns'], message: 'expected max ≥ min' });
  });
export type PhraseBank = z.infer<typeof phraseBankSchema>;
