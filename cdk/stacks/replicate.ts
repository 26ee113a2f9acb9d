import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeResource } from '../acknowledge.ts';
import type { ResourceNames } from '../resource-names.ts';

/**
 * Copies every new version of a bucket to the replica, deletions not: a delete marker here leaves the copy there. It is
 * asynchronous, most objects within 15 minutes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export function replicate(scope: Construct, source: Bucket, names: ResourceNames): void {
  const target = names.bucketArn(names.replicaBucket);
  const role = new Role(scope, 'ReplicationRole', {
    assumedBy: new ServicePrincipal('s3.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': names.place.account } },
    }),
  });
  const statements = [
    new PolicyStatement({
      sid: 'ReadSource',
      actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      resources: [names.bucketArn(names.immutableBucket)],
    }),
    new PolicyStatement({
      sid: 'ReadVersions',
      actions: [
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionTagging',
        's3:GetObjectRetention',
        's3:GetObjectLegalHold',
      ],
      resources: [`${names.bucketArn(names.immutableBucket)}/*`],
    }),
    new PolicyStatement({
      sid: 'WriteReplica',
      actions: ['s3:ReplicateObject', 's3:ReplicateTags'],
      resources: [`${target}/*`],
    }),
  ];
  for (const statement of statements) role.addToPolicy(statement);
  for (const bucket of [names.immutableBucket, names.replicaBucket])
    acknowledgeResource(
      role,
      `${names.bucketArn(bucket)}/*`,
      'Replication copies every object of the bucket; S3 documents the statement so.',
    );
  (source.node.defaultChild as CfnBucket).replicationConfiguration = {
    role: role.roleArn,
    rules: [
      {
        id: 'everything',
        status: 'Enabled',
        priority: 1,
        filter: { prefix: '' },
        deleteMarkerReplication: { status: 'Disabled' },
        destination: { bucket: target },
      },
    ],
  };
}
