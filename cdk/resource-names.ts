import { deploymentNames } from '../schemas/deployment-names.ts';
import { TABLE } from '../schemas/names.ts';

/** Functions of the workflow, by the folder of their bundle below hostsDir. */
export const FUNCTION_NAMES = [
  'load-manifest',
  'generate-runs',
  'aggregate',
  'check-alerts',
  'publish-metrics',
  'start',
  'index',
  'mail-failure',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** Containers, by the folder of their bundle; also the container's name, which the state machine's overrides call. */
export const CONTAINER_NAMES = ['runner', 'judge'] as const;
export type ContainerName = (typeof CONTAINER_NAMES)[number];

export interface Place {
  partition: string;
  account: string;
  region: string;
  replicaRegion: string;
}

/**
 * Names and ARNs of everything that one stack makes and another one uses. Stacks agree on names instead of exporting
 * values: an export in use cannot change, so a new revision of a task definition would block its own deployment. Bucket
 * names hold account and region, because they are shared with all the world.
 */
export function resourceNames(stage: string, place: Place) {
  const base = `socratic-bench-${stage}`;
  const { partition, account, region, replicaRegion } = place;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const bucket = (name: string, where = region) => `${base}-${name}-${account}-${where}`;
  const shared = deploymentNames(base, place);
  const { machine } = shared;
  return {
    ...shared,
    base,
    place,
    bucketArn: (name: string) => `arn:${partition}:s3:::${name}`,
    replicaBucket: bucket('immutable', replicaRegion),
    logsBucket: bucket('logs'),
    trailBucket: bucket('trail'),
    siteLogsBucket: bucket('site-logs'),
    athenaBucket: bucket('athena'),
    table: (name: (typeof TABLE)[keyof typeof TABLE]) => `${base}-${name}`,
    tableArn: (name: (typeof TABLE)[keyof typeof TABLE]) => arn('dynamodb', `table/${base}-${name}`),
    cluster: base,
    clusterArn: arn('ecs', `cluster/${base}`),
    tasksArn: arn('ecs', `task/${base}/*`),
    taskFamily: (name: ContainerName) => `${base}-${name}`,
    /** Without a revision: the newest active one, which survives a deployment while an execution runs. */
    taskDefinitionArn: (name: ContainerName) => arn('ecs', `task-definition/${base}-${name}`),
    taskRole: (name: ContainerName) => `${base}-${name}-task`,
    executionRole: (name: ContainerName) => `${base}-${name}-execution`,
    roleArn: (name: string) => `arn:${partition}:iam::${account}:role/${name}`,
    function: (name: FunctionName | 'api-read' | 'api-start' | 'slack') => `${base}-${name}`,
    functionArn: (name: FunctionName) => arn('lambda', `function:${base}-${name}`),
    logGroup: (name: string) => `/socratic-bench/${stage}/${name}`,
    logGroupArn: (name: string) => arn('logs', `log-group:/socratic-bench/${stage}/${name}:*`),
    executionsArn: arn('states', `execution:${machine}:*`),
    /** Child executions and map runs carry the Map's label behind a slash. */
    childExecutionsArn: arn('states', `execution:${machine}/*`),
    mapRunsArn: arn('states', `mapRun:${machine}/*`),
    schedule: `${base}-weekly`,
    /** `path` begins with a slash. */
    parameterArn: (path: string) => arn('ssm', `parameter${path}`),
  } as const;
}
export type ResourceNames = ReturnType<typeof resourceNames>;
