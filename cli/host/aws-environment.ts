import { deploymentNames, deploymentOf } from '../../schemas/deployment-names.ts';
import { ENV } from '../../schemas/names.ts';
import type { Context } from '../context.ts';
import { CliError } from '../failure.ts';

const S3_URL = /^s3:\/\/([^/]+)\/?$/i;

/** Is the lake of a command on S3? */
export function isOnS3(lake: string): boolean {
  return /^s3:\/\//i.test(lake);
}

/**
 * What a command needs to know of a deployment, as variables. The name of the lake's bucket says the most: stacks name
 * everything by one rule (schemas/deployment-names.ts). A variable that is set wins. Throws a usage error for a lake that
 * is no bucket.
 */
export function awsEnvironment(
  context: Pick<Context, 'lake' | 'environment'>,
): Readonly<Record<string, string | undefined>> {
  const bucket = S3_URL.exec(context.lake)?.[1];
  if (bucket === undefined)
    throw new CliError(
      'usage',
      `--lake: expected s3://<lake bucket> with --target aws, got "${context.lake}"`,
      'the stack Storage names the bucket (output LakeBucketName); give it by --lake or SOCRATIC_LAKE',
    );
  const deployment = deploymentOf(bucket);
  const set = Object.entries(context.environment).filter(([, value]) => value !== undefined && value !== '');
  return { ...reckoned(deployment), ...Object.fromEntries(set), [ENV.lake]: `s3://${bucket}` };
}

function reckoned(deployment: ReturnType<typeof deploymentOf>): Record<string, string> {
  if (deployment === null) return {};
  const names = deploymentNames(deployment.base, deployment.place);
  return {
    AWS_REGION: deployment.place.region,
    [ENV.immutableBucket]: names.immutableBucket,
    [ENV.tablePrefix]: names.tablePrefix,
    [ENV.stateMachineArn]: names.machineArn,
    [ENV.alertTopicArn]: names.topicArn,
    [ENV.athenaWorkgroup]: names.workgroup,
    [ENV.athenaDatabase]: names.database,
  };
}
