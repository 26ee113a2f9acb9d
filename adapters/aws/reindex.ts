import { lakeKeys } from '../../core/identity/lake-keys.ts';
import type { ObjectStore, RunIndex } from '../../core/ports.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { executionSummarySchema } from '../../schemas/execution-summary.ts';
import { PREFIX } from '../../schemas/names.ts';
import { plannedRunSchema } from '../../schemas/planned-run.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import type { createLakeEvents } from './lake-events.ts';

/**
 * Fills the tables from the lake, which stays the source of truth: every finished execution's runs and weekly rows, its
 * audit queue and its canary. Rows that are there already are set to the same values. Gives the number of executions.
 */
export async function reindexLake(
  store: ObjectStore,
  index: Pick<RunIndex, 'record'>,
  takeEvents: ReturnType<typeof createLakeEvents>,
): Promise<number> {
  let count = 0;
  for await (const { key } of store.list(`${PREFIX.executions}/`)) {
    if (!key.endsWith('/status.json')) continue;
    const [execution] = await readLines(store, key, (line) => executionSchema.parse(line));
    if (execution === undefined || execution.state !== 'finished') continue;
    const { execution_id, week, dt, ended_at } = execution;
    const summaries = await readLines(store, lakeKeys.summary(execution_id), (line) =>
      executionSummarySchema.parse(line),
    );
    await index.record(runsOf(store, execution), summaries[0]?.weekly ?? []);
    const files = [lakeKeys.audit(week, execution_id), lakeKeys.canaryResults(dt, execution_id)];
    await takeEvents({
      Records: files.map((file) => ({
        eventTime: ended_at ?? execution.updated_at,
        s3: { object: { key: encodeURIComponent(file) } },
      })),
    });
    count += 1;
  }
  return count;
}

async function* runsOf(store: ObjectStore, { plan_key }: Execution): AsyncGenerator<RunSummary> {
  const plan =
    plan_key === null ? [] : await readLines(store, plan_key, (line) => plannedRunSchema.parse(line));
  for (const { dt, run_id } of plan)
    yield* await readLines(store, lakeKeys.score(dt, run_id), (line) => runSummarySchema.parse(line));
}

async function readLines<T>(store: ObjectStore, key: string, parse: (line: unknown) => T): Promise<T[]> {
  const bytes = await store.get(key);
  if (bytes === null) return [];
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.filter((line) => line !== '').map((line) => parse(JSON.parse(line)));
}
