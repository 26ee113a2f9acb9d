import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { createRunIndex } from '../../../adapters/local/run-index.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { executionSummarySchema } from '../../../schemas/execution-summary.ts';
import { plannedRunSchema } from '../../../schemas/planned-run.ts';
import {
  indexedExecution,
  runIndexContract,
  type IndexedExecution,
} from '../../contracts/run-index.contract.ts';
import { sampleRecords } from '../../contracts/sample-records.ts';

const [anyPlanned] = sampleRecords(plannedRunSchema, 1);
const [anySummary] = sampleRecords(executionSummarySchema, 1);

async function addToLake(root: string, { execution, runs, weekly }: IndexedExecution): Promise<void> {
  const store = createFileStore(root, 'process');
  const lines = runs.map(({ run_id, model, dt }) => JSON.stringify({ ...anyPlanned, run_id, model, dt }));
  await store.putIfAbsent(execution.plan_key!, `${lines.join('\n')}\n`);
  for (const run of runs) await store.put(lakeKeys.score(run.dt, run.run_id), `${JSON.stringify(run)}\n`);
  const { execution_id } = execution;
  await store.put(lakeKeys.summary(execution_id), JSON.stringify({ ...anySummary, execution_id, weekly }));
  await store.put(lakeKeys.status(execution_id), JSON.stringify(execution));
}

runIndexContract('a folder', async () => {
  const root = mkdtempSync(join(tmpdir(), 'index-'));
  return {
    add: (indexed) => addToLake(root, indexed),
    open: () => createRunIndex(root),
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('the index of a local lake', () => {
  it('names the file and the field of a record that it cannot read', async () => {
    const root = mkdtempSync(join(tmpdir(), 'index-'));
    await addToLake(root, indexedExecution('one', '2026-W47'));
    writeFileSync(join(root, lakeKeys.status('one')), '{"execution_id":"one"}\n');
    await expect(createRunIndex(root).modelRuns('weekly', 'a', '2026-W01', '2027-W01')).rejects.toMatchObject(
      {
        name: 'InvalidConfig',
        message: expect.stringContaining('executions/one/status.json: manifest_id: expected'),
        hint: expect.stringContaining('--lake'),
      },
    );
  });

  it('leaves out planned runs that no summary was written for', async () => {
    const root = mkdtempSync(join(tmpdir(), 'index-'));
    const one = indexedExecution('one', '2026-W47');
    await addToLake(root, one);
    rmSync(join(root, lakeKeys.score(one.runs[0]!.dt, one.runs[0]!.run_id)));
    const runs = await createRunIndex(root).modelRuns('weekly', 'drifter', '2026-W47', '2026-W48');
    expect(runs).toEqual(one.runs.slice(1, 3));
  });
});
