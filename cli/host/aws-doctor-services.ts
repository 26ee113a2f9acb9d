import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { required } from '../../adapters/aws/aws-lake.ts';
import { clientConfig } from '../../adapters/aws/client-config.ts';
import { ENV } from '../../schemas/names.ts';
import { attempt, deployCommand, fail, ok, warn, type Check, type DoctorPorts } from './aws-doctor-check.ts';
import { packageRoot } from './package-root.ts';

/** The state machine: active, and of this version's definition. */
export async function checkMachine({ environment, base, ask }: DoctorPorts): Promise<Check[]> {
  const mend = deployCommand(base, 'workflow');
  const name = 'state machine';
  const check = await attempt(name, mend, async () => {
    const stateMachineArn = required(environment, ENV.stateMachineArn);
    const client = new SFNClient(clientConfig(environment));
    const found = await ask(`describe ${stateMachineArn}`, () =>
      client.send(new DescribeStateMachineCommand({ stateMachineArn })),
    );
    if (found.status !== 'ACTIVE') return fail(name, `${stateMachineArn} is ${found.status}`, mend);
    const own: unknown = JSON.parse(
      await readFile(join(packageRoot(), 'workflow', 'weekly-benchmark.asl.json'), 'utf8'),
    );
    const differs = firstDifference(own, JSON.parse(found.definition ?? '{}'), '');
    return differs === null
      ? ok(name, `${found.name} is active and of this version`)
      : warn(name, `${found.name} is active, of another version than this (${differs})`, mend);
  });
  return [check];
}

/** Path of the first value that two definitions do not share; tokens of ours stand for whatever was put in. Null: none. */
function firstDifference(own: unknown, deployed: unknown, path: string): string | null {
  if (typeof own === 'string' && own.includes('${')) return typeof deployed === 'string' ? null : path;
  if (typeof own !== 'object' || own === null) return own === deployed ? null : path;
  if (typeof deployed !== 'object' || deployed === null) return path;
  const [a, b] = [own, deployed] as [Record<string, unknown>, Record<string, unknown>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(a[key], b[key], `${path}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** The topic of alerts and digest: does anybody listen? */
export async function checkTopic({ environment, base, ask }: DoctorPorts): Promise<Check[]> {
  const name = 'alert topic';
  const mend = `${deployCommand(base, 'notification')} -c alertEmail=you@example.org`;
  const check = await attempt(name, mend, async () => {
    const TopicArn = required(environment, ENV.alertTopicArn);
    const client = new SNSClient(clientConfig(environment));
    const { Subscriptions = [] } = await ask(`list the subscriptions of ${TopicArn}`, () =>
      client.send(new ListSubscriptionsByTopicCommand({ TopicArn })),
    );
    const pending = Subscriptions.filter((one) => one.SubscriptionArn === 'PendingConfirmation');
    if (Subscriptions.length === 0) return warn(name, 'nobody has subscribed', mend);
    if (pending.length > 0)
      return warn(
        name,
        `${pending.map((one) => one.Endpoint).join(', ')} has not confirmed`,
        'follow the link in the mail "AWS Notification - Subscription Confirmation"',
      );
    return ok(name, Subscriptions.map((one) => one.Protocol).join(', '));
  });
  return [check];
}

/** The workgroup of queries: enabled, its settings enforced, a cut-off on what a query may scan. */
export async function checkWorkgroup({ environment, base, ask }: DoctorPorts): Promise<Check[]> {
  const name = 'athena workgroup';
  const mend = deployCommand(base, 'query');
  const check = await attempt(name, mend, async () => {
    const WorkGroup = required(environment, ENV.athenaWorkgroup);
    const client = new AthenaClient(clientConfig(environment));
    const { WorkGroup: found } = await ask(`read the workgroup ${WorkGroup}`, () =>
      client.send(new GetWorkGroupCommand({ WorkGroup })),
    );
    const { EnforceWorkGroupConfiguration: isEnforced, BytesScannedCutoffPerQuery: cutoff } =
      found?.Configuration ?? {};
    if (found?.State !== 'ENABLED') return fail(name, `${WorkGroup} is ${found?.State}`, mend);
    return isEnforced === true && cutoff !== undefined
      ? ok(name, `${WorkGroup}, at most ${(cutoff / 1e9).toFixed(1)} GB a query`)
      : warn(name, `${WorkGroup} has no enforced cut-off of bytes scanned`, mend);
  });
  return [check];
}
