/** Where a deployment lies. In a template account and region may be tokens. */
export interface DeploymentPlace {
  partition: string;
  account: string;
  region: string;
}

/**
 * Names of one deployment that the stacks give (cdk/resource-names.ts takes them from here) and the command line reckons
 * from the lake's bucket. `base` is `socratic-bench-<stage>`.
 */
export function deploymentNames(base: string, { partition, account, region }: DeploymentPlace) {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return {
    lakeBucket: `${base}-lake-${account}-${region}`,
    siteBucket: `${base}-site-${account}-${region}`,
    immutableBucket: `${base}-immutable-${account}-${region}`,
    tablePrefix: `${base}-`,
    machine: `${base}-weekly`,
    machineArn: arn('states', `stateMachine:${base}-weekly`),
    topic: `${base}-alerts`,
    topicArn: arn('sns', `${base}-alerts`),
    workgroup: base,
    database: base.replaceAll('-', '_'),
  };
}

/** The deployment whose lake a bucket is, by its name; null for a bucket that the stacks did not name. */
export function deploymentOf(lakeBucket: string): { base: string; place: DeploymentPlace } | null {
  const named = /^(.+)-lake-(\d{12})-([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(lakeBucket);
  if (named === null) return null;
  const [, base, account, region] = named as unknown as [string, string, string, string];
  return { base, place: { partition: partitionOf(region), account, region } };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
