import type { ExecutionSummary } from '../../schemas/execution-summary.ts';
import { PREFIX } from '../../schemas/names.ts';
import type { ObjectStore } from '../ports.ts';
import { decodeUtf8 } from './text-codec.ts';

/** One execution as the index of the dashboard lists it. */
interface IndexEntry {
  execution_id: string;
  series: string;
  week: string;
  measure_sha256: string;
  is_simulated: boolean;
  is_partial: boolean;
  spent_usd: number;
}

/**
 * What the static site reads: the summary of the execution, and the index of all executions with this one in it. The
 * index is derived: were it lost, the next execution and `reindex` rebuild it from executions/.
 */
export async function publishDashboard(store: ObjectStore, summary: ExecutionSummary): Promise<void> {
  await store.put(
    `${PREFIX.dashboard}/executions/${summary.execution_id}.json`,
    `${JSON.stringify(summary)}\n`,
  );
  const key = `${PREFIX.dashboard}/index.json`;
  const stored = await store.get(key);
  const entries =
    stored === null ? [] : (JSON.parse(decodeUtf8(stored)) as { executions: IndexEntry[] }).executions;
  const entry: IndexEntry = {
    execution_id: summary.execution_id,
    series: summary.series,
    week: summary.week,
    measure_sha256: summary.measure_sha256,
    is_simulated: summary.is_simulated,
    is_partial: summary.is_partial,
    spent_usd: summary.spent_usd,
  };
  const executions = [...entries.filter((other) => other.execution_id !== entry.execution_id), entry].sort(
    (a, b) => (`${a.week}${a.execution_id}` < `${b.week}${b.execution_id}` ? -1 : 1),
  );
  await store.put(key, `${JSON.stringify({ executions })}\n`);
}
