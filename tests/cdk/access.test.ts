import { describe, expect, it } from '@jest/globals';
import { bucketPolicies, isAllowed, permissions, rolePolicies } from './policies.ts';
import { ACCOUNT, synthesize } from './synthesize.ts';

const templates = synthesize('dev');
const roles = rolePolicies(templates);
const buckets = bucketPolicies(templates);
const LAKE = `socratic-bench-dev-lake-${ACCOUNT}-us-east-1`;
const IMMUTABLE = `socratic-bench-dev-immutable-${ACCOUNT}-us-east-1`;
const REPLICA = `socratic-bench-dev-immutable-${ACCOUNT}-us-west-2`;

const model = (id: string, ...regions: string[]) =>
  regions.map((region) => `arn:aws:bedrock:${region}::foundation-model/${id}`);
/** A global profile: the profile, the model here, and the model's ARN without a region. */
const globalModel = (id: string) => [`bedrock:inference-profile/global.${id}`, ...model(id, 'us-east-1', '')];
const HAIKU = globalModel('anthropic.claude-haiku-4-5-20251001-v1:0');
const SONNET = globalModel('anthropic.claude-sonnet-4-6');
const NOVA_PRO = model('amazon.nova-pro-v1:0', 'us-east-1');
const NOVA_LITE = model('amazon.nova-lite-v1:0', 'us-east-1');
const MAVERICK = [
  'bedrock:inference-profile/us.meta.llama4-maverick-17b-instruct-v1:0',
  ...model('meta.llama4-maverick-17b-instruct-v1:0', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'),
];
const TUTORS = [...HAIKU, ...SONNET, ...NOVA_PRO, ...NOVA_LITE, ...MAVERICK];

const MEASURE = ['immutable/calibration/golden_sets/*', 'immutable/config/*', 'immutable/manifests/*'];
const BOTH = { 's3:ListBucket': ['immutable', 'lake'] };
const BUDGET = {
  'dynamodb:GetItem': ['dynamodb:table/~-runs'],
  'dynamodb:UpdateItem': ['dynamodb:table/~-runs'],
};
const HISTORY = {
  'dynamodb:Query': ['dynamodb:table/~-runs/index/ModelWeekIndex', 'dynamodb:table/~-weekly_summaries'],
};
const log = (name: string) => ({
  'logs:CreateLogStream': [`logs:log-group:~/${name}:*`],
  'logs:PutLogEvents': [`logs:log-group:~/${name}:*`],
});
const EXECUTION = {
  'ecr:BatchCheckLayerAvailability': ['image repository'],
  'ecr:BatchGetImage': ['image repository'],
  'ecr:GetAuthorizationToken': ['*'],
  'ecr:GetDownloadUrlForLayer': ['image repository'],
  'logs:CreateLogStream': ['own log group'],
  'logs:PutLogEvents': ['own log group'],
};

/** All that each role may do. A new permission is a change of this table. */
const ALLOWED: Record<string, Record<string, string[]>> = {
  'runner-task': {
    ...BOTH,
    ...BUDGET,
    's3:GetObject': [...MEASURE, 'lake/checkpoints/*', 'lake/raw/*'],
    's3:PutObject': ['lake/checkpoints/*', 'lake/raw/*'],
    'bedrock:InvokeModel': TUTORS,
  },
  'judge-task': {
    ...BOTH,
    ...BUDGET,
    's3:GetObject': [...MEASURE, 'lake/checkpoints/*', 'lake/judged/*', 'lake/raw/*'],
    's3:PutObject': ['immutable/calibration/results/*', 'lake/checkpoints/*', 'lake/judged/*'],
    'bedrock:InvokeModel': [...HAIKU, ...NOVA_PRO],
  },
  'runner-execution': EXECUTION,
  'judge-execution': EXECUTION,
  start: {
    ...log('start'),
    's3:ListBucket': ['immutable'],
    'states:StartExecution': ['states:stateMachine:~-weekly'],
  },
  'load-manifest': {
    ...log('load-manifest'),
    ...BUDGET,
    's3:ListBucket': ['immutable'],
    's3:GetObject': MEASURE,
    's3:PutObject': [
      'immutable/calibration/golden_sets/*',
      'immutable/config/*',
      'immutable/manifests/manifest_*.json',
    ],
  },
  'generate-runs': {
    ...log('generate-runs'),
    ...BOTH,
    ...HISTORY,
    's3:GetObject': [...MEASURE, 'immutable/calibration/results/*', 'lake/executions/*', 'lake/scores/*'],
    's3:PutObject': ['immutable/manifests/*/plans/*'],
    'bedrock:InvokeModel': TUTORS,
  },
  aggregate: {
    ...log('aggregate'),
    ...BOTH,
    ...HISTORY,
    'dynamodb:UpdateItem': ['dynamodb:table/~-runs', 'dynamodb:table/~-weekly_summaries'],
    's3:GetObject': [
      ...MEASURE,
      'immutable/calibration/results/*',
      'lake/audit/*',
      'lake/checkpoints/*',
      'lake/dashboard/data/*',
      'lake/executions/*',
      'lake/judged/*',
      'lake/labels/*',
      'lake/raw/*',
      'lake/scores/*',
    ],
    's3:PutObject': [
      'lake/audit/*',
      'lake/curated/*',
      'lake/dashboard/data/*',
      'lake/executions/*/seal.json',
      'lake/executions/*/summary.json',
      'lake/ledger/*',
      'lake/scores/*',
    ],
    's3:AbortMultipartUpload': ['lake/curated/*'],
  },
  'check-alerts': {
    ...log('check-alerts'),
    ...BOTH,
    's3:GetObject': [
      ...MEASURE,
      'immutable/calibration/results/*',
      'lake/alerts/*',
      'lake/dashboard/data/alerts.json',
      'lake/executions/*',
    ],
    's3:PutObject': ['lake/alerts/*', 'lake/dashboard/data/alerts.json'],
    'sns:Publish': ['sns:~-alerts'],
  },
  'publish-metrics': {
    ...log('publish-metrics'),
    ...BOTH,
    's3:GetObject': ['lake/alerts/*', 'lake/executions/*'],
    's3:PutObject': ['lake/executions/*/status.json'],
  },
  index: {
    ...log('index'),
    ...BOTH,
    'dynamodb:UpdateItem': ['dynamodb:table/~-judge_items', 'dynamodb:table/~-runs'],
    's3:GetObject': ['immutable/calibration/results/*', 'lake/audit/*'],
  },
  'mail-failure': {
    ...log('mail-failure'),
    ...BOTH,
    'dynamodb:GetItem': ['dynamodb:table/~-runs'],
    's3:GetObject': ['immutable/manifests/*', 'lake/alerts/*', 'lake/executions/*'],
    'sns:Publish': ['sns:~-alerts'],
  },
  weekly: {
    'lambda:InvokeFunction': [
      'aggregate',
      'check-alerts',
      'generate-runs',
      'load-manifest',
      'publish-metrics',
    ].map((name) => `lambda:function:~-${name}`),
    'ecs:RunTask': ['ecs:task-definition/~-judge:*', 'ecs:task-definition/~-runner:*'],
    'ecs:StopTask': ['ecs:task/~/*'],
    'ecs:DescribeTasks': ['ecs:task/~/*'],
    'iam:PassRole': ['judge-execution', 'judge-task', 'runner-execution', 'runner-task'].map(
      (name) => `role/~-${name}`,
    ),
    'events:PutTargets': ['events:rule/StepFunctionsGetEventsForECSTaskRule'],
    'events:PutRule': ['events:rule/StepFunctionsGetEventsForECSTaskRule'],
    'events:DescribeRule': ['events:rule/StepFunctionsGetEventsForECSTaskRule'],
    'states:StartExecution': ['states:stateMachine:~-weekly'],
    'states:DescribeExecution': ['states:execution:~-weekly/*', 'states:execution:~-weekly:*'],
    'states:StopExecution': ['states:execution:~-weekly/*', 'states:execution:~-weekly:*'],
    'states:RedriveExecution': ['states:execution:~-weekly/*'],
    's3:GetObject': ['immutable/manifests/*', 'lake/map-runs/*'],
    's3:PutObject': ['lake/map-runs/*'],
    's3:ListMultipartUploadParts': ['lake/map-runs/*'],
    's3:AbortMultipartUpload': ['lake/map-runs/*'],
    ...Object.fromEntries(
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
      ].map((action) => [action, ['*']]),
    ),
  },
  'weekly-schedule': {
    'lambda:InvokeFunction': ['lambda:function:~-start'],
    'sqs:SendMessage': ['dead letters'],
  },
};

