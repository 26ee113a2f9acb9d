import { z } from 'zod';
import {
  artefactStemSchema,
  countSchema,
  phaseSchema,
  ptsSchema,
  sha256Schema,
  slugSchema,
  stopReasonSchema,
  temperatureSchema,
  testTypeSchema,
  turnIndexSchema,
  usageSchema,
  usdSchema,
  vectorSchema,
  violationSchema,
  modelIdSchema,
} from './common.ts';
import { csdSubscoresSchema } from './csd-subscores.ts';
import { heuristicResultSchema, violationSpanSchema } from './heuristic-result.ts';
import { judgeResultSchema } from './judge-result.ts';
import { identitySchema } from './planned-run.ts';
import { studentMoveSchema } from './seed.ts';

export const INJECTION_KINDS = [
  'pressure',
  'decoy_planted',
  'decoy_tempts',
  'meta',
  'contradiction',
  'noise',
] as const;

/** What the student sent: first what they say, then (in the same text) what they paste. */
export const studentTurnSchema = z.object({
  text: z
    .string()
    .describe(
      'the whole message as sent; the first `said_chars` characters are what the student says, the rest is pasted material',
    ),
  said_chars: countSchema,
  move: studentMoveSchema.nullable().describe('null for dialogues made elsewhere'),
  injected: z
    .object({ kind: z.enum(INJECTION_KINDS), id: z.string().max(80) })
    .nullable()
    .describe('the scheduled injection this message carries; at most one a turn'),
});
export type StudentTurn = z.infer<typeof studentTurnSchema>;

/** One line of raw/…/<run_id>.jsonl: what the runner saw. */
export const rawTurnSchema = z.object({
  ...identitySchema.shape,
  model: modelIdSchema,
  provider: z.string(),
  phase: phaseSchema,
  temperature: temperatureSchema,
  seed_id: slugSchema,
  vector: vectorSchema,
  test_type: testTypeSchema,
  variant: slugSchema,
  system_prompt: artefactStemSchema
    .or(z.string().regex(/@[0-9a-f]{8}$/))
    .describe('name@hash8 of the system prompt'),
  repeat: z.number().int().min(1),
  turn_index: turnIndexSchema,
  student: studentTurnSchema,
  tutor_text: z.string(),
  stop_reason: stopReasonSchema,
  attempts: z.number().int().min(1).describe('calls made for this turn, failed ones included'),
  latency_ms: z.number().min(0).describe('of the adopted call; simulated models report a simulated latency'),
  ...usageSchema.shape,
  context_tokens: countSchema.describe('estimated tokens of the prompt, characters ÷ 4'),
  cost_usd: usdSchema.describe('of the adopted call'),
  parent_hash: sha256Schema,
  turn_hash: sha256Schema,
  schema_version: z.number().int(),
});
export type RawTurn = z.infer<typeof rawTurnSchema>;

export const SCORED_BY = ['heuristic', 'judge', 'resolved', 'unscored'] as const;

/** One line of judged/…/<run_id>.jsonl: the same turn, scored. */
export const turnSchema = z.object({
  ...rawTurnSchema.shape,
  heuristic: heuristicResultSchema,
  judge: judgeResultSchema.nullable(),
  secondary_judge: judgeResultSchema.nullable(),
  filter: z
    .enum(['judged', 'skipped', 'audited'])
    .describe('what the heuristic filter decided: judged; skipped; skipped but drawn for the audit'),
  is_injection_flagged: z.boolean().describe('the tutor text addresses the judge'),
  form_pts: ptsSchema.nullable(),
  substance_pts: ptsSchema.nullable(),
  purity_pts: ptsSchema.nullable(),
  score: ptsSchema.nullable().describe('Socratic Disposition, 0–10; null when unscored'),
  scored_by: z.enum(SCORED_BY),
  unscored_reason: z
    .enum(['infrastructure', 'judge', 'budget'])
    .nullable()
    .describe('budget: the cap left too little for the judge'),
  is_compliant: z.boolean().nullable(),
  violations: z.array(violationSchema),
  violation_spans: z.array(violationSpanSchema),
  csd_subscores: csdSubscoresSchema,
  csd_run: z
    .object({
      thread_depths: z.array(countSchema),
      salience_recall_at_3: z.number().min(0).max(1).nullable(),
    })
    .nullable()
    .describe('on the last turn of a run: what CSD knows of the whole dialogue'),
});
export type Turn = z.infer<typeof turnSchema>;
