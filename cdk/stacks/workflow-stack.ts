import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, EventField } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENV, PREFIX } from '../../schemas/names.ts';
import type { Substitution } from '../../workflow/bindings.ts';
import { machineAccess } from '../access/machine.ts';
import { readModelKeys } from '../access/model-keys.ts';
import { functionAccess } from '../access/work.ts';
import { acknowledge, acknowledgePatterns } from '../acknowledge.ts';
import { bedrockModels } from '../registry.ts';
import { FUNCTION_NAMES, type FunctionName } from '../resource-names.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import type { ComputeStack } from './compute-stack.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { HostFunction, lakeEnvironment } from './host-function.ts';
import { WeeklySchedule } from './weekly-schedule.ts';

/** Time and memory of each function; the times are those of its state in the definition. */
const SIZES: Readonly<Record<FunctionName, { minutes: number; memoryMb: number }>> = {
  'load-manifest': { minutes: 5, memoryMb: 512 },
  'generate-runs': { minutes: 15, memoryMb: 512 },
  // 36,000 turns stay under 600 MB; CPU comes with memory.
  aggregate: { minutes: 15, memoryMb: 2048 },
  'check-alerts': { minutes: 5, memoryMb: 512 },
  'publish-metrics': { minutes: 5, memoryMb: 256 },
  start: { minutes: 1, memoryMb: 512 },
  index: { minutes: 5, memoryMb: 256 },
  'mail-failure': { minutes: 5, memoryMb: 256 },
};

/** The state machine of workflow/weekly-benchmark.asl.json, its functions, what starts it every Monday, and the index function. */
export class WorkflowStack extends BenchStack {
  readonly functions: Readonly<Record<FunctionName, HostFunction>>;
  /** Deliveries that failed to the end: of the schedule, and of lake events. */
  readonly deadLetters: readonly Queue[];

  constructor(scope: Construct, deployment: Deployment, compute: ComputeStack) {
    const { settings, names } = deployment;
    super(scope, 'Workflow', deployment, { env: { region: settings.region } });
    this.functions = this.addFunctions(deployment, compute);
    this.addMachine(deployment, compute);
    const schedule = new WeeklySchedule(this, deployment);
    this.mailFailures(deployment);
    this.deadLetters = [schedule.deadLetters, this.indexLakeEvents(deployment)];
    new CfnOutput(this, 'StateMachineArn', { value: names.machineArn });
  }

  private addFunctions(deployment: Deployment, compute: ComputeStack): Record<FunctionName, HostFunction> {
    const { settings, names, registry, root } = deployment;
    const models = bedrockModels(registry, [settings.weeklyProfile, ...settings.bedrockProfiles]);
    const access = functionAccess(names, models);
    access['generate-runs'].push(...readModelKeys(settings, names));
    const keys = settings.modelKeys;
    const more: Partial<Record<FunctionName, Record<string, string>>> = {
      start: { [ENV.stateMachineArn]: names.machineArn },
      'generate-runs':
        keys.length === 0
          ? {}
          : { [ENV.modelKeys]: keys.map(({ variable, parameter }) => `${variable}=${parameter}`).join(',') },
      'check-alerts': {
        [ENV.alertTopicArn]: names.topicArn,
        // CloudFront's own name is known only after the site's stack; a name of one's own is known here.
        ...(settings.domainName === null ? {} : { [ENV.siteUrl]: `https://${settings.domainName}/` }),
      },
      'mail-failure': { [ENV.alertTopicArn]: names.topicArn },
      'publish-metrics': {
        [ENV.imageDigests]: Object.entries(compute.imageSources)
          .map(([name, hash]) => `${name}=source-sha256:${hash}`)
          .join(','),
      },
    };
    const made = FUNCTION_NAMES.map((name) => [
      name,
      new HostFunction(this, name, deployment, {
        name,
        codeDir: join(root, settings.hostsDir, name),
        timeout: Duration.minutes(SIZES[name].minutes),
        memoryMb: SIZES[name].memoryMb,
        environment: { ...lakeEnvironment(names), ...more[name] },
        statements: access[name],
      }),
    ]);
    return Object.fromEntries(made) as Record<FunctionName, HostFunction>;
  }

