import { z } from 'zod';
import { PRESSURE_TACTICS } from './phase-profile.ts';
import { studentMoveSchema } from './seed.ts';

/**
 * What the student hears in a tutor's reply, in the order in which it is looked for. The last seven are open questions
 * by their kind (Paul and Elder, as in QUESTION_TYPES).
 */
export const HEARD_ACTS = [
  'nothing',
  'contradiction_named',
  'advice',
  'telling',
  'no_question',
  'many_questions',
  'repeated_question',
  'off_topic',
  'closed_question',
  'clarify',
  'assumption',
  'evidence',
  'viewpoint',
  'implication',
  'meta',
  'other',
] as const;
export const heardActSchema = z.enum(HEARD_ACTS);
export type HeardAct = z.infer<typeof heardActSchema>;

/** Kinds of scheduled injection that compete for a turn. Noise is laid over and never competes. */
export const SCHEDULED_KINDS = [
  'decoy_planted',
  'decoy_tempts',
  'pressure',
  'meta',
  'contradiction',
] as const;
export type ScheduledKind = (typeof SCHEDULED_KINDS)[number];

const template = z
  .string()
  .min(1)
  .max(400)
  .refine(isBalanced, 'expected every "[" and "{" to be closed')
  .describe('{slot} is filled in, [a|b] takes one of the sides, which may hold slots and brackets');
const templates = (min: number) => z.array(template).min(min);
const weight = z.number().min(0).max(100);
const phrase = z.string().min(1).max(80).describe('lower case');
const frac = z.number().min(0).max(1);

/** Are brackets and braces of a template closed in order? */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const char of text) {
    if (char === '[' || char === '{') open.push(char);
    else if (char === ']' && open.pop() !== '[') return false;
    else if (char === '}' && open.pop() !== '{') return false;
  }
  return open.length === 0;
}

const actSchema = z.strictObject({
  core_frac: frac.describe('how often more than the opener is said; below 1 where an answer is short'),
  openers: templates(3)
    .refine(
      (openers) => openers.filter((opener) => !opener.includes('{words}')).length >= 3,
      'expected at least three openers without {words}, for replies that offer none',
    )
    .describe('how the student takes the reply up; {words} are words of the question'),
  next: z.partialRecord(studentMoveSchema, weight).describe('weight of each next move'),
});

