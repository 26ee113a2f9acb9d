import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createFileStore } from '../../adapters/local/file-store.ts';
import { createRunIndex } from '../../adapters/local/run-index.ts';
import { lakeKeys } from '../../core/identity/lake-keys.ts';
import { readPlan } from '../../core/tasks/read-plan.ts';
import { executionSchema } from '../../schemas/execution.ts';
import { runSummarySchema } from '../../schemas/run-summary.ts';
import { weeklySummarySchema } from '../../schemas/weekly-summary.ts';
import { sampleRecords } from '../contracts/sample-records.ts';
import { root } from '../cdk/synthesize.ts';

/**
 * Records as an earlier version wrote them, frozen: a field that is added to a record that the lake holds has a default,
 * or every week over an older lake, and every execution under way while a version is deployed, fails.
 */
const EARLIER = JSON.parse(readFileSync(join(root, 'tests/fixtures/earlier-records.json'), 'utf8')) as Record<
  'planned_run' | 'run_summary' | 'weekly_summary',
  Record<string, string>
>;
const { planned_run, run_summary, weekly_summary } = EARLIER;

describe('records that an earlier version wrote', () => {
  it('are read, with what that version did where they do not say', () => {
    expect(runSummarySchema.parse(run_summary)).toEqual({ ...run_summary, is_declining: false });
    expect(weeklySummarySchema.parse(weekly_summary)).toMatchObject({
      ...weekly_summary,
      is_declining: false,
    });
  });

  it('are gone on with: a plan row is judged with the audit share of its time', async () => {
    const lake = mkdtempSync(join(tmpdir(), 'earlier-'));
    const store = createFileStore(lake, 'process');
    const plan_key = 'manifests/m/plans/earlier.jsonl';
    await store.putIfAbsent(plan_key, `${JSON.stringify(planned_run)}\n`);
    expect(await readPlan(store, plan_key)).toMatchObject([{ ...planned_run, filter: { audit_frac: 0.05 } }]);
    rmSync(lake, { recursive: true });
  });

  it('are found in a local lake by what its plan says of them, whatever else it lacks', async () => {
    const lake = mkdtempSync(join(tmpdir(), 'earlier-'));
    const store = createFileStore(lake, 'process');
    const { run_id, dt, model, week, series, execution_id } = run_summary as Record<
      'run_id' | 'dt' | 'model' | 'week' | 'series' | 'execution_id',
      string
    >;
    const plan_key = 'manifests/m/plans/earlier.jsonl';
    await store.putIfAbsent(plan_key, `${JSON.stringify({ run_id, dt, model })}\n`);
    await store.put(lakeKeys.score(dt, run_id), `${JSON.stringify(run_summary)}\n`);
    const [any] = sampleRecords(executionSchema, 1);
    const of = { execution_id, week, series, dt, plan_key, scheduled_at: `${dt}T03:00:00Z` };
    const execution = { ...any!, ...of, state: 'finished', ended_at: `${dt}T05:00:00Z` };
    await store.put(lakeKeys.status(execution_id), JSON.stringify(execution));
    const found = await createRunIndex(lake).modelRuns(series, model, '2026-W01', '2027-W01');
    expect(found.map((run) => run.run_id)).toEqual([run_id]);
    rmSync(lake, { recursive: true });
  });
});
