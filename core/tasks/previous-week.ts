import { shiftWeek } from '../identity/iso-week.ts';
import { lakeKeys } from '../identity/lake-keys.ts';
import type { ObjectStore, RunIndex } from '../ports.ts';
import { executionSummarySchema, type ExecutionSummary } from '../../schemas/execution-summary.ts';
import type { Phase } from '../../schemas/common.ts';
import type { RunSummary } from '../../schemas/run-summary.ts';
import type { PlanPointers } from '../../schemas/task-io.ts';
import { decodeUtf8 } from './text-codec.ts';

/** A baseline is looked for this many weeks back: a year, and the 53rd week that some years have. */
const BASELINE_LOOKBACK_WEEKS = 53;

interface PreviousWeek {
  runs: RunSummary[];
  pointer: ExecutionSummary['previous'];
  baseline: ExecutionSummary['baseline'];
}

type Ports = { store: ObjectStore; index: RunIndex };

/**
 * Runs of last week's official execution, and the baseline of this measure. The two are looked up apart: week on week compares
 * with last week or with nothing, while a baseline outlasts a missed week and weeks of another measure.
 * @param content.phases a week is found by its rows of the first of them, which it has of every model, skipped ones too.
 */
export async function previousWeek(
  ports: Ports,
  content: { models: readonly string[]; phases: readonly Phase[]; measure_sha256: string },
  pointers: PlanPointers,
): Promise<PreviousWeek> {
  const runs: RunSummary[] = [];
  for (const model of content.models)
    runs.push(
      ...(await ports.index.modelRuns(pointers.series, model, shiftWeek(pointers.week, -1), pointers.week)),
    );
  const last = runs[0];
  const pointer =
    last === undefined
      ? null
      : { execution_id: last.execution_id, week: last.week, measure_sha256: last.measure_sha256 };
  const earlier =
    pointer?.measure_sha256 === content.measure_sha256
      ? pointer.execution_id
      : await lastOfMeasure(ports.index, content, pointers);
  return { runs, pointer, baseline: earlier === null ? null : await baselineBehind(ports.store, earlier) };
}

/** The newest earlier official execution of this series and measure; null when the lookback holds none. */
async function lastOfMeasure(
  index: RunIndex,
  { phases, measure_sha256 }: { phases: readonly Phase[]; measure_sha256: string },
  { series, week }: PlanPointers,
): Promise<string | null> {
  for (let back = 1; back <= BASELINE_LOOKBACK_WEEKS; back += 1) {
    const [row] = await index.summariesOfWeek(series, shiftWeek(week, -back), phases[0]!);
    if (row?.measure_sha256 === measure_sha256) return row.execution_id;
  }
  return null;
}

/** What an execution was held against, or itself where it was the first. */
async function baselineBehind(
  store: ObjectStore,
  execution_id: string,
): Promise<ExecutionSummary['baseline']> {
  const bytes = await store.get(lakeKeys.summary(execution_id));
  if (bytes === null) return null;
  const summary = executionSummarySchema.parse(JSON.parse(decodeUtf8(bytes)));
  return summary.baseline ?? ownBaseline(summary);
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
