import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { bedrockModels, readRegistry } from '../../cdk/registry.ts';
import { deploymentNames, deploymentOf } from '../../schemas/deployment-names.ts';
import { readSettings, SETTING_NAMES } from '../../cdk/settings.ts';
import { flat, resourcesOf, root, runApp, synthesize, type Resource } from './synthesize.ts';

const ARN = 'arn:aws:quicksight:us-east-1:111111111111:user/default/ann';
const dev = synthesize('dev');
const prod = synthesize('prod', {
  stage: 'prod',
  network: 'private',
  waf: 'on',
  api: 'on',
  quicksight: 'on',
  quicksightPrincipalArn: ARN,
  alertEmail: 'ops@example.org',
  slackWebhookParameter: '/socratic-bench/slack',
  domainName: 'bench.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
  breakGlassArn: 'arn:aws:iam::111111111111:role/glass',
  weeklyProfile: 'weekly-bedrock',
  modelKeys: 'OPENAI_API_KEY=/socratic-bench/openai,VLLM_KEY=/vllm',
});
const shipped = (
  JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> }
).context;
const context = (changes: Record<string, unknown>) => {
  const values: Record<string, unknown> = { ...shipped, ...changes };
  return { tryGetContext: (key: string) => values[key] } as never;
};
const one = (templates: typeof dev, type: string): Resource => {
  const found = resourcesOf(templates, type);
  expect(found.length).toBe(1);
  return found[0]!;
};
const named = (templates: typeof dev, type: string, part: string): Resource =>
  resourcesOf(templates, type).find((resource) => JSON.stringify(resource.Properties).includes(part))!;

describe('cdk.json', () => {
  it('documents every context key that the stacks read, and names none that they do not', () => {
    const documented = Object.keys(shipped)
      .filter((key) => key.startsWith('// ') && !key.startsWith('// @'))
      .flatMap((key) => key.slice(3).split(', '));
    const keys = Object.keys(shipped).filter((key) => !key.startsWith('//') && !key.startsWith('@'));
    expect(keys.sort()).toEqual([...SETTING_NAMES].sort());
    expect(keys.filter((key) => !documented.includes(key))).toEqual(['quicksightPrincipalArn']);
  });

  it.each([
    [{ stage: 'test' }, 'cdk.json: context.stage'],
    [{ logRetentionDays: 8 }, 'context.logRetentionDays: expected one of 1, 3, 5'],
    [{ athenaCutoffBytes: 1 }, 'context.athenaCutoffBytes'],
    [{ quicksight: 'on' }, 'quicksightPrincipalArn'],
    [{ domainName: 'a.example.org' }, 'certificateArn'],
    [{ waf: 'on', region: 'eu-west-1' }, 'us-east-1 only'],
    [{ firstYear: 2031 }, 'lastYear'],
    [{ replicaRegion: 'us-east-1' }, 'replicaRegion'],
    [{ breakGlassArn: 'me' }, 'expected an ARN or nothing'],
    [{ modelKeys: 'sk-secret' }, 'expected VARIABLE=/parameter by commas'],
  ])('refuses %j and says which key', (changes, message) => {
    expect(() => readSettings(context(changes))).toThrow(message);
  });

  it('takes lists and numbers as `-c key=value` gives them', () => {
    const settings = readSettings(
      context({ bedrockProfiles: 'weekly-bedrock,seed-25', logRetentionDays: '7' }),
    );
    expect(settings.bedrockProfiles).toEqual(['weekly-bedrock', 'seed-25']);
    expect(settings.logRetentionDays).toBe(7);
  });
});

describe('synth', () => {
  it('fails without the bundles, and says what makes them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdk-'));
    const { status, output } = runApp(folder, { hostsDir: 'dist/nowhere' });
    rmSync(folder, { recursive: true });
    expect(status).not.toBe(0);
    expect(output).toContain('node scripts/build-hosts.mjs');
  });

  it('refuses a profile that is not there, with those that are', () => {
    const registry = readRegistry(join(root, 'config'));
    expect(() => bedrockModels(registry, ['weekyl'])).toThrow('expected one of quick, mvp, weekly');
  });

  it('makes the stacks of the flags and no others', () => {
    const always = [
      'Compute',
      'Notification',
      'Observability',
      'Query',
      'Replica',
      'Site',
      'Storage',
      'Workflow',
    ];
    expect([...dev.keys()].sort()).toEqual(always);
    expect([...prod.keys()].sort()).toEqual([...always, 'Api', 'QuickSight'].sort());
  });
});

