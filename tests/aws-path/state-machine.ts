import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { execute, type EngineEvent, type TaskHandlers } from '../../engine/engine.ts';
import { systemClock } from '../../engine/clock.ts';
import { ENV } from '../../schemas/names.ts';
import { SUBSTITUTIONS } from '../../workflow/bindings.ts';
import { IMMUTABLE_BUCKET, LAKE_BUCKET, type AwsAccount } from './aws-account.ts';

const DEFINITION = new URL('../../workflow/weekly-benchmark.asl.json', import.meta.url);

/** Values of the definition's tokens, as CDK would give them. */
const VALUES: Readonly<Record<(typeof SUBSTITUTIONS)[number], string>> = {
  LoadManifestFunctionArn: 'load-manifest',
  GenerateRunsFunctionArn: 'generate-runs',
  AggregateFunctionArn: 'aggregate',
  CheckAlertsFunctionArn: 'check-alerts',
  PublishMetricsFunctionArn: 'publish-metrics',
  ClusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/socratic',
  RunnerTaskDefinitionArn: 'runner',
  JudgeTaskDefinitionArn: 'judge',
  SubnetIds: 'subnet-1,subnet-2',
  SecurityGroupIds: 'sg-1',
  AssignPublicIp: 'ENABLED',
  LakeBucketName: LAKE_BUCKET,
  ImmutableBucketName: IMMUTABLE_BUCKET,
};

/** Waits between retries are at most 120 s in the definition, time-outs at least 300 s. */
const LONGEST_RETRY_MS = 120_000;

interface RunTask {
  TaskDefinition: string;
  Overrides: { ContainerOverrides: { Name: string; Environment: { Name: string; Value: string }[] }[] };
}

/** Runs the deployed definition over an account: Lambdas and containers are the bundled ones, in processes of their own. */
export async function runStateMachine(
  account: AwsAccount,
  name: string,
  input: string,
  options: {
    onEvent?: (event: EngineEvent) => void;
    /** Divides the waits between retries. */
    hurry?: number;
    /** Called with each container's process and the run it works on. */
    onContainer?: (process: ChildProcess, run_id: string) => void;
  } = {},
) {
  const { hurry = 1 } = options;
  const handlers: TaskHandlers = {
    'arn:aws:states:::lambda:invoke': async (call) => {
      const { FunctionName, Payload } = call.arguments as unknown as {
        FunctionName: keyof AwsAccount['lambdas'];
        Payload: unknown;
      };
      return { StatusCode: 200, Payload: await account.lambdas[FunctionName].invoke(Payload) } as never;
    },
    'arn:aws:states:::ecs:runTask.sync': async (call) => {
      const { TaskDefinition, Overrides } = call.arguments as unknown as RunTask;
      const [container] = Overrides.ContainerOverrides;
      // The container's name in the task definition is the host's.
      if (container!.Name !== TaskDefinition) throw new Error(`no container ${container!.Name}`);
      const environment = container!.Environment.map(({ Name, Value }) => [Name, Value]);
      const overrides = Object.fromEntries(environment) as Record<string, string>;
      const { process, exited } = account.container(TaskDefinition, overrides);
      options.onContainer?.(process, overrides[ENV.runId]!);
      const { code, stderr } = await exited;
      if (code === 0) return {};
      throw Object.assign(new Error(`exit code ${code}: ${stderr}`), { name: 'States.TaskFailed' });
    },
  };
  return execute(JSON.parse(readFileSync(DEFINITION, 'utf8')), JSON.parse(input), {
    substitutions: VALUES,
    handlers,
    objects: {
      get: async (bucket, key) => account.s3.buckets.get(bucket)?.get(key) ?? null,
      put: async (bucket, key, body) =>
        void account.s3.buckets.get(bucket)!.set(key, Buffer.from(body as Uint8Array | string)),
    },
    executionName: name,
    stateMachineName: 'weekly-benchmark',
    clock: {
      ...systemClock,
      sleep: (ms, signal) => systemClock.sleep(ms <= LONGEST_RETRY_MS ? ms / hurry : ms, signal),
    },
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
  });
}
