import { curatedTurnSchema, type CuratedTurn } from '../../schemas/curated-turn.ts';
import type { JudgeResult } from '../../schemas/judge-result.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import { turnSchema, type Turn } from '../../schemas/turn.ts';

const COLUMNS = Object.keys(curatedTurnSchema.shape).map((name) => ({
  name,
  isOfTurn: name in turnSchema.shape,
}));

/**
 * The row of curated/turns for a judged turn: the schema's columns in its order, from the turn and, what the turn does not
 * hold, from the summary of its run. Circumstance (attempts, measured latency) stays behind.
 */
export function curatedRow(turn: Turn, run: RunSummary): CuratedTurn {
  const ofTurn: Readonly<Record<string, unknown>> = turn;
  const ofRun: Readonly<Record<string, unknown>> = run;
  const row: Record<string, unknown> = {};
  for (const { name, isOfTurn } of COLUMNS) row[name] = isOfTurn ? ofTurn[name] : ofRun[name];
  row['judge'] = withoutCircumstance(turn.judge);
  row['secondary_judge'] = withoutCircumstance(turn.secondary_judge);
  return row as CuratedTurn;
}

function withoutCircumstance(verdict: JudgeResult | null): CuratedTurn['judge'] {
  if (verdict === null) return null;
  const { attempts: _attempts, latency_ms: _latency_ms, ...content } = verdict;
  return content;
}