describe('buckets and tables', () => {
  it('go with a dev stage and stay with a prod stage', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table']) {
      expect(new Set(resourcesOf(dev, type).map((resource) => resource.DeletionPolicy))).toEqual(
        new Set(['Delete']),
      );
      expect(new Set(resourcesOf(prod, type).map((resource) => resource.DeletionPolicy))).toEqual(
        new Set(['Retain']),
      );
    }
  });

  it('are private, encrypted and, where evidence lies, versioned; locked in prod alone', () => {
    for (const { Properties } of [
      ...resourcesOf(dev, 'AWS::S3::Bucket'),
      ...resourcesOf(prod, 'AWS::S3::Bucket'),
    ]) {
      expect(Object.values(Properties['PublicAccessBlockConfiguration'] as object)).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(JSON.stringify(Properties['BucketEncryption'])).toContain('AES256');
    }
    const immutable = (templates: typeof dev) =>
      resourcesOf(templates, 'AWS::S3::Bucket').filter(({ Properties }) =>
        String(Properties['BucketName']).includes('-immutable-'),
      );
    expect(immutable(dev).map(({ Properties }) => Properties['ObjectLockEnabled'])).toEqual([
      undefined,
      undefined,
    ]);
    expect(immutable(prod).map(({ Properties }) => Properties['ObjectLockConfiguration'])).toEqual([
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 400, Mode: 'GOVERNANCE' } } },
      { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 400, Mode: 'GOVERNANCE' } } },
    ]);
    for (const { Properties } of immutable(dev))
      expect(Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
  });

  it('copy the evidence to the other region', () => {
    const [rule] = (
      named(dev, 'AWS::S3::Bucket', 'ReplicationConfiguration').Properties['ReplicationConfiguration'] as {
        Rules: { Status: string; Destination: { Bucket: string } }[];
      }
    ).Rules;
    expect(rule!.Status).toBe('Enabled');
    expect(rule!.Destination.Bucket).toMatch(/-immutable-\d+-us-west-2$/);
    expect(dev.get('Replica')).toBeDefined();
  });

  it('are all known by the name of the lake, which the stack puts out', () => {
    for (const templates of [dev, prod]) {
      const lake = String(templates.get('Storage')!.Outputs!['LakeBucketName']!.Value);
      const { base, place } = deploymentOf(lake)!;
      const names = deploymentNames(base, place);
      expect(names.lakeBucket).toBe(lake);
      const called = (type: string, property: string) =>
        resourcesOf(templates, type).map(({ Properties }) => Properties[property]);
      expect(called('AWS::S3::Bucket', 'BucketName')).toContain(names.immutableBucket);
      for (const name of called('AWS::DynamoDB::Table', 'TableName'))
        expect(String(name).startsWith(names.tablePrefix)).toBe(true);
      expect(called('AWS::StepFunctions::StateMachine', 'StateMachineName')).toEqual([names.machine]);
      expect(names.machineArn.endsWith(`:stateMachine:${names.machine}`)).toBe(true);
      expect(called('AWS::Athena::WorkGroup', 'Name')).toEqual([names.workgroup]);
      expect(JSON.stringify(templates.get('Query')!.Resources)).toContain(`"${names.database}"`);
      expect(called('AWS::SNS::Topic', 'TopicName')).toContain(names.topic);
    }
  });

  it('expire by prefix as the lake page says', () => {
    const lake = resourcesOf(dev, 'AWS::S3::Bucket').find(({ Properties }) =>
      String(Properties['BucketName']).includes('-lake-'),
    )!;
    const rules = (lake.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] }).Rules;
    const lifetime = (prefix: string) => rules.find((rule) => rule['Prefix'] === prefix);
    expect(lifetime('raw/')).toMatchObject({
      Transitions: [{ StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 365 }],
    });
    expect(lifetime('judged/')).toMatchObject({
      Transitions: [{ StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 365 }],
    });
    expect(lifetime('scores/')).toMatchObject({
      ExpirationInDays: 365,
      Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 180 }],
    });
    expect(lifetime('checkpoints/')).toMatchObject({ ExpirationInDays: 30 });
    expect(lifetime('map-runs/')).toMatchObject({ ExpirationInDays: 30 });
    expect(lifetime('evaluator/')).toMatchObject({ ExpirationInDays: 90 });
    expect(
      rules.filter((rule) => rule['ExpirationInDays'] !== undefined && rule['Prefix'] === undefined),
    ).toEqual([]);
  });

  it('leave a trail of who touched the evidence', () => {
    const { EventSelectors } = one(dev, 'AWS::CloudTrail::Trail').Properties as {
      EventSelectors: { DataResources: { Values: unknown[] }[] }[];
    };
    const watched = EventSelectors.flatMap(({ DataResources }) =>
      (DataResources ?? []).flatMap(({ Values }) => Values.map(flat)),
    );
    expect(watched.map((value) => value.replace(/<(\w+?)[0-9A-F]{8}\.Arn>/, '$1')).sort()).toEqual([
      'Immutable/',
      'Lake/raw/',
    ]);
  });
});

