import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  Period,
  RequestValidator,
  RestApi,
  type IRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { ENV, INDEX, TABLE } from '../../schemas/names.ts';
import { lakeAccess } from '../access/lake.ts';
import { acknowledge } from '../acknowledge.ts';
import { API_ROUTES, type ApiRoute } from '../api-routes.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { HostFunction, lakeEnvironment } from './host-function.ts';
import { commonRules } from './web-acl.ts';

/** A program that reads results asks now and then. */
const THROTTLE = { rateLimit: 10, burstLimit: 20 };
const READS_A_DAY = 10_000;

/** API Gateway over the bundle dist/hosts/api, as two functions: one that reads, one that starts executions. */
export class ApiStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names } = deployment;
    super(scope, 'Api', deployment, { env: { region: settings.region } });
    const functions = {
      read: this.addFunction(deployment, 'api-read', readAccess(deployment), {}),
      start: this.addFunction(deployment, 'api-start', startAccess(deployment), {
        [ENV.stateMachineArn]: names.machineArn,
      }),
    };
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: names.logGroup('api-access'),
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      restApiName: names.base,
      description: 'Runs, weeks and trends of socratic-bench; starts executions',
      endpointTypes: [EndpointType.REGIONAL],
      // The role would be the account's for all its APIs: an account that wants execution logs has it already.
      cloudWatchRole: false,
      deployOptions: {
        stageName: settings.stage,
        loggingLevel: MethodLoggingLevel.OFF,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        throttlingRateLimit: THROTTLE.rateLimit,
        throttlingBurstLimit: THROTTLE.burstLimit,
        tracingEnabled: true,
      },
    });
    const validator = new RequestValidator(this, 'Validator', {
      restApi: api as IRestApi,
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const route of API_ROUTES) this.addRoute(api, route, functions[route.function], validator);

    const key = api.addApiKey('ReaderKey', { apiKeyName: `${names.base}-reader` });
    const plan = api.addUsagePlan('Readers', {
      name: names.base,
      throttle: THROTTLE,
      quota: { limit: READS_A_DAY, period: Period.DAY },
      apiStages: [{ api: api as IRestApi, stage: api.deploymentStage }],
    });
    plan.addApiKey(key);
    if (settings.waf)
      new CfnWebACLAssociation(this, 'WebAclAssociation', {
        resourceArn: api.deploymentStage.stageArn,
        webAclArn: commonRules(this, `${names.base}-api`, 'REGIONAL').attrArn,
      });
    else
      acknowledge(
        api,
        'APIG3',
        'Read only for the public, throttled and metered; a web ACL costs more than the API; waf=on adds one.',
      );
    acknowledge(
      api,
      'APIG6',
      "Execution logs need an account-wide role and repeat what the access log and the functions' logs say.",
    );
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }

  private addFunction(
    deployment: Deployment,
    name: 'api-read' | 'api-start',
    statements: PolicyStatement[],
    environment: Record<string, string>,
  ): HostFunction {
    const { names, root, settings } = deployment;
    return new HostFunction(this, name, deployment, {
      name,
      codeDir: join(root, settings.hostsDir, 'api'),
      timeout: Duration.seconds(29),
      memoryMb: 512,
      environment: { ...lakeEnvironment(names), ...environment },
      statements,
    });
  }

  private addRoute(
    api: RestApi,
    { method, path, function: target }: ApiRoute,
    host: HostFunction,
    requestValidator: RequestValidator,
  ): void {
    const isRead = target === 'read';
    const made = api.root.resourceForPath(path).addMethod(method, new LambdaIntegration(host.function), {
      authorizationType: isRead ? AuthorizationType.NONE : AuthorizationType.IAM,
      apiKeyRequired: isRead,
      requestValidator,
    });
    if (isRead)
      acknowledge(
        made,
        'APIG4',
        'The results are public on the site; the key meters a reader and is no secret of a browser.',
      );
    acknowledge(
      made,
      'COG4',
      'No people sign in: reads take a key, writes a signed request of an IAM principal.',
    );
  }
}

/** What reading needs: plans, summaries and turns by key, and the two ranked indexes. */
function readAccess({ names }: Deployment): PolicyStatement[] {
  const lake = lakeAccess(names);
  const index = (table: (typeof TABLE)[keyof typeof TABLE], name: string) =>
    `${names.tableArn(table)}/index/${name}`;
  return [
    lake.get('judged/*', 'scores/*', 'executions/*', 'manifests/*/plans/*'),
    lake.list(),
    // Ranked listings: which execution is official, and its runs by half-life or compliance.
    new PolicyStatement({
      sid: 'ReadIndex',
      actions: ['dynamodb:Query'],
      resources: [
        names.tableArn(TABLE.weeklySummaries),
        index(TABLE.runs, INDEX.halfLife),
        index(TABLE.runs, INDEX.compliance),
      ],
    }),
  ];
}

/** What starting needs: the same as the start function. */
function startAccess({ names }: Deployment): PolicyStatement[] {
  return [
    lakeAccess(names).listImmutable(),
    new PolicyStatement({
      sid: 'StartExecution',
      actions: ['states:StartExecution'],
      resources: [names.machineArn],
    }),
  ];
}
