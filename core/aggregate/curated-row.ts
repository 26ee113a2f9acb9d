import { curatedTurnSchema, type CuratedTurn } from '../../schemas/curated-turn.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { Turn } from '../../schemas/turn.ts';

const COLUMNS = Object.keys(curatedTurnSchema.shape) as (keyof CuratedTurn)[];

/** The row of curated/turns for a judged turn: its columns in the schema's order, circumstance left out. */
export function curatedRow(turn: Turn): CuratedTurn {
  const row: Partial<Record<keyof CuratedTurn, unknown>> = {};
  for (const column of COLUMNS) row[column] = turn[column];
  row.judge = withoutCircumstance(turn.judge);
  row.secondary_judge = withoutCircumstance(turn.secondary_judge);
  return row as CuratedTurn;
}

function withoutCircumstance(verdict: JudgeResult | null): CuratedTurn['judge'] {
  if (verdict === null) return null;
  const { attempts: _attempts, latency_ms: _latency_ms, ...content } = verdict;
  return content;
}