describe('containers', () => {
  const containers = resourcesOf(dev, 'AWS::ECS::TaskDefinition').map(
    ({ Properties }) => (Properties['ContainerDefinitions'] as Record<string, unknown>[])[0]!,
  );

  it('run without root, on a read-only file system, with two minutes to stop', () => {
    expect(containers.map((container) => container['Name']).sort()).toEqual(['judge', 'runner']);
    for (const container of containers)
      expect(container).toMatchObject({ User: '1000:1000', ReadonlyRootFilesystem: true, StopTimeout: 120 });
  });

  it('have no way in, and HTTPS as the only way out', () => {
    for (const templates of [dev, prod]) {
      const tasks = named(templates, 'AWS::EC2::SecurityGroup', 'nothing in').Properties;
      expect(tasks['SecurityGroupIngress']).toBeUndefined();
      expect(tasks['SecurityGroupEgress']).toMatchObject([{ FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }]);
    }
  });

  it('need no NAT: public addresses by default, endpoints in a private network', () => {
    for (const templates of [dev, prod]) expect(resourcesOf(templates, 'AWS::EC2::NatGateway')).toEqual([]);
    const endpoints = (templates: typeof dev) =>
      resourcesOf(templates, 'AWS::EC2::VPCEndpoint')
        .map(({ Properties }) =>
          flat(Properties['ServiceName']).replace(/^.*\.(?=\w+$)|^com\.amazonaws\.us-east-1\./, ''),
        )
        .sort();
    expect(endpoints(dev)).toEqual(['dynamodb', 's3']);
    expect(endpoints(prod)).toHaveLength(7);
    expect(resourcesOf(prod, 'AWS::EC2::InternetGateway')).toEqual([]);
  });

  it('get the keys of models from named parameters, as do the probes, and nothing else may read those', () => {
    const parameters = ['/socratic-bench/openai', '/vllm'].map(
      (name) => `arn:aws:ssm:us-east-1:111111111111:parameter${name}`,
    );
    const keyed = (templates: typeof dev) =>
      resourcesOf(templates, 'AWS::ECS::TaskDefinition').map(
        ({ Properties }) => (Properties['ContainerDefinitions'] as { Secrets?: object[] }[])[0]!.Secrets,
      );
    expect(keyed(dev)).toEqual([undefined, undefined]);
    const secrets = [
      { Name: 'OPENAI_API_KEY', ValueFrom: parameters[0] },
      { Name: 'VLLM_KEY', ValueFrom: parameters[1] },
    ];
    expect(keyed(prod)).toEqual([secrets, secrets]);
    const readers = resourcesOf(prod, 'AWS::IAM::Policy').flatMap(({ Properties }) => {
      const { Statement } = Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] };
      return Statement.filter(({ Sid }) => Sid === 'ReadModelKeys').map(({ Action, Resource }) => ({
        role: flat((Properties['Roles'] as unknown[])[0]).replace(/<(\w+?)[0-9A-F]{8}>/, '$1'),
        Action,
        Resource,
      }));
    });
    expect(readers.map(({ role }) => role).sort()).toEqual([
      'JudgeExecutionRole',
      'RunnerExecutionRole',
      'generaterunsRole',
    ]);
    for (const { Action, Resource } of readers) {
      expect(Action).toBe('ssm:GetParameters');
      expect(Resource).toEqual(parameters);
    }
    const probe = named(prod, 'AWS::Lambda::Function', 'socratic-bench-prod-generate-runs').Properties;
    expect(JSON.stringify(probe['Environment'])).toContain(
      'OPENAI_API_KEY=/socratic-bench/openai,VLLM_KEY=/vllm',
    );
  });

  it('may run on Spot and on demand', () => {
    expect(one(dev, 'AWS::ECS::Cluster').Properties['CapacityProviders']).toEqual([
      'FARGATE',
      'FARGATE_SPOT',
    ]);
  });
});