/** Who alone writes below each prefix of the lake. */
const WRITERS: [key: string, bucket: string, ...writers: string[]][] = [
  ['config/models/x@sha256_0.json', IMMUTABLE, 'load-manifest'],
  ['manifests/manifest_20261116_00000000.json', IMMUTABLE, 'load-manifest'],
  ['manifests/manifest_20261116_00000000/plans/e.jsonl', IMMUTABLE, 'generate-runs'],
  ['calibration/golden_sets/golden_set_v1.jsonl', IMMUTABLE, 'load-manifest'],
  ['calibration/results/dt=2026-11-16/e.jsonl', IMMUTABLE, 'judge-task'],
  ['checkpoints/r/turn-0001.json', LAKE, 'judge-task', 'runner-task'],
  ['raw/dt=2026-11-16/model=m/phase=P0/r.jsonl', LAKE, 'runner-task'],
  ['judged/dt=2026-11-16/model=m/phase=P0/r.jsonl', LAKE, 'judge-task'],
  ['scores/dt=2026-11-16/r_summary.json', LAKE, 'aggregate'],
  ['curated/turns/week=2026-W47/e.parquet', LAKE, 'aggregate'],
  ['ledger/week=2026-W47/e.jsonl', LAKE, 'aggregate'],
  ['audit/week=2026-W47/e.jsonl', LAKE, 'aggregate'],
  ['executions/e/seal.json', LAKE, 'aggregate'],
  ['executions/e/status.json', LAKE, 'publish-metrics'],
  ['alerts/week=2026-W47/e.jsonl', LAKE, 'check-alerts'],
  ['dashboard/data/index.json', LAKE, 'aggregate'],
  ['dashboard/data/alerts.json', LAKE, 'aggregate', 'check-alerts'],
  ['map-runs/e/RunDialogues/x.json', LAKE, 'weekly'],
  ['labels/ann/1/001.json', LAKE],
  ['evaluator/dt=2026-11-16/x.json', LAKE],
];
const arn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
const may = (action: string, resource: string) =>
  [...roles].flatMap(([name, statements]) => (isAllowed(statements, action, resource) ? [name] : [])).sort();

