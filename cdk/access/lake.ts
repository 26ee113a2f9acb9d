import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IMMUTABLE_PREFIXES, INDEX, TABLE } from '../../schemas/names.ts';
import type { ResourceNames } from '../resource-names.ts';

/** Statements about the lake and the tables, for roles that name exactly what they touch. */
export function lakeAccess(names: ResourceNames) {
  const objects = (pattern: string) => {
    const isImmutable = IMMUTABLE_PREFIXES.some((prefix) => pattern.startsWith(prefix));
    return `${names.bucketArn(isImmutable ? names.immutableBucket : names.lakeBucket)}/${pattern}`;
  };
  return {
    /** May read the objects under key patterns. */
    get: (...patterns: string[]) =>
      new PolicyStatement({ sid: 'ReadLake', actions: ['s3:GetObject'], resources: patterns.map(objects) }),

    /** May write, never delete. */
    put: (...patterns: string[]) =>
      new PolicyStatement({ sid: 'WriteLake', actions: ['s3:PutObject'], resources: patterns.map(objects) }),

    /** May give up a multipart upload of its own: where files grow beyond the 8 MB of one part. */
    abort: (...patterns: string[]) =>
      new PolicyStatement({
        sid: 'AbortUploads',
        actions: ['s3:AbortMultipartUpload'],
        resources: patterns.map(objects),
      }),

    /** May list both buckets: without it a missing key answers 403 instead of 404, and every resume looks like a refusal. */
    list: () =>
      new PolicyStatement({
        sid: 'ListLake',
        actions: ['s3:ListBucket'],
        resources: [names.bucketArn(names.lakeBucket), names.bucketArn(names.immutableBucket)],
      }),

    /** May list the write-once bucket alone. */
    listImmutable: () =>
      new PolicyStatement({
        sid: 'ListImmutable',
        actions: ['s3:ListBucket'],
        resources: [names.bucketArn(names.immutableBucket)],
      }),

    /** May account for spend: items `budget#<execution_id>` of the runs table, nothing else of it. */
    budget: () =>
      new PolicyStatement({
        sid: 'Budget',
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        resources: [names.tableArn(TABLE.runs)],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['budget#*'] } },
      }),

    /** May read spend, and change none of it. */
    readBudget: () =>
      new PolicyStatement({
        sid: 'ReadBudget',
        actions: ['dynamodb:GetItem'],
        resources: [names.tableArn(TABLE.runs)],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['budget#*'] } },
      }),

    /** May read one model's runs of past weeks: which executions are official, and their runs. */
    readHistory: () =>
      new PolicyStatement({
        sid: 'ReadHistory',
        actions: ['dynamodb:Query'],
        resources: [
          names.tableArn(TABLE.weeklySummaries),
          `${names.tableArn(TABLE.runs)}/index/${INDEX.modelWeek}`,
        ],
      }),

    /** May write index rows of these tables. */
    writeIndex: (...tables: (typeof TABLE)[keyof typeof TABLE][]) =>
      new PolicyStatement({
        sid: 'WriteIndex',
        actions: ['dynamodb:UpdateItem'],
        resources: tables.map(names.tableArn),
      }),
  };
}
