import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoRunIndex } from '../../../adapters/aws/dynamo-run-index.ts';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import {
  indexedExecution,
  runIndexContract,
  type IndexedExecution,
} from '../../contracts/run-index.contract.ts';
import { startDynamoServer } from '../../servers/dynamo-server.ts';

const retry = { clock: { sleep: () => Promise.resolve() }, random: () => 0 };

/** Tables on a server, and a lake (any store will do) for the executions' status. */
async function openTables() {
  const server = await startDynamoServer('test-');
  const root = mkdtempSync(join(tmpdir(), 'dynamo-index-'));
  const store = createFileStore(root, 'process');
  const access = { client: server.client, tablePrefix: 'test-', retry };
  const open = () => createDynamoRunIndex(access, store);
  return {
    server,
    access,
    open,
    async add({ execution, runs, weekly }: IndexedExecution) {
      const rows = async function* () {
        yield* runs;
      };
      await open().record(rows(), weekly);
      await store.put(lakeKeys.status(execution.execution_id), JSON.stringify(execution));
    },
    async close() {
      rmSync(root, { recursive: true, force: true });
      await server.close();
    },
  };
}

runIndexContract('DynamoDB', openTables);

describe('the run index in DynamoDB', () => {
  let tables: Awaited<ReturnType<typeof openTables>>;
  beforeEach(async () => {
    tables = await openTables();
  });
  afterEach(() => tables.close());

  it('may record an execution again: rows are replaced by what is said now', async () => {
    const one = indexedExecution('one', '2026-W47');
    await tables.add(one);
    const better = {
      ...one,
      runs: one.runs.map((run) => ({ ...run, half_life_turn: null, compliance_rate: null })),
    };
    await tables.add(better);
    const index = tables.open();
    expect(await index.topCompliance('weekly', '2026-W47', 10)).toEqual([]);
    expect(await index.modelRuns('weekly', 'drifter', '2026-W47', '2026-W48')).toHaveLength(3);
  });

  it('refuses a run id that another execution holds', async () => {
    const one = indexedExecution('one', '2026-W47');
    await tables.add(one);
    const thief = {
      ...one,
      runs: one.runs.map((run) => ({ ...run, execution_id: 'two' })),
    };
    await expect(tables.add(thief)).rejects.toMatchObject({ name: 'PlanConflict' });
  });

  it('orders equal compliance by run id, wherever the limit cuts', async () => {
    const one = indexedExecution('one', '2026-W47');
    const runs = one.runs.map((run) => ({ ...run, compliance_rate: 0.5 }));
    await tables.add({ ...one, runs });
    const ids = runs.map((run) => run.run_id).sort();
    for (const limit of [1, 2, 5])
      expect(
        (await tables.open().topCompliance('weekly', '2026-W47', limit)).map((run) => run.run_id),
      ).toEqual(ids.slice(0, limit));
  });

  it('reads a week that fills several pages', async () => {
    const one = indexedExecution('one', '2026-W47');
    // A query page holds 1 MB: 40 rows of 60 KB do not fit.
    const detail = 'x'.repeat(60_000);
    const runs = Array.from({ length: 40 }, (_, i) => ({
      ...one.runs[0]!,
      run_id: `${one.runs[0]!.run_id.slice(0, -2)}${String(i).padStart(2, '0')}`,
      skip_detail: detail,
      half_life_turn: 40 - i,
      n_scored_turns: 10,
    }));
    await tables.add({ ...one, runs });
    const worst = await tables.open().worstHalfLives('weekly', '2026-W47', 100);
    expect(worst.map((run) => run.half_life_turn)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(tables.server.calls.get('Query')).toBeGreaterThan(2);
  });

  it('keeps rows without an estimate of half-life', async () => {
    const one = indexedExecution('one', '2026-W47');
    await tables.add({ ...one, weekly: one.weekly.map((row) => ({ ...row, rmst_turns: null })) });
    expect(await tables.open().summariesOfWeek('weekly', '2026-W47', 'all')).toHaveLength(2);
  });
});