describe('the schedule', () => {
  it('starts the profile on Mondays, 03:00 UTC, tries a bounded number of times and keeps what failed', () => {
    const { Properties } = one(dev, 'AWS::Scheduler::Schedule');
    expect(Properties).toMatchObject({
      ScheduleExpression: 'cron(0 3 ? * MON *)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
    });
    const target = Properties['Target'] as { Input: string; RetryPolicy: object; DeadLetterConfig: object };
    expect(JSON.parse(target.Input)).toEqual({
      profile: 'weekly',
      scheduled_at: '<aws.scheduler.scheduled-time>',
    });
    expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 });
    expect(flat((target.DeadLetterConfig as { Arn: unknown }).Arn)).toContain('DeadLetters');
  });
});

describe('lake events', () => {
  it('reach the index function as S3 notifications, from both buckets', () => {
    const { Properties } = named(dev, 'AWS::Events::Rule', 'aws.s3');
    expect(Properties['EventPattern']).toMatchObject({
      detail: {
        object: {
          key: [
            { wildcard: 'raw/*.jsonl' },
            { wildcard: 'audit/*.jsonl' },
            { wildcard: 'calibration/results/*.jsonl' },
          ],
        },
      },
    });
    const [target] = Properties['Targets'] as {
      InputTransformer: { InputPathsMap: object; InputTemplate: string };
    }[];
    expect(target!.InputTransformer.InputPathsMap).toEqual({
      time: '$.time',
      'detail-bucket-name': '$.detail.bucket.name',
      'detail-object-key': '$.detail.object.key',
    });
    expect(JSON.parse(target!.InputTransformer.InputTemplate.replaceAll(/<[a-z-]+>/g, '"x"'))).toEqual({
      Records: [{ eventTime: 'x', s3: { bucket: { name: 'x' }, object: { key: 'x' } } }],
    });
  });
});

describe('a failed execution', () => {
  it('of this machine reaches the function that mails what is left, and nothing else does', () => {
    const { Properties } = named(dev, 'AWS::Events::Rule', 'aws.states');
    expect(Properties['EventPattern']).toMatchObject({
      source: ['aws.states'],
      detail: {
        stateMachineArn: [expect.stringMatching(/:stateMachine:socratic-bench-dev-weekly$/)],
        status: ['FAILED', 'TIMED_OUT'],
      },
    });
    expect(JSON.stringify(Properties['Targets'])).toMatch(/mailfailure/i);
  });
});

