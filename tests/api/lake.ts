import { createApi } from '../../api/create-api.ts';
import type { ApiHandler, ApiResponse } from '../../api/http.ts';
import type { ApiPorts } from '../../api/ports.ts';
import { dateOf, instantMs, scheduledAtOf } from '../../core/identity/iso-week.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { ulidFrom } from '../../core/identity/ulid.ts';
import { toJsonLines } from '../../core/tasks/text-codec.ts';
import { executionSchema, type Execution } from '../../schemas/execution.ts';
import { executionSummarySchema } from '../../schemas/execution-summary.ts';
import { plannedRunSchema } from '../../schemas/planned-run.ts';
import { runSummarySchema, type RunSummary } from '../../schemas/run-summary.ts';
import { turnSchema } from '../../schemas/turn.ts';
import { weeklySummarySchema } from '../../schemas/weekly-summary.ts';
import { sampleRecords } from '../contracts/sample-records.ts';
import { SHIPPED } from '../core/manifest/config.ts';
import { FakeStore } from '../core/tasks/fake-store.ts';

const [anyExecution] = sampleRecords(executionSchema, 1);
const [anySummary] = sampleRecords(executionSummarySchema, 1);
const [anyPlan] = sampleRecords(plannedRunSchema, 1);
const [anyRun] = sampleRecords(runSummarySchema, 1);
const [anyWeek] = sampleRecords(weeklySummarySchema, 1);
const [anyTurn] = sampleRecords(turnSchema, 1);

const MODELS = ['drifter', 'steadfast'] as const;
const PHASES = ['P0', 'P3'] as const;

/** An execution with `n` runs, and a weekly row a model, as Aggregate leaves them. */
export async function addExecution(
  store: FakeStore,
  execution_id: string,
  week: string,
  n: number,
  change: Partial<Execution> = {},
): Promise<RunSummary[]> {
  const scheduled_at = scheduledAtOf(week);
  const dt = dateOf(scheduled_at);
  const plan_key = lakeKeys.plan('manifest_20261116_0a1b2c3d', execution_id);
  const execution: Execution = {
    ...anyExecution!,
    execution_id,
    week,
    dt,
    scheduled_at,
    plan_key,
    series: 'weekly',
    state: 'finished',
    ended_at: scheduled_at.replace('T03', 'T05'),
    ...change,
  };
  const { series } = execution;
  const runs = Array.from({ length: n }, (_, i): RunSummary => {
    const random = Buffer.from(`${execution_id}${i}`).toString('hex').padStart(20, '0').slice(-20);
    return {
      ...anyRun!,
      execution_id,
      week,
      dt,
      series,
      run_id: ulidFrom(instantMs(scheduled_at), random),
      model: MODELS[i % 2]!,
      phase: PHASES[Math.floor(i / 2) % 2]!,
    };
  });
  await store.put(lakeKeys.status(execution_id), JSON.stringify(execution));
  await store.putIfAbsent(
    plan_key,
    toJsonLines(
      runs.map(({ run_id, model, phase }) => ({
        ...anyPlan!,
        execution_id,
        week,
        dt,
        run_id,
        model,
        phase,
      })),
    ),
  );
  for (const run of runs) {
    await store.put(lakeKeys.score(dt, run.run_id), JSON.stringify(run));
    await store.put(
      lakeKeys.judged(run),
      toJsonLines([1, 2].map((turn_index) => ({ ...anyTurn!, run_id: run.run_id, turn_index }))),
    );
  }
  const weekly = MODELS.map((model) => ({
    ...anyWeek!,
    execution_id,
    week,
    series,
    model,
    variant: 'main',
    phase: 'all',
  }));
  await store.put(
    lakeKeys.summary(execution_id),
    JSON.stringify({ ...anySummary!, execution_id, week, series, weekly }),
  );
  return runs;
}

/** The API over a lake in memory, with what a test puts in its place. */
export function apiOver(store: FakeStore, ports: Partial<ApiPorts> = {}): ApiHandler {
  return createApi({
    store,
    index: {
      worstHalfLives: async () => [],
      topCompliance: async () => [],
    } as unknown as ApiPorts['index'],
    config: { files: async () => SHIPPED },
    clock: { now: () => '2026-11-18T12:00:00.000Z', monotonicMs: () => 0, sleep: async () => undefined },
    start: async () => ({
      manifest_id: 'manifest_20261116_0a1b2c3d',
      execution_id: 'quick-2026-W47-0a1b2c3d0a1b',
      week: '2026-W47',
      outcome: 'started',
    }),
    evaluator: null,
    labelling: null,
    version: '1.2.3',
    log: () => undefined,
    ...ports,
  });
}

/** A GET, its query as text. */
export const get = (api: ApiHandler, path: string, query = ''): Promise<ApiResponse> =>
  api({ method: 'GET', path, query, headers: {}, body: null, client: 'test' });

/** A POST of JSON. */
export const post = (api: ApiHandler, path: string, body: unknown, client = 'test'): Promise<ApiResponse> =>
  api({
    method: 'POST',
    path,
    query: '',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    client,
  });
