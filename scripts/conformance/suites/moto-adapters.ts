import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { createAthenaQuery } from '../../../adapters/aws/athena-query.ts';
import { createDynamoBudget } from '../../../adapters/aws/dynamo-budget.ts';
import { createDynamoRunIndex } from '../../../adapters/aws/dynamo-run-index.ts';
import { createS3Store } from '../../../adapters/aws/s3-store.ts';
import { createSnsAlerts } from '../../../adapters/aws/sns-alerts.ts';
import { createStepFunctions } from '../../../adapters/aws/step-functions.ts';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { lakeKeys } from '../../../core/identity/lake-keys.ts';
import { INDEX_TABLES } from '../../../schemas/index-tables.ts';
import { budgetContract } from '../../../tests/contracts/budget.contract.ts';
import { objectStoreContract } from '../../../tests/contracts/object-store.contract.ts';
import { runIndexContract, type IndexedExecution } from '../../../tests/contracts/run-index.contract.ts';
import { createTable } from '../../../tests/servers/dynamo-server.ts';
import { testClient } from '../../../tests/servers/test-client.ts';
import { MOTO_ACCOUNT } from '../moto-account.ts';

/** The contract suites of the ports, as the tests run them on our protocol servers, here over moto's. */
const endpoint = process.env['MOTO_ENDPOINT']!;
const config = () => testClient(endpoint);
const retry = { clock: { sleep: async () => {}, monotonicMs: () => 0 }, random: () => 0 };
let count = 0;

objectStoreContract('S3', async () => {
  const client = new S3Client({ ...config(), forcePathStyle: true });
  const [lakeBucket, immutableBucket] = [`lake-${(count += 1)}`, `immutable-${count}`];
  for (const Bucket of [lakeBucket, immutableBucket]) await client.send(new CreateBucketCommand({ Bucket }));
  return {
    open: () => createS3Store({ client, lakeBucket, immutableBucket, retry }),
    close: async () => client.destroy(),
  };
});

/** Our tables under a prefix of their own. */
async function makeTables() {
  const client = new DynamoDBClient(config());
  const tablePrefix = `t${(count += 1)}-`;
  for (const table of INDEX_TABLES)
    await client.send(new CreateTableCommand(createTable(table, tablePrefix)));
  return { client, tablePrefix, retry };
}

budgetContract('DynamoDB', async () => {
  const { client, tablePrefix } = await makeTables();
  return {
    worker: () => createDynamoBudget({ client, table: `${tablePrefix}runs`, retry }),
    close: async () => client.destroy(),
  };
});

runIndexContract('DynamoDB', async () => {
  const access = await makeTables();
  const root = mkdtempSync(join(tmpdir(), 'moto-index-'));
  const store = createFileStore(root, 'process');
  const open = () => createDynamoRunIndex(access, store);
  return {
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
      access.client.destroy();
    },
  };
});

describe('SNS', () => {
  it('takes an alert with its attributes', async () => {
    const client = new SNSClient(config());
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'alerts' }));
    const alerts = createSnsAlerts({ client, topicArn: TopicArn!, retry });
    await alerts.publish({ kind: 'alert', subject: 'half-life fell', body: 'by 4 turns', dedup_id: 'w-r-m' });
  });
});

describe('Step Functions', () => {
  it('starts an execution once, lists, describes and stops it', async () => {
    const client = new SFNClient(config());
    const definition = JSON.stringify({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 60, End: true } },
    });
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: `machine-${(count += 1)}`,
        definition,
        roleArn: `arn:aws:iam::${MOTO_ACCOUNT}:role/machine`,
      }),
    );
    const machine = createStepFunctions({ client, stateMachineArn: stateMachineArn!, retry });
    expect(await machine.start('one', { profile: 'mvp' })).toBe('started');
    expect(await machine.start('one', { profile: 'weekly' })).toBe('exists');
    expect(await machine.describe('nobody')).toBeNull();
    expect(await machine.describe('one')).toMatchObject({ status: 'RUNNING', input: '{"profile":"mvp"}' });
    expect((await machine.list(10)).map(({ name }) => name)).toEqual(['one']);
    await machine.stop('one', 'by hand');
    expect(await machine.describe('one')).toMatchObject({ status: 'ABORTED' });
  });
});

describe('Athena', () => {
  it('starts a query in a workgroup, waits for it and reads its (empty) result', async () => {
    const client = new AthenaClient(config());
    await client.send(new CreateWorkGroupCommand({ Name: 'w' }));
    const query = createAthenaQuery({ client, workgroup: 'w', database: 'd', usd_per_tb: 5, retry });
    expect(await query('SELECT 1')).toMatchObject({ columns: [], rows: [] });
  });
});