describe('alarms', () => {
  const runbook = readFileSync(join(root, 'docs', 'runbook.md'), 'utf8');
  const alarms = resourcesOf(prod, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

  it.each(alarms.map((alarm) => String(alarm['AlarmName']).replace('socratic-bench-prod-', '')))(
    '%s speaks to the topic and has an entry in the runbook',
    (name) => {
      const alarm = alarms.find((each) => String(each['AlarmName']).endsWith(`-${name}`))!;
      expect(alarm['AlarmActions']).toEqual([
        'arn:aws:sns:us-east-1:111111111111:socratic-bench-prod-alerts',
      ]);
      expect(runbook).toContain(`## ${name}\n`);
    },
  );

  it('watch failed executions, missing weeks, coverage, cost and throttles', () => {
    expect(
      alarms.map((alarm) => String(alarm['AlarmName']).replace('socratic-bench-prod-', '')).sort(),
    ).toEqual([
      'coverage',
      'execution-failed',
      'function-errors',
      'function-throttles',
      'lake-event-undelivered',
      'model-throttles',
      'schedule-undelivered',
      'table-throttles',
      'week-missing',
      'weekly-cost',
    ]);
    expect(alarms.find((alarm) => String(alarm['AlarmName']).endsWith('weekly-cost'))).toMatchObject({
      Threshold: 20,
    });
    expect(resourcesOf(dev, 'AWS::CE::AnomalyMonitor')).toHaveLength(1);
    expect(resourcesOf(dev, 'AWS::Budgets::Budget')).toHaveLength(2);
  });

  it('look back no further than CloudWatch can: a day, or seven days in periods of an hour or more', () => {
    for (const alarm of alarms) {
      const periods = Number(alarm['EvaluationPeriods']);
      const metrics = (alarm['Metrics'] ?? []) as { MetricStat?: { Period: number } }[];
      const period = Math.max(
        Number(alarm['Period'] ?? 0),
        ...metrics.map((metric) => metric.MetricStat?.Period ?? 0),
      );
      expect(periods * period).toBeLessThanOrEqual(period >= 3600 ? 7 * 86_400 : 86_400);
      expect(metrics.length).toBeLessThanOrEqual(11);
    }
  });
});

describe('the site', () => {
  const config = (templates: typeof dev) =>
    one(templates, 'AWS::CloudFront::Distribution').Properties['DistributionConfig'] as {
      CacheBehaviors: { PathPattern: string }[];
      Origins: { OriginPath?: string; OriginAccessControlId: unknown }[];
      WebACLId?: unknown;
      ViewerCertificate?: object;
    };

  it('reads both buckets by origin access control, /data/* out of dashboard/data/', () => {
    const { Origins, CacheBehaviors } = config(dev);
    expect(CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/data/*']);
    expect(Origins.map(({ OriginPath }) => OriginPath)).toEqual([undefined, '/dashboard']);
    expect(Origins.every(({ OriginAccessControlId }) => OriginAccessControlId !== undefined)).toBe(true);
  });

  test('tells browsers to load nothing from elsewhere', () => {
    const policy = JSON.stringify(one(dev, 'AWS::CloudFront::ResponseHeadersPolicy').Properties);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe-inline');
    for (const header of [
      'StrictTransportSecurity',
      'ContentTypeOptions',
      'no-referrer',
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(header);
  });

  it('stands behind WAF and TLS 1.2 where the settings say so', () => {
    expect(config(dev).WebACLId).toBeUndefined();
    expect(config(prod).WebACLId).toBeDefined();
    expect(config(prod).ViewerCertificate).toMatchObject({ MinimumProtocolVersion: 'TLSv1.2_2021' });
  });
});

describe('the API', () => {
  it('serves reads for a key and writes for a signed request', () => {
    const methods = resourcesOf(prod, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties);
    const auth = (method: string) =>
      methods
        .filter((one) => one['HttpMethod'] === method)
        .map((one) => [one['AuthorizationType'], one['ApiKeyRequired']]);
    expect(auth('GET')).toEqual(Array.from({ length: 8 }, () => ['NONE', true]));
    expect(auth('POST')).toEqual([['AWS_IAM', false]]);
    expect(one(prod, 'AWS::ApiGateway::UsagePlan').Properties).toMatchObject({
      Throttle: { RateLimit: 10, BurstLimit: 20 },
    });
  });
});
