import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  type BucketProps,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** What every bucket is: private, encrypted by S3, TLS 1.2 or newer; deleted with its stack in dev, kept in prod. */
export function privateBucket(settings: Settings): BucketProps {
  const isDev = settings.stage === 'dev';
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: isDev ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    autoDeleteObjects: isDev,
  };
}

/** Object Lock keeps versions of evidence for a year and a month. */
const LOCK_DAYS = 400;

/** A bucket that keeps what is written: versioned, and in prod locked. A lock cannot be switched off, so dev has none. */
export function immutableBucket(
  scope: Construct,
  id: string,
  settings: Settings,
  props: BucketProps,
): Bucket {
  const bucket = new Bucket(scope, id, {
    ...privateBucket(settings),
    versioned: true,
    ...(settings.stage === 'prod'
      ? {
          objectLockEnabled: true,
          objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(LOCK_DAYS)),
        }
      : {}),
    ...props,
  });
  bucket.addToResourcePolicy(denyDelete(bucket, settings));
  return bucket;
}

/**
 * Refuses every put under these patterns that does not carry If-None-Match: who writes, writes a key once. Parts of a
 * multipart upload create no object and pass; the request that puts them together must carry it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function requireIfNoneMatch(bucket: Bucket, patterns: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'RequireIfNoneMatch',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: patterns.map((pattern) => bucket.arnForObjects(pattern)),
    conditions: {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    },
  });
}

/** Refuses deletes and shortened locks to all but the break-glass role and, in dev, the function that empties the bucket. */
function denyDelete(bucket: Bucket, settings: Settings): PolicyStatement {
  const spared = [
    ...(settings.breakGlassArn === null ? [] : [settings.breakGlassArn]),
    // CDK's emptying function runs when the stack is destroyed; its role is named after the stack.
    ...(settings.stage === 'dev'
      ? [`arn:aws:iam::${bucket.stack.account}:role/*CustomS3AutoDeleteObject*`]
      : []),
  ];
  return new PolicyStatement({
    sid: 'DenyDelete',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectRetention',
      's3:BypassGovernanceRetention',
    ],
    resources: [bucket.arnForObjects('*')],
    ...(spared.length === 0 ? {} : { conditions: { ArnNotLike: { 'aws:PrincipalArn': spared } } }),
  });
}
