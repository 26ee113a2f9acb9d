import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { NamedError } from '../../core/errors.ts';
import type { Budget, ObjectStore, RunIndex } from '../../core/ports.ts';
import { ENV, ERROR, TABLE } from '../../schemas/names.ts';
import type { RetryPorts } from './call-aws.ts';
import { clientConfig } from './client-config.ts';
import { createDynamoBudget } from './dynamo-budget.ts';
import type { TableAccess } from './dynamo-items.ts';
import { createDynamoRunIndex } from './dynamo-run-index.ts';
import { readModelKeys } from './model-keys.ts';
import { createS3Store } from './s3-store.ts';
import { createSignedCall } from './signed-call.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The lake that SOCRATIC_LAKE (`s3://<bucket>`) and SOCRATIC_IMMUTABLE_BUCKET name. Throws InvalidConfig. */
export function openAwsStore(environment: Environment, retry: RetryPorts): ObjectStore {
  const lake = required(environment, ENV.lake);
  const lakeBucket = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(lake)?.[1];
  if (lakeBucket === undefined)
    throw new NamedError(ERROR.invalidConfig, `${ENV.lake}: expected s3://<bucket>, got "${lake}"`);
  return createS3Store({
    client: new S3Client(clientConfig(environment)),
    lakeBucket,
    immutableBucket: required(environment, ENV.immutableBucket),
    retry,
  });
}

/** The tables under SOCRATIC_TABLE_PREFIX. */
export function openTables(environment: Environment, retry: RetryPorts): TableAccess {
  return {
    client: new DynamoDBClient(clientConfig(environment)),
    tablePrefix: required(environment, ENV.tablePrefix),
    retry,
  };
}

/** The budget of executions in the runs table. */
export function openAwsBudget(environment: Environment, retry: RetryPorts): Budget {
  const { client, tablePrefix } = openTables(environment, retry);
  return createDynamoBudget({ client, table: `${tablePrefix}${TABLE.runs}`, retry });
}

/** The run index in the tables, over executions of `store`. */
export function openAwsIndex(environment: Environment, store: ObjectStore, retry: RetryPorts): RunIndex {
  return createDynamoRunIndex(openTables(environment, retry), store);
}

/** Keys of models behind OpenAI-compatible endpoints, by the variable that the registry names. */
export async function openModelKeys(environment: Environment, retry: RetryPorts): Promise<Environment> {
  if ((environment[ENV.modelKeys] ?? '') === '') return {};
  const { config } = new DynamoDBClient(clientConfig(environment));
  const region = await config.region();
  const signed = createSignedCall({ environment, region, keys: config.credentials, nowMs: Date.now, retry });
  return readModelKeys(environment, signed);
}

/** A variable that the deployment sets. Throws InvalidConfig naming it. */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new NamedError(ERROR.invalidConfig, `${name}: expected a value in the environment, got nothing`, {
    hint: 'the stacks set it on every function and task definition (cdk/); outside of AWS set it yourself',
  });
}
