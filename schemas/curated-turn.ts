import type { z } from 'zod';
import { judgeResultSchema } from './judge-result.ts';
import { runSummarySchema } from './run-summary.ts';
import { turnSchema } from './turn.ts';

/** What one call happened to take; it stays in raw/ and judged/, since curated/ is equal byte by byte wherever it is made. */
const circumstance = { attempts: true, latency_ms: true } as const;
const verdictSchema = judgeResultSchema.omit(circumstance);
const run = runSummarySchema.shape;

/**
 * curated/turns: the judged turn without circumstance, and of its run what most questions need (series, how it ended, its
 * half-life), so that they need no join. Rows are sorted by run_id and turn_index.
 */
export const curatedTurnSchema = turnSchema.omit(circumstance).extend({
  judge: verdictSchema.nullable(),
  secondary_judge: verdictSchema.nullable(),
  series: run.series,
  is_simulated: run.is_simulated,
  n_turns: run.n_turns,
  half_life_turn: run.half_life_turn,
  is_censored: run.is_censored,
  censor_reason: run.censor_reason,
});
export type CuratedTurn = z.infer<typeof curatedTurnSchema>;
