import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { AttributeType, BillingMode, ProjectionType, Table, type Attribute } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, StorageClass, type CfnBucket, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { INDEX_TABLES, type KeyAttribute } from '../../schemas/index-tables.ts';
import { IMMUTABLE_PREFIXES, PREFIX, WRITE_ONCE_PREFIXES } from '../../schemas/names.ts';
import { BenchStack, type Deployment } from './bench-stack.ts';
import { replicate } from './replicate.ts';
import { immutableBucket, privateBucket, requireIfNoneMatch } from './write-once.ts';

/**
 * The lake (two buckets behind one key space), who read and wrote it (access logs, CloudTrail data events), and the three
 * tables that index it.
 */
export class StorageStack extends BenchStack {
  constructor(scope: Construct, deployment: Deployment) {
    const { settings, names } = deployment;
    super(scope, 'Storage', deployment, { env: { region: settings.region } });

    const logs = new Bucket(this, 'AccessLogs', {
      ...privateBucket(settings),
      bucketName: names.logsBucket,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(90) }],
    }) as IBucket;
    const immutable = immutableBucket(this, 'Immutable', settings, {
      bucketName: names.immutableBucket,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'immutable/',
      lifecycleRules: [{ id: 'abort', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    immutable.addToResourcePolicy(requireIfNoneMatch(immutable, ['*']));
    replicate(this, immutable, names);

    const lake = new Bucket(this, 'Lake', {
      ...privateBucket(settings),
      bucketName: names.lakeBucket,
      versioned: true,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: lakeLifecycle(),
    });
    const writeOnceOfLake = WRITE_ONCE_PREFIXES.filter(
      (prefix) => !(IMMUTABLE_PREFIXES as readonly string[]).includes(prefix),
    );
    lake.addToResourcePolicy(
      requireIfNoneMatch(
        lake,
        writeOnceOfLake.map((prefix) => `${prefix}*`),
      ),
    );
    lake.addToResourcePolicy(this.siteMayRead(lake));
    for (const bucket of [lake, immutable]) announceToEventBridge(bucket);

    this.recordDataEvents(deployment, lake as IBucket, immutable as IBucket, logs);
    for (const table of INDEX_TABLES) this.addTable(deployment, table);
    // All that the command line needs: it reckons the other names from this one.
    new CfnOutput(this, 'LakeBucketName', { value: names.lakeBucket });
  }

  /** CloudFront reads the dashboard's JSON of this bucket, for distributions of this account. */
  private siteMayRead(lake: Bucket): PolicyStatement {
    return new PolicyStatement({
      sid: 'SiteReadsDashboardData',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
      actions: ['s3:GetObject'],
      resources: [lake.arnForObjects(`${PREFIX.dashboard}/*`)],
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.account },
        ArnLike: { 'aws:SourceArn': `arn:${this.partition}:cloudfront::${this.account}:distribution/*` },
      },
    });
  }

  /** Who touched evidence: data events of the immutable bucket and of raw/, about 20,000 a week ($0.02). */
  private recordDataEvents(
    { settings, names }: Deployment,
    lake: IBucket,
    immutable: IBucket,
    logs: IBucket,
  ): void {
    const bucket = new Bucket(this, 'TrailBucket', {
      ...privateBucket(settings),
      bucketName: names.trailBucket,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'trail/',
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(400) }],
    }) as IBucket;
    const trail = new Trail(this, 'Trail', {
      trailName: names.base,
      bucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      enableFileValidation: true,
      // The first copy of management events is free and every account has it; a second one would be billed.
      managementEvents: ReadWriteType.NONE,
    });
    trail.addS3EventSelector([{ bucket: immutable }, { bucket: lake, objectPrefix: `${PREFIX.raw}/` }], {
      includeManagementEvents: false,
    });
  }

  private addTable({ settings, names }: Deployment, table: (typeof INDEX_TABLES)[number]): void {
    const isProd = settings.stage === 'prod';
    const made = new Table(this, pascal(table.name), {
      tableName: names.table(table.name),
      partitionKey: attribute(table.partition),
      ...(table.sort === null ? {} : { sortKey: attribute(table.sort) }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: isProd,
      removalPolicy: isProd ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const { name, partition, sort } of table.indexes)
      made.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: attribute(partition),
        sortKey: attribute(sort),
        projectionType: ProjectionType.ALL,
      });
  }
}

/** Lifetimes of the lake's prefixes (docs/lake.md). Objects under 128 KB stay where they are: S3 does not move them. */
function lakeLifecycle(): LifecycleRule[] {
  const days = Duration.days;
  const toDeepArchive = { storageClass: StorageClass.DEEP_ARCHIVE, transitionAfter: days(365) };
  return [
    { id: 'raw', prefix: `${PREFIX.raw}/`, transitions: [toDeepArchive] },
    { id: 'judged', prefix: `${PREFIX.judged}/`, transitions: [toDeepArchive] },
    {
      id: 'scores',
      prefix: `${PREFIX.scores}/`,
      transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: days(180) }],
      expiration: days(365),
    },
    { id: 'checkpoints', prefix: `${PREFIX.checkpoints}/`, expiration: days(30) },
    { id: 'map-runs', prefix: `${PREFIX.mapRuns}/`, expiration: days(30) },
    { id: 'evaluator', prefix: `${PREFIX.evaluator}/`, expiration: days(90) },
    {
      id: 'rewritten',
      noncurrentVersionExpiration: days(30),
      abortIncompleteMultipartUploadAfter: days(7),
      expiredObjectDeleteMarker: true,
    },
  ];
}

/**
 * Object events go to EventBridge, where the index function's rule picks them: a notification straight to the function
 * would tie this stack to the workflow and back.
 */
function announceToEventBridge(bucket: Bucket): void {
  (bucket.node.defaultChild as CfnBucket).addPropertyOverride(
    'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
    true,
  );
}

function attribute({ name, type }: KeyAttribute): Attribute {
  return { name, type: type === 'S' ? AttributeType.STRING : AttributeType.NUMBER };
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
