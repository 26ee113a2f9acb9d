import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../adapters/aws/client-config.ts';
import { putSiteFiles, type SiteFile } from '../../adapters/aws/site-bucket.ts';
import type { Context } from '../context.ts';
import { awsRetry } from './aws-account.ts';
import { isOnS3, awsEnvironment } from './aws-environment.ts';

/** The bucket of a static site. Loaded only where something is published: it brings the SDK. */
export function openSite(context: Pick<Context, 'lake' | 'environment'>, bucket: string) {
  const environment = isOnS3(context.lake) ? awsEnvironment(context) : context.environment;
  const client = new S3Client(clientConfig(environment));
  return { put: (files: readonly SiteFile[]) => putSiteFiles({ client, bucket, retry: awsRetry }, files) };
}
