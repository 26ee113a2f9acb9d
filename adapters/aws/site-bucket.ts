import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { callAws, type RetryPorts } from './call-aws.ts';

/** A file of a static site. */
export interface SiteFile {
  path: string;
  body: Uint8Array;
  content_type: string;
  cache_control: string;
}

/** Puts files of a site into a bucket, one after the other in the order given; nothing is deleted. */
export async function putSiteFiles(
  { client, bucket, retry }: { client: S3Client; bucket: string; retry: RetryPorts },
  files: readonly SiteFile[],
): Promise<void> {
  for (const { path, body, content_type, cache_control } of files)
    await callAws(
      `write s3://${bucket}/${path}`,
      () =>
        client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: path,
            Body: body,
            ContentType: content_type,
            CacheControl: cache_control,
          }),
        ),
      retry,
    );
}
