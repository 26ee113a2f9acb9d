import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BINDINGS } from '../../workflow/bindings.ts';
import { CONTAINER_NAMES, FUNCTION_NAMES, type ResourceNames } from '../resource-names.ts';
import { lakeAccess } from './lake.ts';

/** Functions that a state of the machine invokes. */
export const STATE_FUNCTIONS = FUNCTION_NAMES.filter((name) =>
  Object.values(BINDINGS).some((task) => task === name),
);

/**
 * What the state machine's role allows. A definition from a file grants nothing by itself, so every statement stands here;
 * log delivery and X-Ray are added by the construct that switches them on.
 */
export function machineAccess(names: ResourceNames): PolicyStatement[] {
  const { partition, region, account } = names.place;
  const lake = lakeAccess(names);
  return [
    new PolicyStatement({
      sid: 'InvokeTasks',
      actions: ['lambda:InvokeFunction'],
      resources: STATE_FUNCTIONS.map(names.functionArn),
    }),
    new PolicyStatement({
      sid: 'RunContainers',
      actions: ['ecs:RunTask'],
      resources: CONTAINER_NAMES.map((name) => `${names.taskDefinitionArn(name)}:*`),
      conditions: { ArnEquals: { 'ecs:cluster': names.clusterArn } },
    }),
    new PolicyStatement({
      sid: 'FollowContainers',
      actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
      resources: [names.tasksArn],
    }),
    new PolicyStatement({
      sid: 'PassTaskRoles',
      actions: ['iam:PassRole'],
      resources: CONTAINER_NAMES.flatMap((name) => [
        names.roleArn(names.taskRole(name)),
        names.roleArn(names.executionRole(name)),
      ]),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    // `.sync` learns of the end of a task through a rule that Step Functions keeps under this name.
    new PolicyStatement({
      sid: 'AwaitContainers',
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [`arn:${partition}:events:${region}:${account}:rule/StepFunctionsGetEventsForECSTaskRule`],
    }),
    // A distributed Map starts its iterations as executions of the same machine.
    new PolicyStatement({
      sid: 'StartIterations',
      actions: ['states:StartExecution'],
      resources: [names.machineArn],
    }),
    new PolicyStatement({
      sid: 'FollowIterations',
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [names.executionsArn, names.childExecutionsArn],
    }),
    new PolicyStatement({
      sid: 'RedriveIterations',
      actions: ['states:RedriveExecution'],
      resources: [names.childExecutionsArn],
    }),
    lake.get('manifests/*'),
    new PolicyStatement({
      sid: 'WriteMapResults',
      actions: ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      resources: [`${names.bucketArn(names.lakeBucket)}/map-runs/*`],
    }),
  ];
}
