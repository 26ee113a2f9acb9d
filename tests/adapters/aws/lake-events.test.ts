import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoRunIndex } from '../../../adapters/aws/dynamo-run-index.ts';
import { createLakeEvents } from '../../../adapters/aws/lake-events.ts';
import { reindexLake } from '../../../adapters/aws/reindex.ts';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import type { ObjectStore } from '../../../core/ports.ts';
import { auditItemSchema } from '../../../schemas/audit-item.ts';
import { executionSummarySchema } from '../../../schemas/execution-summary.ts';
import { INDEX, TABLE } from '../../../schemas/names.ts';
import { plannedRunSchema } from '../../../schemas/planned-run.ts';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { indexedExecution } from '../../contracts/run-index.contract.ts';
import { sampleExecution, writeSampleLake } from '../../contracts/sample-lake.ts';
import { sampleRecords } from '../../contracts/sample-records.ts';
import { startDynamoServer, type DynamoServer } from '../../servers/dynamo-server.ts';

const eventOf = (...keys: string[]) => ({
  Records: keys.map((key) => ({
    eventTime: '2026-11-16T04:00:00.000Z',
    s3: { object: { key: encodeURIComponent(key).replaceAll('%2F', '/') } },
  })),
});

describe('objects created in the lake', () => {
  let server: DynamoServer;
  let root: string;
  let store: ObjectStore;
  let takeEvents: ReturnType<typeof createLakeEvents>;
  const access = () => ({
    client: server.client,
    tablePrefix: 'test-',
    retry: { clock: { sleep: () => Promise.resolve() }, random: () => 0 },
  });
  const rows = async (table: string) =>
    (await server.client.send(new ScanCommand({ TableName: `test-${table}` }))).Items ?? [];

  beforeEach(async () => {
    server = await startDynamoServer('test-');
    root = mkdtempSync(join(tmpdir(), 'events-'));
    store = createFileStore(root, 'process');
    takeEvents = createLakeEvents(access(), store);
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await server.close();
  });

  it('mark a dialogue complete by its raw file, once, whatever Aggregate has recorded before or after', async () => {
    const { runs, weekly, execution } = indexedExecution('one', '2026-W47');
    const [run] = runs;
    await store.put(lakeKeys.status(execution.execution_id), JSON.stringify(execution));
    const index = createDynamoRunIndex(access(), store);
    const event = eventOf(lakeKeys.raw(run!));
    expect(await takeEvents(event)).toEqual({ indexed: 1 });
    expect(await index.runById(run!.run_id)).toBeNull();
    await index.record(
      (async function* () {
        yield* runs;
      })(),
      weekly,
    );
    expect(await takeEvents(event)).toEqual({ indexed: 0 });
    const marked = (await rows(TABLE.runs)).find((item) => item['run_id']!.S === run!.run_id);
    expect(marked).toMatchObject({
      raw_key: { S: lakeKeys.raw(run!) },
      dialogue_ended_at: { S: '2026-11-16T04:00:00.000Z' },
    });
    expect(await index.runById(run!.run_id)).toEqual(run);
  });

  it('fill the audit queue, first things first, and undo no label that was given since', async () => {
    const items = sampleRecords(auditItemSchema, 3).map((item, i) => ({
      ...item,
      audit_id: `a-${i}`,
      priority: i,
      status: 'open' as const,
    }));
    const key = lakeKeys.audit('2026-W47', 'one');
    await store.put(key, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    await takeEvents(eventOf(key));
    const queue = new QueryCommand({
      TableName: `test-${TABLE.judgeItems}`,
      IndexName: INDEX.audit,
      KeyConditionExpression: '#status = :open',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':open': { S: 'open' } },
      ScanIndexForward: false,
    });
    const { Items } = await server.client.send(queue);
    expect(Items?.map((item) => item['item_id']!.S)).toEqual(['audit#a-2', 'audit#a-1', 'audit#a-0']);

    await store.put(key, `${JSON.stringify({ ...items[0], status: 'labelled' })}\n`);
    await takeEvents(eventOf(key));
    expect((await server.client.send(queue)).Items).toHaveLength(3);
  });

  it('leave alone what is not indexed, and what is gone', async () => {
    const keys = ['raw/notes.txt', 'raw/no-run-id.jsonl', 'curated/turns/x.jsonl', 'audit/gone.jsonl'];
    expect(await takeEvents(eventOf(...keys))).toEqual({ indexed: 0 });
    expect(await rows(TABLE.runs)).toEqual([]);
  });

  it('are taken again from the lake by a reindex, which may be repeated', async () => {
    const sample = sampleExecution('one', '2026-W47');
    const plan_key = `manifests/${sample.execution.manifest_id}/plans/one.jsonl`;
    sample.execution = { ...sample.execution, plan_key };
    await writeSampleLake(root, [sample, sampleExecution('two', '2026-W48', { state: 'running' })]);
    const [planned] = sampleRecords(plannedRunSchema, 1);
    const [summary] = sampleRecords(executionSummarySchema, 1);
    const plan = sample.runs.map(({ run_id, dt }) => `${JSON.stringify({ ...planned, run_id, dt })}\n`);
    await store.putIfAbsent(plan_key, plan.join(''));
    await store.put(lakeKeys.summary('one'), JSON.stringify({ ...summary, weekly: sample.weekly }));

    const index = createDynamoRunIndex(access(), store);
    expect(await reindexLake(store, index, takeEvents)).toBe(1);
    const once = await Promise.all(Object.values(TABLE).map(rows));
    expect(once.map((items) => items.length)).toEqual([4, 5, 4]);
    expect(await reindexLake(store, index, takeEvents)).toBe(1);
    expect(await Promise.all(Object.values(TABLE).map(rows))).toEqual(once);
    for (const run of sample.runs) expect(await index.runById(run.run_id)).toEqual(run);
    expect(await index.summariesOfWeek('weekly', '2026-W47', 'P0')).toHaveLength(2);
  });
});
