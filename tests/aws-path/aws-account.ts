import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { FUNCTION_NAMES, resourceNames, type FunctionName } from '../../cdk/resource-names.ts';
import { ENV, TABLE } from '../../schemas/names.ts';
import { startDynamoServer } from '../servers/dynamo-server.ts';
import { serviceError, startJsonServer } from '../servers/json-server.ts';
import { startS3Server, type S3Fault, type S3Request } from '../servers/s3-server.ts';
import { startSnsServer } from '../servers/sns-server.ts';
import { s3Action, type IamRequest } from './iam.ts';
import { startContainer, startLambda, type Environment, type LambdaFunction } from './hosts.ts';

/** What the stacks would call everything in this account. */
export const NAMES = resourceNames('test', {
  partition: 'aws',
  account: '123456789012',
  region: 'us-east-1',
  replicaRegion: 'us-west-2',
});
export const LAKE_BUCKET = NAMES.lakeBucket;
export const IMMUTABLE_BUCKET = NAMES.immutableBucket;
const TABLE_PREFIX = NAMES.tablePrefix;
const STATE_MACHINE = NAMES.machineArn;
const TOPIC = NAMES.topicArn;
/** Executions that StartExecution was asked for, by name. */
export type Started = Map<string, string>;

/**
 * An AWS account as far as the product touches one: protocol servers for S3, DynamoDB, SNS and Step Functions, the bundled
 * Lambdas wired as the stacks wire them (the index function on raw/), containers on demand.
 */
export async function openAwsAccount(
  watch: {
    /** What goes wrong with S3 requests. */
    fault?: (request: S3Request) => S3Fault | null;
    /** After an object was created, before the writer knows. */
    onCreated?: (key: string) => void;
  } = {},
) {
  const events: Promise<unknown>[] = [];
  const requests = new Map<string, IamRequest>();
  const note = (request: IamRequest) => void requests.set(JSON.stringify(request), request);
  const s3 = await startS3Server({
    buckets: [LAKE_BUCKET, IMMUTABLE_BUCKET],
    writeOnce: [IMMUTABLE_BUCKET],
    pageSize: 50,
    onRequest: ({ principal, operation, bucket, key }) =>
      note({
        principal,
        action: s3Action(operation),
        resource: `${NAMES.bucketArn(bucket)}${key === '' ? '' : `/${key}`}`,
        leading_key: null,
      }),
    fault: (request) => watch.fault?.(request) ?? null,
    onCreated(_bucket, key, size) {
      watch.onCreated?.(key);
      if (!key.startsWith('raw/') || !key.endsWith('.jsonl')) return;
      // As S3 writes them: URL-encoded, in a list of records.
      const object = { key: encodeURIComponent(key).replaceAll('%2F', '/'), size };
      const record = { eventTime: new Date().toISOString(), eventName: 'ObjectCreated:Put', s3: { object } };
      events.push(lambdas.index.invoke({ Records: [record] }));
    },
  });
  const dynamo = await startDynamoServer(TABLE_PREFIX, ({ principal, operation, table, index, key }) => {
    const name = Object.values(TABLE).find((one) => NAMES.table(one) === table)!;
    note({
      principal,
      action: `dynamodb:${operation}`,
      resource: `${NAMES.tableArn(name)}${index === null ? '' : `/index/${index}`}`,
      leading_key: key,
    });
  });
  const sns = await startSnsServer((principal, action) =>
    note({ principal, action: `sns:${action}`, resource: TOPIC, leading_key: null }),
  );
  const started: Started = new Map();
  const sfn = await startJsonServer(
    {
      StartExecution({ name, input }: { name: string; input: string }) {
        if (started.has(name)) throw serviceError('ExecutionAlreadyExists');
        started.set(name, input);
        return {
          executionArn: `${STATE_MACHINE.replace('stateMachine', 'execution')}:${name}`,
          startDate: 0,
        };
      },
    },
    (principal, operation) =>
      note({ principal, action: `states:${operation}`, resource: STATE_MACHINE, leading_key: null }),
  );

  /** What every function and task definition has from the stacks and from AWS itself. */
  const base: Environment = {
    AWS_REGION: 'us-east-1',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_SNS: sns.url,
    AWS_ENDPOINT_URL_SFN: sfn.url,
    [ENV.lake]: `s3://${LAKE_BUCKET}`,
    [ENV.immutableBucket]: IMMUTABLE_BUCKET,
    [ENV.tablePrefix]: TABLE_PREFIX,
  };
  const own: Partial<Record<FunctionName, Environment>> = {
    'check-alerts': { [ENV.alertTopicArn]: TOPIC },
    'mail-failure': { [ENV.alertTopicArn]: TOPIC },
    start: { [ENV.stateMachineArn]: STATE_MACHINE },
    'publish-metrics': { [ENV.imageDigests]: 'runner=sha256:aa,judge=sha256:bb' },
  };
  const lambdas = Object.fromEntries(
    FUNCTION_NAMES.map((name) => [
      name,
      startLambda(name, { ...base, ...own[name], AWS_ACCESS_KEY_ID: name }),
    ]),
  ) as Record<FunctionName, LambdaFunction>;

  return {
    s3,
    dynamo,
    sns,
    sfn,
    started,
    /** Every signed request, once. The signer is named after its host. */
    requests,
    lambdas,
    /** The environment of a task definition under the overrides of RunTask. */
    containerEnvironment: (name: string, overrides: Environment): Environment => ({
      ...base,
      AWS_ACCESS_KEY_ID: name,
      ...overrides,
    }),
    /** Runs a container's main with that environment. */
    container(name: string, overrides: Environment) {
      return startContainer(name, this.containerEnvironment(name, overrides));
    },
    /** Waits until the index function has taken every event. */
    settleEvents: () => Promise.all(events),
    runItem: async (run_id: string) => {
      const TableName = `${TABLE_PREFIX}${TABLE.runs}`;
      const { Item } = await dynamo.client.send(
        new GetItemCommand({ TableName, Key: { run_id: { S: run_id } } }),
      );
      return Item;
    },
    items: async (table: string) => {
      const found = await dynamo.client.send(new ScanCommand({ TableName: `${TABLE_PREFIX}${table}` }));
      return found.Items ?? [];
    },
    /** Bytes of an object of the lake, whichever bucket holds it. */
    objects: (prefix: string) =>
      new Map(
        [...s3.buckets.values()].flatMap((bucket) => [...bucket]).filter(([key]) => key.startsWith(prefix)),
      ),
    async close() {
      for (const lambda of Object.values(lambdas)) lambda.stop();
      await Promise.all([s3.close(), dynamo.close(), sns.close(), sfn.close()]);
    },
  };
}
export type AwsAccount = Awaited<ReturnType<typeof openAwsAccount>>;
