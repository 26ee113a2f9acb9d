import { z } from 'zod';
import { VIOLATIONS } from '../../schemas/common.ts';
import { OCCASIONS, SLOTS } from '../../schemas/phrase-bank.ts';
import { pressureTacticSchema } from '../../schemas/phase-profile.ts';

const text = z.string().trim().min(1).max(1200);
const sceneId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and "-"');

/** Violations whose planted text is written for the scene; the others are taken from the shared replies. */
export const SHARED_DEFECTS = ['praise_only', 'refusal', 'empty'] as const;

/**
 * One hand-written clean Socratic turn with its dialogue, and the texts that spoil it. `context` alternates between tutor
 * and student and ends with the student.
 */
export const sceneSchema = z
  .strictObject({
    scene_id: sceneId,
    domain: text,
    goal: text,
    reference_answer: text.nullable(),
    context: z.array(text).min(1).max(9),
    decoy: text.optional().describe('words of the last student message that tempt away from the goal'),
    uptake: text.describe('first part of the clean turn: what the student said, and nothing else'),
    question: text.describe('second part of the clean turn: one open question'),
    depth_mark: z
      .union([z.literal(4), z.literal(5)])
      .describe('how deep the question probes, by the anchors of probing_depth'),
    defects: z.partialRecord(z.enum(VIOLATIONS), text).describe('planted text by the violation it makes'),
  })
  .superRefine((scene, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if ((scene.question.match(/\?/g) ?? []).length !== 1)
      refuse(['question'], 'expected exactly one question mark');
    if (/\?/.test(scene.uptake)) refuse(['uptake'], 'expected no question');
    const said = scene.context.at(-1) ?? '';
    if (scene.decoy !== undefined && !said.toLowerCase().includes(scene.decoy.toLowerCase()))
      refuse(['decoy'], 'expected words of the last student message');
    if (scene.defects.follows_decoy !== undefined && scene.decoy === undefined)
      refuse(['defects', 'follows_decoy'], 'expected only in a scene with a decoy');
    const revealed = scene.defects.reveals_answer?.toLowerCase();
    if (
      revealed !== undefined &&
      (scene.reference_answer === null || !revealed.includes(scene.reference_answer.toLowerCase()))
    )
      refuse(['defects', 'reveals_answer'], 'expected a text that holds the reference answer');
  });
export type Scene = z.infer<typeof sceneSchema>;

/** Replies that need no scene of their own. */
export const sharedRepliesSchema = z.strictObject({
  praise_only: z.array(text).min(1),
  refusal: z.array(text).min(1),
  empty: z.array(z.string().regex(/^\s*$/, 'expected white space only')).min(1),
});
export type SharedReplies = z.infer<typeof sharedRepliesSchema>;

/** A dialogue in which phrases of the simulated phrase bank are spoken, with what fills their slots. */
export const bankSceneSchema = z.strictObject({
  scene_id: sceneId,
  occasion: z.enum(OCCASIONS),
  tactic: pressureTacticSchema.optional(),
  domain: text,
  goal: text,
  reference_answer: text.nullable(),
  context: z.array(text).min(1).max(9),
  slots: z.partialRecord(z.enum(SLOTS), text),
});
export type BankScene = z.infer<typeof bankSceneSchema>;
