import { S3Client } from '@aws-sdk/client-s3';
import { callAws } from '../../adapters/aws/call-aws.ts';
import { clientConfig } from '../../adapters/aws/client-config.ts';
import { createSignedCall } from '../../adapters/aws/signed-call.ts';
import { createSystemClock } from '../../adapters/local/system-clock.ts';
import { deploymentOf, type DeploymentPlace } from '../../schemas/deployment-names.ts';
import { ENV } from '../../schemas/names.ts';
import type { ModelConfig } from '../../schemas/model-config.ts';
import type { Context } from '../context.ts';
import { awsEnvironment } from './aws-environment.ts';
import {
  attempt,
  fail,
  ok,
  warn,
  type Check,
  type DoctorPlan,
  type DoctorPorts,
} from './aws-doctor-check.ts';
import { checkModels } from './aws-doctor-models.ts';
import { checkQuotas } from './aws-doctor-quotas.ts';
import { checkMachine, checkTopic, checkWorkgroup } from './aws-doctor-services.ts';
import { checkBuckets, checkTables } from './aws-doctor-storage.ts';

/** Looks at everything a run on AWS needs, in the order in which a deployment comes to be. Changes and spends nothing. */
export async function awsChecks(plan: DoctorPlan, context: Context): Promise<Check[]> {
  const environment = awsEnvironment(context);
  const bucket = environment[ENV.lake]!.slice('s3://'.length);
  const deployment = deploymentOf(bucket);
  const region = environment['AWS_REGION'];
  if (region === undefined)
    return [fail('region', `none is set, and "${bucket}" names none`, 'export AWS_REGION=us-east-1')];
  const clock = createSystemClock();
  const retry = { clock, random: Math.random };
  const s3 = new S3Client(clientConfig(environment));
  const ports: DoctorPorts = {
    environment,
    base: deployment?.base ?? null,
    s3,
    signed: createSignedCall({ environment, region, keys: s3.config.credentials, nowMs: Date.now, retry }),
    ask: (what, call) => callAws(what, call, retry),
  };
  const account = await checkAccount(ports, deployment?.place ?? null);
  const checks = [account, checkRegion(region, deployment?.place ?? null, plan.models)];
  // Without credentials every other line would say the same.
  if (account.status === 'fail') return checks;
  for (const look of [checkBuckets, checkTables, checkMachine, checkTopic, checkWorkgroup])
    checks.push(...(await look(ports)));
  checks.push(...(await checkQuotas(ports, plan)), ...(await checkModels(ports, plan.models)));
  return checks;
}

async function checkAccount({ signed }: DoctorPorts, place: DeploymentPlace | null): Promise<Check> {
  const request = {
    service: 'sts',
    method: 'POST' as const,
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  };
  return attempt('account', 'aws sso login, or AWS_PROFILE=<profile of the account>', async () => {
    const answer = await signed(request);
    const account = /<Account>(\d{12})</.exec(answer)?.[1] ?? 'unknown';
    const arn = /<Arn>([^<]+)</.exec(answer)?.[1] ?? '';
    return place !== null && place.account !== account
      ? fail(
          'account',
          `${account} (${arn}); the lake is ${place.account}'s`,
          `AWS_PROFILE=<profile of ${place.account}>`,
        )
      : ok('account', `${account} as ${arn}`);
  });
}

function checkRegion(region: string, place: DeploymentPlace | null, models: readonly ModelConfig[]): Check {
  if (place !== null && place.region !== region)
    return fail(
      'region',
      `AWS_REGION is ${region}, the deployment is in ${place.region}`,
      `export AWS_REGION=${place.region}`,
    );
  const isUs = region.startsWith('us-');
  const bound = models.filter((model) => model.endpoint.startsWith('us.')).map((model) => model.model_id);
  return !isUs && bound.length > 0
    ? warn(
        'region',
        `${region}: ${bound.join(', ')} have profiles of the US only`,
        'give those models another endpoint in config/models',
      )
    : ok('region', region);
}
