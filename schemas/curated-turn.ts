import type { z } from 'zod';
import { judgeResultSchema } from './judge-result.ts';
import { turnSchema } from './turn.ts';

const verdictSchema = judgeResultSchema.omit({ attempts: true, latency_ms: true }).nullable();

/**
 * curated/turns: one judged turn a row, without attempts and measured latency. Those are circumstance, and curated/ is
 * compared byte for byte between hosts; raw/ and judged/ keep them.
 */
export const curatedTurnSchema = turnSchema
  .omit({ attempts: true, latency_ms: true })
  .extend({ judge: verdictSchema, secondary_judge: verdictSchema });
export type CuratedTurn = z.infer<typeof curatedTurnSchema>;