  private addMachine({ settings, names, root }: Deployment, { network }: ComputeStack): void {
    const { partition, account, region } = names.place;
    const substitutions: Record<Substitution, string> = {
      LoadManifestFunctionArn: names.functionArn('load-manifest'),
      GenerateRunsFunctionArn: names.functionArn('generate-runs'),
      AggregateFunctionArn: names.functionArn('aggregate'),
      CheckAlertsFunctionArn: names.functionArn('check-alerts'),
      PublishMetricsFunctionArn: names.functionArn('publish-metrics'),
      ClusterArn: names.clusterArn,
      RunnerTaskDefinitionArn: names.taskDefinitionArn('runner'),
      JudgeTaskDefinitionArn: names.taskDefinitionArn('judge'),
      SubnetIds: network.subnetIds.join(','),
      SecurityGroupIds: network.securityGroupId,
      AssignPublicIp: network.assignPublicIp,
      LakeBucketName: names.lakeBucket,
      ImmutableBucketName: names.immutableBucket,
    };
    const role = new Role(this, 'MachineRole', {
      roleName: names.machine,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: {
            'aws:SourceArn': `arn:${partition}:states:${region}:${account}:stateMachine:${names.machine}`,
          },
        },
      }),
    });
    const statements = machineAccess(names);
    for (const statement of statements) role.addToPolicy(statement);
    acknowledgePatterns(role, statements);
    acknowledge(
      role,
      'IAM5[Resource::*]',
      'Log delivery (docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html) and X-Ray (docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html) know no resource.',
    );
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: names.machine,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromFile(join(root, 'workflow', 'weekly-benchmark.asl.json')),
      definitionSubstitutions: substitutions,
      role,
      tracingEnabled: true,
      removalPolicy: RemovalPolicy.DESTROY,
      logs: {
        destination: new LogGroup(this, 'MachineLog', {
          logGroupName: `/aws/vendedlogs/states/${names.machine}`,
          retention: settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    for (const host of Object.values(this.functions)) machine.node.addDependency(host);
  }

  /**
   * Objects created in the lake reach the index function through EventBridge, in the form of an S3 event notification. An
   * EventBridge key is not URL-encoded; ours hold no character that decoding would change.
   */
  private indexLakeEvents({ names }: Deployment): Queue {
    const deadLetters = deadLetterQueue(this, 'LakeEventsDeadLetters');
    const rule = new Rule(this, 'LakeEvents', {
      description: 'raw, audit and canary files of the lake to the index function',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [names.lakeBucket, names.immutableBucket] },
          object: {
            key: [PREFIX.raw, PREFIX.audit, PREFIX.canaryResults].map((prefix) => ({
              wildcard: `${prefix}/*.jsonl`,
            })),
          },
        },
      },
    });
    rule.addTarget(
      new LambdaTarget(this.functions.index.function, {
        deadLetterQueue: deadLetters,
        maxEventAge: Duration.hours(6),
        retryAttempts: 20,
        event: RuleTargetInput.fromObject({
          Records: [
            {
              eventTime: EventField.fromPath('$.time'),
              s3: {
                bucket: { name: EventField.fromPath('$.detail.bucket.name') },
                object: { key: EventField.fromPath('$.detail.object.key') },
              },
            },
          ],
        }),
      }),
    );
    return deadLetters;
  }

  /**
   * An execution that fails or times out is mailed with what it left; one that somebody stopped is not news to them. A mail
   * that cannot be sent is not kept: the alarm execution-failed speaks of the same execution.
   */
  private mailFailures({ names }: Deployment): void {
    const rule = new Rule(this, 'Failures', {
      description: 'failed executions of the machine to the mail-failure function',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [names.machineArn], status: ['FAILED', 'TIMED_OUT'] },
      },
    });
    rule.addTarget(
      new LambdaTarget(this.functions['mail-failure'].function, {
        maxEventAge: Duration.hours(6),
        retryAttempts: 5,
      }),
    );
  }
}
