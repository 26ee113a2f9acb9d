/** Aggregate alone, in a process of its own as on Lambda: the seconds it takes over a plan of a lake that is judged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { createRunIndex } from '../../../adapters/local/run-index.ts';
import { createParquetEncoder } from '../../../adapters/parquet/parquet-encoder.ts';
import { createAggregate } from '../../../core/tasks/aggregate.ts';
import { createMeasureLoader } from '../../../core/tasks/measure.ts';
import type { Execution } from '../../../schemas/execution.ts';

export interface AggregateRequest {
  lake: string;
  execution_id: string;
  /** Plan to walk: the execution's own, or a part of it. */
  plan_key: string;
}

export interface AggregateReport {
  scored: number;
  wall_s: number;
}

const { lake, execution_id, plan_key } = JSON.parse(process.argv[2]!) as AggregateRequest;
const store = createFileStore(lake);
const aggregate = createAggregate({
  store,
  index: createRunIndex(lake),
  tables: createParquetEncoder(),
  measure: createMeasureLoader(store),
});
const record = JSON.parse(
  readFileSync(join(lake, 'executions', execution_id, 'status.json'), 'utf8'),
) as Execution;
const startMs = performance.now();
const { scored } = await aggregate({
  manifest_id: record.manifest_id!,
  manifest_key: record.manifest_key!,
  execution_id,
  series: record.series,
  week: record.week,
  dt: record.dt,
  scheduled_at: record.scheduled_at,
  max_cost_usd: 0,
  run_concurrency: 1,
  judge_concurrency: 1,
  execution_name: execution_id,
  retry_errors: false,
  plan_key,
  runs_key: plan_key,
  judgements_key: plan_key,
  planned: record.n_planned,
  skipped: record.n_skipped,
  estimated_usd: 0,
});
const report: AggregateReport = { scored, wall_s: (performance.now() - startMs) / 1000 };
console.log(JSON.stringify(report));
