import { z } from 'zod';
import { instantSchema, sha256Schema, stopReasonSchema, turnIndexSchema, usageSchema } from './common.ts';
import { judgeResultSchema } from './judge-result.ts';
import { ledgerRowSchema } from './ledger-row.ts';

/**
 * checkpoints/<run_id>/turn-NNNN.json: one model reply, written before the next call. A scripted student's text is not
 * repeated here (it is a function of seed, phase and the replies so far); `turn_hash` proves the replay right.
 */
export const turnCheckpointSchema = z.object({
  turn_index: turnIndexSchema,
  student_text: z.string().nullable().describe('only where a model plays the student'),
  tutor_text: z.string(),
  stop_reason: stopReasonSchema,
  attempts: z.number().int().min(1),
  latency_ms: z.number().min(0),
  ...usageSchema.shape,
  turn_hash: sha256Schema,
  ledger: z.array(ledgerRowSchema),
});
export type TurnCheckpoint = z.infer<typeof turnCheckpointSchema>;

/** checkpoints/<run_id>/student-NNNN.json: the words of a model that plays the student, written before the tutor is called. */
export const studentCheckpointSchema = z.object({
  turn_index: turnIndexSchema,
  text: z.string(),
  ledger: z.array(ledgerRowSchema),
});
export type StudentCheckpoint = z.infer<typeof studentCheckpointSchema>;

/**
 * checkpoints/<run_id>/student-NNNN-KK.json: an answer of that model that is no student's, the KKth of its turn. Written
 * before it is asked again; its ledger row counts until student-NNNN.json, which repeats it, is there.
 */
export const studentAskSchema = z.object({
  turn_index: turnIndexSchema,
  ask: z.number().int().min(1),
  text: z.string(),
  ledger: z.array(ledgerRowSchema),
});
export type StudentAsk = z.infer<typeof studentAskSchema>;

/** checkpoints/<run_id>/judge-NNNN.json: verdicts on one turn as received; `primary: null` when no well-formed verdict was had. */
export const judgeCheckpointSchema = z.object({
  turn_index: turnIndexSchema,
  primary: judgeResultSchema.nullable(),
  secondary: judgeResultSchema.nullable(),
  outcome: z.enum(['judged', 'abstained', 'malformed', 'refused']),
  ledger: z.array(ledgerRowSchema),
});
export type JudgeCheckpoint = z.infer<typeof judgeCheckpointSchema>;

/**
 * checkpoints/<run_id>/judge-NNNN-KK.json: the KKth answer of a judge about a turn, as received. Written before the next ask
 * of that turn is paid for (a repair, the secondary judge), or where a further one never came; its ledger row counts until
 * judge-NNNN.json, which repeats it, is there.
 */
export const judgeAskSchema = z.object({
  turn_index: turnIndexSchema,
  component: z.enum(['judge', 'secondary_judge', 'canary']),
  ask: z.number().int().min(1),
  answer: z.object({
    text: z.string(),
    stop_reason: stopReasonSchema,
    usage: usageSchema,
    latency_ms: z.number().min(0),
    attempts: z.number().int().min(1),
  }),
  ledger: z.array(ledgerRowSchema),
});
export type JudgeAsk = z.infer<typeof judgeAskSchema>;

export const CENSOR_REASONS = [
  'horizon',
  'context_overflow',
  'infrastructure',
  'student',
  'judge',
  'early_stop',
] as const;
export const FAULTS = ['tutor', 'student', 'judge', 'infrastructure'] as const;

/** checkpoints/<run_id>/ended.json (after a retry ended-NNNN.json, the last counts): the run ended before its last turn, and why. */
export const endedSchema = z.object({
  last_turn: z.number().int().min(0),
  reason: z.enum([...CENSOR_REASONS, 'access', 'budget']),
  fault: z.enum(FAULTS).nullable(),
  error: z.string().max(500).nullable(),
  ended_at: instantSchema,
});
export type Ended = z.infer<typeof endedSchema>;
