import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, IgnoreMode, RemovalPolicy } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import {
  CfnCluster,
  type CfnTaskDefinition,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { readModelKeys } from '../access/model-keys.ts';
import { containerAccess } from '../access/work.ts';
import { acknowledge, acknowledgePatterns } from '../acknowledge.ts';
import { bedrockModels } from '../registry.ts';
import { CONTAINER_NAMES, type ContainerName } from '../resource-names.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { lakeEnvironment } from './host-function.ts';
import { Network } from './network.ts';

/** Fargate's longest: Spot gives two minutes' warning, the default of 30 s would waste most of it. */
const STOP_TIMEOUT = Duration.seconds(120);
/** The user `node` of Node's official images. */
const USER = '1000:1000';

/** The cluster, its network, and a task definition for the runner and for the judge. The state machine chooses Spot or on demand. */
export class ComputeStack extends BenchStack {
  readonly network: Network;
  /** SHA-256 of what each image is built from; also the tag of the image in ECR. */
  readonly imageSources: Readonly<Record<ContainerName, string>>;

  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names, registry } = deployment;
    super(scope, 'Compute', deployment, { env: { region: settings.region } });
    this.network = new Network(this, deployment);

    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: names.cluster,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    acknowledge(
      cluster,
      'ECS4',
      'Container Insights bills a metric set for each of 360 tasks a week; what it shows, ledger, logs and Step Functions show too (aws.amazon.com/cloudwatch/pricing).',
    );

    const models = bedrockModels(registry, [settings.weeklyProfile, ...settings.bedrockProfiles]);
    const access = containerAccess(names, models);
    const made = CONTAINER_NAMES.map((name) => [name, this.addTask(deployment, name, access[name])] as const);
    this.imageSources = Object.fromEntries(made) as Record<ContainerName, string>;
  }

  /** Gives the image's source hash. */
  private addTask(
    { settings, names, registry, root }: Deployment,
    name: ContainerName,
    statements: readonly PolicyStatement[],
  ): string {
    const { task_vcpu, task_memory_gb } = registry.prices.usage;
    const image = this.buildImage(root, settings.hostsDir, name);
    const taskRole = this.taskRole(names.taskRole(name), `${pascal(name)}TaskRole`);
    for (const statement of statements) taskRole.addToPolicy(statement);
    acknowledgePatterns(taskRole, statements);
    const executionRole = this.taskRole(names.executionRole(name), `${pascal(name)}ExecutionRole`);
    acknowledge(
      executionRole,
      'IAM5[Resource::*]',
      'ecr:GetAuthorizationToken knows no resource (docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html).',
    );

    for (const statement of readModelKeys(settings, names)) executionRole.addToPolicy(statement);

    const task = new FargateTaskDefinition(this, `${pascal(name)}Task`, {
      family: names.taskFamily(name),
      cpu: task_vcpu * 1024,
      memoryLimitMiB: task_memory_gb * 1024,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole,
      executionRole,
    });
    task.addContainer(name, {
      containerName: name,
      image: ContainerImage.fromDockerImageAsset(image),
      user: USER,
      readonlyRootFilesystem: true,
      stopTimeout: STOP_TIMEOUT,
      environment: lakeEnvironment(names),
      logging: LogDriver.awsLogs({
        streamPrefix: name,
        logGroup: new LogGroup(this, `${pascal(name)}Log`, {
          logGroupName: names.logGroup(name),
          retention: settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      }),
    });
    // As a property: CDK's own grant would let the role read the parameter's history too.
    if (settings.modelKeys.length > 0)
      (task.node.defaultChild as CfnTaskDefinition).addPropertyOverride(
        'ContainerDefinitions.0.Secrets',
        settings.modelKeys.map(({ variable, parameter }) => ({
          Name: variable,
          ValueFrom: names.parameterArn(parameter),
        })),
      );
    acknowledge(
      task,
      'ECS2',
      'The variables are names of buckets and tables, nothing secret; the work item comes with each start as an override.',
    );
    return image.assetHash;
  }

  /** ECS assumes it for tasks of this account (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html). */
  private taskRole(roleName: string, id: string): Role {
    const { account, region, partition } = this;
    return new Role(this, id, {
      roleName,
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
        },
      }),
    });
  }

  /** The image is built when the stack is deployed, never at synth; .dockerignore leaves the Dockerfile and the bundles in its context. */
  private buildImage(root: string, hostsDir: string, name: ContainerName): DockerImageAsset {
    const file = `Dockerfile.${name}`;
    for (const path of [file, join(hostsDir, name, 'index.mjs')])
      if (!existsSync(join(root, path)))
        throw new Error(
          `${path}: expected what the image of ${name} is made of, got nothing; \`node scripts/build-hosts.mjs\` writes the bundles`,
        );
    return new DockerImageAsset(this, `${pascal(name)}Image`, {
      directory: root,
      file,
      platform: Platform.LINUX_AMD64,
      ignoreMode: IgnoreMode.DOCKER,
    });
  }
}

function pascal(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