const tacticSchema = z.strictObject({
  move: studentMoveSchema.describe('what the message counts as'),
  phrasings: z
    .array(
      z
        .strictObject({
          text: template,
          terms: z
            .array(z.string().min(2).max(40))
            .default([])
            .describe('side matter only: lower-case words any of which name it'),
        })
        .refine(
          ({ text, terms }) => terms.length === 0 || !/[[{]/.test(text),
          'expected a side matter without slots and alternatives: it is recorded as it stands',
        ),
    )
    .min(5),
});

const noiseSchema = z.strictObject({
  typo_frac: frac.describe('share of the longer words that get a typo'),
  aside_frac: frac.describe('share of free turns that carry an aside'),
  digression_frac: frac.describe('share of free turns that carry a digression'),
});

/** A kind of document that people paste, and how it is built. */
const genreSchema = z.strictObject({
  name: z.string().min(2).max(40),
  needs: z
    .array(phrase)
    .describe("beginnings of words, one of which the seed's domain or place must hold; empty: every seed"),
  share: weight.describe('how often, relative to the other genres that fit'),
  heads: templates(2),
  rounds: z.tuple([z.number().int().min(1), z.number().int().max(12)]).describe('least and most rounds'),
  round: z
    .array(
      z.strictObject({
        pool: z.string().describe('name of a pool'),
        times: z.tuple([z.number().int().min(0), z.number().int().max(12)]),
        join: z.enum(['space', 'line', 'paragraph']).describe('what stands before each of them'),
        matter: z
          .enum(['same', 'new'])
          .describe('whether they go on about the matter in hand or each takes up another'),
      }),
    )
    .min(1),
  tail: z.string().nullable().describe('pool of the last sentence, if any'),
});

const materialSchema = z
  .strictObject({
    first_day: z.number().int().min(1).max(365).describe('day of the year of the first document'),
    first_weekday: z.number().int().min(0).max(6).describe('0 is Monday'),
    new_day_frac: frac.describe('chance that the next document is of a later day'),
    leads: templates(5).describe('one line with which the student pastes'),
    genres: z.array(genreSchema).min(1),
    pools: z.record(z.string(), templates(4)).describe('sentences by what they do'),
    lists: z.record(z.string(), templates(3)).describe('small vocabularies, usable as {name}'),
  })
  .superRefine((material, context) => {
    material.genres.forEach((genre, index) => {
      const pools = [...genre.round.map((part) => part.pool), ...(genre.tail === null ? [] : [genre.tail])];
      for (const pool of pools)
        if (!Object.hasOwn(material.pools, pool))
          context.addIssue({
            code: 'custom',
            path: ['genres', index],
            message: `expected a pool of material.pools, got "${pool}"`,
          });
    });
    if (!Object.hasOwn(material.lists, 'again'))
      context.addIssue({
        code: 'custom',
        path: ['lists'],
        message: 'expected a list "again" with words that point back to a matter already named, got none',
      });
    if (!material.genres.some((genre) => genre.needs.length === 0))
      context.addIssue({
        code: 'custom',
        path: ['genres'],
        message: 'expected at least one genre without needs, got none that fits every seed',
      });
  });

/** config/student/student-<version>.json: everything that the scripted student says beside the seed's own words. */
export const studentScriptSchema = z
  .strictObject({
    version: z.string(),
    schedule: z.strictObject({
      priority: z
        .array(z.enum(SCHEDULED_KINDS))
        .length(SCHEDULED_KINDS.length)
        .refine((kinds) => new Set(kinds).size === kinds.length, 'expected each kind once')
        .describe('who keeps a turn that several want; the others move to the nearest free turn'),
      decoy_active_turns: z
        .number()
        .int()
        .min(0)
        .describe('a decoy stays active for so many turns after it was planted or tempted with'),
      turns_per_contradiction: z.number().int().min(3).describe('a dialogue holds one in so many turns'),
      contradiction_gap_turns: z
        .number()
        .int()
        .min(1)
        .describe('least turns from the first side to the second'),
      moves_beside: z
        .array(studentMoveSchema)
        .min(1)
        .describe('what the student may do beside an injection; it never hides an insight'),
    }),
    lengths: z.strictObject({
      reply_chars: z.number().int().min(1).describe("assumed length of a tutor's reply, for the padding"),
      said_extra_chars: z
        .number()
        .int()
        .min(0)
        .describe("assumed mean length of what a message holds beside the seed's beat, for the padding"),
      least_paste_chars: z.number().int().min(50).describe('nobody pastes less than this'),
    }),
    listening: z.strictObject({
      closed_openers: z.array(phrase).min(5).describe('first words of a yes-or-no question, to a student'),
      many_questions: z.number().int().min(2).describe('so many questions confuse'),
      off_topic_words: z
        .number()
        .int()
        .min(2)
        .describe('so many content words, none of them known, are off topic'),
      insight_after_questions: z
        .number()
        .int()
        .min(0)
        .describe('open questions heard since the last insight before there is another'),
      take_up_frac: frac.describe("how often words of the tutor's question are taken up where it has any"),
      named_least_words: z
        .number()
        .int()
        .min(1)
        .describe('a paraphrase names a side of a contradiction from so many of its own words on, and'),
      named_least_frac: frac.describe('from this share of them on'),
      generic_words: z.array(phrase).describe('words of questions about anything, no subject matter'),
    }),
    salience: z.strictObject({
      decay_per_turn: z.number().min(0).max(1).describe('factor on the life of an item not mentioned'),
    }),
    acts: z.record(heardActSchema, actSchema),
    frames: z
      .partialRecord(studentMoveSchema, templates(6))
      .describe("what the student says when the seed's beats of a move are used up"),
    tactics: z.record(z.enum(PRESSURE_TACTICS), tacticSchema),
    decoy_planted: templates(5),
    decoy_tempts: templates(5),
    meta: templates(5),
    noise: z.record(z.enum(['none', 'low', 'medium', 'high']), noiseSchema),
    asides: templates(5),
    digressions: templates(5),
    model: z
      .strictObject({
        window_turns: z.number().int().min(1).describe('exchanges shown as conversation'),
        remembered_turns: z.number().int().min(1).describe('own messages shown as a list'),
        most_chars: z.number().int().min(100).describe('a longer answer is cut at a sentence end'),
      })
      .describe('for a model that plays the student'),
    faults: z.strictObject({
      speaks_as_tutor: z.array(phrase).min(1).describe('only a tutor says this'),
      breaks_role: z.array(phrase).min(1).describe('only a language model says this'),
    }),
    material: materialSchema,
  })
  .superRefine((script, context) => {
    const moves = new Set(script.schedule.moves_beside);
    for (const act of Object.values(script.acts))
      for (const [move, share] of Object.entries(act.next))
        if (share > 0) moves.add(studentMoveSchema.parse(move));
    for (const move of moves)
      if (script.frames[move] === undefined)
        context.addIssue({
          code: 'custom',
          path: ['frames', move],
          message: 'expected frames for a move that acts or moves_beside name, got none',
        });
  })
  .describe('phrases, transitions and rates of the student');
export type StudentScript = z.infer<typeof studentScriptSchema>;
export type MaterialScript = StudentScript['material'];
