import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, type Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV } from '../../schemas/names.ts';
import { acknowledgePatterns } from '../acknowledge.ts';
import type { ResourceNames } from '../resource-names.ts';
import type { Deployment } from './bench-stack.ts';

export interface HostFunctionProps {
  name: Parameters<ResourceNames['function']>[0];
  /** Folder with index.mjs, which exports `handler`. */
  codeDir: string;
  timeout: Duration;
  memoryMb: number;
  environment: Record<string, string>;
  /** All that the function may do beside writing its own log. */
  statements: readonly PolicyStatement[];
}

/**
 * One function: its bundle, its own role with nothing but the statements given and its own log group, which keeps logs as
 * long as the settings say. Lambda sets no aws:SourceArn when it assumes an execution role, so its trust names no source;
 * who may pass the role to a function is held by iam:PassRole.
 */
export class HostFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { names, settings }: Deployment, props: HostFunctionProps) {
    super(scope, id);
    if (!existsSync(join(props.codeDir, 'index.mjs')))
      throw new Error(
        `${join(props.codeDir, 'index.mjs')}: expected the bundle of the function ${props.name}, got nothing; \`node scripts/build-hosts.mjs\` writes it`,
      );
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: names.logGroup(props.name),
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const statements = [
      new PolicyStatement({
        sid: 'WriteOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [names.logGroupArn(props.name)],
      }),
      ...props.statements,
    ];
    const role = new Role(this, 'Role', {
      roleName: names.function(props.name),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const statement of statements) role.addToPolicy(statement);
    acknowledgePatterns(role, statements);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: names.function(props.name),
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(props.codeDir, { exclude: ['*.d.mts'] }),
      role,
      logGroup: this.logGroup,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: props.environment,
    });
  }
}

/** The variables that every function and container of the workflow has. */
export function lakeEnvironment(names: ResourceNames): Record<string, string> {
  return {
    [ENV.lake]: `s3://${names.lakeBucket}`,
    [ENV.immutableBucket]: names.immutableBucket,
    [ENV.tablePrefix]: names.tablePrefix,
  };
}
