import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { openTables, required } from '../../adapters/aws/aws-lake.ts';
import { ENV } from '../../schemas/names.ts';
import { INDEX_TABLES, type IndexTable } from '../../schemas/index-tables.ts';
import { awsRetry } from './aws-account.ts';
import { attempt, deployCommand, fail, ok, warn, type Check, type DoctorPorts } from './aws-doctor-check.ts';

interface Statement {
  Effect: string;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Both buckets of the lake: there, private, TLS only; the immutable one versioned; what is written once, written once. */
export async function checkBuckets(ports: DoctorPorts): Promise<Check[]> {
  const mend = deployCommand(ports.base, 'storage');
  const lake = ports.environment[ENV.lake]!.slice('s3://'.length);
  const immutable = required(ports.environment, ENV.immutableBucket);
  return Promise.all([
    attempt(`bucket ${lake}`, mend, () => checkBucket(ports, lake, [])),
    attempt(`bucket ${immutable}`, mend, async () =>
      checkBucket(ports, immutable, await versioningOf(ports, immutable)),
    ),
  ]);
}

async function checkBucket(
  { s3, ask, base }: DoctorPorts,
  Bucket: string,
  problems: string[],
): Promise<Check> {
  const { PublicAccessBlockConfiguration: block } = await ask(
    `read the public access block of ${Bucket}`,
    () => s3.send(new GetPublicAccessBlockCommand({ Bucket })),
  );
  const { Policy } = await ask(`read the policy of ${Bucket}`, () =>
    s3.send(new GetBucketPolicyCommand({ Bucket })),
  );
  const { Statement: statements } = JSON.parse(Policy ?? '{"Statement":[]}') as { Statement: Statement[] };
  const denies = (key: string) =>
    statements.some(
      ({ Effect, Condition }) =>
        Effect === 'Deny' && Object.values(Condition ?? {}).some((keys) => Object.keys(keys).includes(key)),
    );
  const found = [
    ...problems,
    ...(block !== undefined && Object.values(block).filter((value) => value === true).length === 4
      ? []
      : ['public access is not blocked']),
    ...(denies('aws:SecureTransport') ? [] : ['its policy lets requests without TLS pass']),
    ...(denies('s3:if-none-match') ? [] : ['its policy lets written keys be replaced']),
  ];
  return found.length === 0
    ? ok(`bucket ${Bucket}`, 'private, TLS only, write-once enforced')
    : fail(`bucket ${Bucket}`, found.join('; '), deployCommand(base, 'storage'));
}

async function versioningOf({ s3, ask }: DoctorPorts, Bucket: string): Promise<string[]> {
  const { Status } = await ask(`read the versioning of ${Bucket}`, () =>
    s3.send(new GetBucketVersioningCommand({ Bucket })),
  );
  return Status === 'Enabled' ? [] : ['it is not versioned'];
}

/** The three tables, their indexes and their point-in-time recovery. */
export async function checkTables(ports: DoctorPorts): Promise<Check[]> {
  const { client, tablePrefix } = openTables(ports.environment, awsRetry);
  const mend = deployCommand(ports.base, 'storage');
  const check = async (table: IndexTable): Promise<Check> => {
    const TableName = `${tablePrefix}${table.name}`;
    const name = `table ${TableName}`;
    const { Table } = await ports.ask(`describe ${TableName}`, () =>
      client.send(new DescribeTableCommand({ TableName })),
    );
    const indexes = new Map(
      Table?.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index.IndexStatus]),
    );
    const missing = table.indexes
      .filter((index) => indexes.get(index.name) !== 'ACTIVE')
      .map((index) => index.name);
    if (Table?.TableStatus !== 'ACTIVE') return fail(name, `is ${Table?.TableStatus}`, mend);
    if (missing.length > 0) return fail(name, `index ${missing.join(', ')} is missing or being built`, mend);
    const { ContinuousBackupsDescription: backups } = await ports.ask(
      `describe the backups of ${TableName}`,
      () => client.send(new DescribeContinuousBackupsCommand({ TableName })),
    );
    const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    return recovery === 'ENABLED'
      ? ok(name, `${table.indexes.length} indexes, point-in-time recovery`)
      : warn(
          name,
          'no point-in-time recovery; `socratic-bench reindex` would rebuild it from the lake',
          mend,
        );
  };
  return Promise.all(
    INDEX_TABLES.map((table) => attempt(`table ${tablePrefix}${table.name}`, mend, () => check(table))),
  );
}
