import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Parts under way at once. */
const PARTS_AT_ONCE = 3;

/**
 * One object as a multipart upload. The condition is checked when the parts are put together: until then nobody sees
 * anything, and a refused or failed upload is aborted so that its parts are not billed. A conflict (409) throws the whole
 * upload away, as S3 demands; the caller begins again.
 */
export async function putInParts(
  client: S3Client,
  at: { Bucket: string; Key: string },
  body: Uint8Array,
  partBytes: number,
  condition: { IfNoneMatch?: '*' },
): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  try {
    const count = Math.ceil(body.length / partBytes);
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let from = 0; from < count; from += PARTS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(PARTS_AT_ONCE, count - from) }, (_, i) => from + i + 1);
      const uploaded = await Promise.all(
        numbers.map(async (PartNumber) => {
          const Body = body.subarray((PartNumber - 1) * partBytes, PartNumber * partBytes);
          const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
          return { PartNumber, ETag };
        }),
      );
      Parts.push(...uploaded);
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts }, ...condition }),
    );
  } catch (error) {
    // The first failure is the one to report; parts left behind are removed by the bucket's lifecycle rule too.
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    throw error;
  }
}