describe('a role', () => {
  it('stands in the table, and no other does', () => {
    expect([...roles.keys()].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it.each(Object.keys(ALLOWED))('%s may do exactly what its task does', (name) => {
    const expected = Object.fromEntries(
      Object.entries(ALLOWED[name]!).map(([action, resources]) => [action, [...resources].sort()]),
    );
    expect(permissions(roles.get(name)!)).toEqual(expected);
  });

  it.each(WRITERS)('writes %s only where it is its work', (key, bucket, ...writers) => {
    expect(may('s3:PutObject', arn(bucket, key))).toEqual(writers);
  });

  it('deletes nothing, changes no lock, lists no bucket of others', () => {
    for (const action of [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectRetention',
      's3:BypassGovernanceRetention',
      's3:PutBucketPolicy',
    ])
      for (const [key, bucket] of WRITERS)
        expect([action, key, ...may(action, arn(bucket, key))]).toEqual([action, key]);
    expect(may('s3:ListAllMyBuckets', '*')).toEqual([]);
    expect(
      may('dynamodb:DeleteItem', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/socratic-bench-dev-runs`),
    ).toEqual([]);
    expect(
      may('dynamodb:Scan', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/socratic-bench-dev-runs`),
    ).toEqual([]);
  });

  it('hands on no role but those of the two containers, and to no service but ECS', () => {
    expect(may('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/Admin`)).toEqual([]);
    const passing = roles.get('weekly')!.filter(({ actions }) => actions.includes('iam:PassRole'));
    expect(passing.map(({ conditions }) => conditions)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ]);
  });

  it('of a container reaches budget items of the runs table and nothing else of it', () => {
    const table = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/socratic-bench-dev-runs`;
    for (const name of ['runner-task', 'judge-task', 'load-manifest']) {
      expect(isAllowed(roles.get(name)!, 'dynamodb:UpdateItem', table)).toBe(true);
      expect(isAllowed(roles.get(name)!, 'dynamodb:UpdateItem', table, ['dynamodb:LeadingKeys'])).toBe(false);
    }
  });

  it('calls no model beside those of the profiles', () => {
    expect(
      may('bedrock:InvokeModel', 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-8'),
    ).toEqual([]);
    expect(may('bedrock:InvokeModel', NOVA_LITE[0]!)).toEqual(['generate-runs', 'runner-task']);
  });
});

describe('a bucket policy', () => {
  /** Somebody who may do everything, as far as the account's own policies go. */
  const admin = { effect: 'Allow', actions: ['*'], resources: ['*'], conditions: {} } as const;
  const adminMay = (bucket: string, action: string, key: string, unmet: string[]) =>
    isAllowed(
      [{ ...admin, actions: ['*'], resources: ['*'] }, ...buckets.get(bucket)!],
      action,
      arn(bucket, key),
      ['aws:SecureTransport', 's3:TlsVersion', ...unmet],
    );

  it.each(WRITERS.filter(([, bucket]) => bucket === IMMUTABLE).map(([key]) => key))(
    'lets nobody overwrite %s: a put must carry If-None-Match',
    (key) => {
      // The conditions of the deny hold for a put without the header, and do not for one with it.
      expect(adminMay(IMMUTABLE, 's3:PutObject', key, [])).toBe(false);
      expect(adminMay(IMMUTABLE, 's3:PutObject', key, ['s3:if-none-match'])).toBe(true);
      expect(adminMay(IMMUTABLE, 's3:PutObject', key, ['s3:ObjectCreationOperation'])).toBe(true);
    },
  );

  it.each([
    ['checkpoints/r/turn-0001.json', false],
    ['raw/dt=2026-11-16/model=m/phase=P0/r.jsonl', false],
    ['labels/ann/1/001.json', false],
    ['evaluator/dt=2026-11-16/x.json', false],
    ['scores/dt=2026-11-16/r_summary.json', true],
    ['map-runs/e/RunDialogues/manifest.json', true],
    ['dashboard/data/index.json', true],
  ])('of the lake: may %s be replaced? %s', (key, isReplaceable) => {
    expect(adminMay(LAKE, 's3:PutObject', key, [])).toBe(isReplaceable);
  });

  it.each([IMMUTABLE, REPLICA])('of %s lets nobody delete or shorten a lock', (bucket) => {
    for (const action of [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectRetention',
      's3:BypassGovernanceRetention',
    ])
      expect(adminMay(bucket, action, 'config/models/x.json', [])).toBe(false);
    // Dev alone spares the function that empties the bucket when the stack is destroyed.
    expect(adminMay(bucket, 's3:DeleteObject', 'config/models/x.json', ['aws:PrincipalArn'])).toBe(true);
    const spared = buckets.get(bucket)!.find(({ actions }) => actions.includes('s3:DeleteObject'))!;
    expect(JSON.stringify(spared.conditions)).toContain('CustomS3AutoDeleteObject');
  });

  it('refuses every bucket old TLS and plain HTTP', () => {
    expect(buckets.size).toBe(8);
    for (const [bucket, statements] of buckets) {
      const denied = statements.filter(
        ({ effect, actions }) => effect === 'Deny' && actions.includes('s3:*'),
      );
      expect([bucket, JSON.stringify(denied.map(({ conditions }) => conditions))]).toEqual([
        bucket,
        JSON.stringify([
          { Bool: { 'aws:SecureTransport': 'false' } },
          { NumericLessThan: { 's3:TlsVersion': 1.2 } },
        ]),
      ]);
    }
  });

  it('shows CloudFront the data of the dashboard and nothing else of the lake', () => {
    const shown = buckets
      .get(LAKE)!
      .filter(({ effect, actions }) => effect === 'Allow' && actions.includes('s3:GetObject'));
    expect(shown.map(({ resources }) => resources)).toEqual([[arn(LAKE, 'dashboard/data/*')]]);
    expect(Object.keys(shown[0]!.conditions['StringEquals']!)).toEqual(['aws:SourceAccount']);
  });
});
