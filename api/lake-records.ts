import type { z } from 'zod';
import { instantMs } from '../core/identity/iso-week.ts';
import { describeIssues } from '../core/manifest/describe-issues.ts';
import { lakeKeys } from '../core/identity/lake-keys.ts';
import type { ObjectStore } from '../core/ports.ts';
import { decodeUtf8 } from '../core/tasks/text-codec.ts';
import { executionSchema, type Execution } from '../schemas/execution.ts';
import { executionSummarySchema, type ExecutionSummary } from '../schemas/execution-summary.ts';
import { PREFIX } from '../schemas/names.ts';
import { ApiProblem } from './problem.ts';

/** Requests to the store at once: hides its latency, far below any limit of S3. */
const READ_AT_ONCE = 16;

/** The record under a key, or null. Throws naming key and field when it is damaged. */
export async function readRecord<T extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: T,
): Promise<z.output<T> | null> {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  const value: unknown = JSON.parse(decodeUtf8(bytes));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(describeIssues(key, value, parsed.error.issues).slice(0, 3).join('; '));
}

/** Several of them, in order, `READ_AT_ONCE` at a time; absent ones are left out. */
export async function readRecords<T extends z.ZodType>(
  store: ObjectStore,
  keys: readonly string[],
  schema: T,
): Promise<z.output<T>[]> {
  const records: z.output<T>[] = [];
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    const batch = keys.slice(start, start + READ_AT_ONCE);
    const read = await Promise.all(batch.map((key) => readRecord(store, key, schema)));
    for (const record of read) if (record !== null) records.push(record);
  }
  return records;
}

/** Every execution record of the lake. */
async function readExecutions(store: ObjectStore): Promise<Execution[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${PREFIX.executions}/`))
    if (key.endsWith('/status.json')) keys.push(key);
  return readRecords(store, keys, executionSchema);
}

/** Official executions of a series by week, weeks ascending: the last finished one, by end, then by id (spec 2.1). */
export async function readOfficial(
  store: ObjectStore,
  series: string | undefined,
): Promise<{ series: string; executions: Execution[] }> {
  const finished = (await readExecutions(store)).filter(({ state }) => state === 'finished');
  const wanted = series ?? defaultSeries(finished);
  if (wanted === null)
    throw new ApiProblem(404, 'the lake holds no finished execution; `socratic-bench run` makes one');
  const official = new Map<string, Execution>();
  for (const execution of finished) {
    if (execution.series !== wanted) continue;
    const standing = official.get(execution.week);
    if (standing === undefined || endOf(execution) > endOf(standing)) official.set(execution.week, execution);
  }
  const executions = [...official.values()].sort((a, b) => (a.week < b.week ? -1 : 1));
  return { series: wanted, executions };
}

/** The official execution of a week (default: the newest). Throws 404 naming the weeks there are. */
export async function officialOf(
  store: ObjectStore,
  series: string | undefined,
  week: string | undefined,
): Promise<Execution> {
  const { series: wanted, executions } = await readOfficial(store, series);
  const found = week === undefined ? executions.at(-1) : executions.find((one) => one.week === week);
  if (found !== undefined) return found;
  const weeks = executions.map((one) => one.week).slice(-5);
  throw new ApiProblem(
    404,
    `series ${wanted}: no finished execution${week === undefined ? '' : ` in ${week}`}${weeks.length === 0 ? '' : `; the last weeks are ${weeks.join(', ')}`}`,
  );
}

export async function readSummary(store: ObjectStore, execution_id: string): Promise<ExecutionSummary> {
  const summary = await readRecord(store, lakeKeys.summary(execution_id), executionSummarySchema);
  if (summary !== null) return summary;
  throw new ApiProblem(404, `${execution_id}: no results yet`);
}

/** `weekly…` if the lake has one, else the series last run. */
function defaultSeries(finished: readonly Execution[]): string | null {
  const byEnd = [...finished].sort((a, b) => (endOf(a) < endOf(b) ? 1 : -1));
  const weekly = byEnd.find(({ series }) => series.startsWith('weekly'));
  return (weekly ?? byEnd[0])?.series ?? null;
}

/** Sortable: end, then id. */
function endOf({ ended_at, execution_id }: Execution): string {
  return `${String(ended_at === null ? 0 : instantMs(ended_at)).padStart(16, '0')}|${execution_id}`;
}
