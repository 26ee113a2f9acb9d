import { shiftWeek } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore, RunIndex } from '../ports.ts';
import { executionSummarySchema, type ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { PlanPointers } from '../../schemas/task-io.ts';
import { decodeUtf8 } from './text-codec.ts';

interface PreviousWeek {
  runs: RunSummary[];
  pointer: ExecutionSummary['previous'];
  baseline: ExecutionSummary['baseline'];
}

/** Runs of last week's official execution, and the baseline its measure is held against: none where this measure is another. */
export async function previousWeek(
  ports: { store: ObjectStore; index: RunIndex },
  { models, measure_sha256 }: { models: readonly string[]; measure_sha256: string },
  pointers: PlanPointers,
): Promise<PreviousWeek> {
  const before = shiftWeek(pointers.week, -1);
  const runs: RunSummary[] = [];
  for (const model of models)
    runs.push(...(await ports.index.modelRuns(pointers.series, model, before, pointers.week)));
  const last = runs[0];
  if (last === undefined) return { runs, pointer: null, baseline: null };
  const pointer = { execution_id: last.execution_id, week: last.week, measure_sha256: last.measure_sha256 };
  if (last.measure_sha256 !== measure_sha256) return { runs, pointer, baseline: null };
  const bytes = await ports.store.get(lakeKeys.summary(last.execution_id));
  if (bytes === null) return { runs, pointer, baseline: null };
  const summary = executionSummarySchema.parse(JSON.parse(decodeUtf8(bytes)));
  return { runs, pointer, baseline: summary.baseline ?? ownBaseline(summary) };
}

/** The first official week of a measure is its own successors' baseline. */
function ownBaseline(summary: ExecutionSummary): ExecutionSummary['baseline'] {
  const rows = summary.weekly.filter((row) => row.phase !== 'all');
  const n_judged_turns = rows.reduce((sum, row) => sum + row.n_judged_turns, 0);
  const splits = rows.reduce((sum, row) => sum + (row.judge_split_frac ?? 0) * row.n_judged_turns, 0);
  return {
    execution_id: summary.execution_id,
    week: summary.week,
    dt: summary.dt,
    judge_split_frac: n_judged_turns === 0 ? null : splits / n_judged_turns,
    n_judged_turns,
  };
}
