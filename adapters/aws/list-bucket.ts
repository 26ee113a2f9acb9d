import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { NamedError } from '../../core/errors.ts';
import { ERROR } from '../../schemas/names.ts';
import { callAws, type RetryPorts } from './call-aws.ts';

export interface Listed {
  key: string;
  size_bytes: number;
}

/** Everything below a prefix of one bucket, page after page, in S3's order (UTF-8 bytes; our keys are ASCII). */
export async function* listBucket(
  client: S3Client,
  Bucket: string,
  Prefix: string,
  retry: RetryPorts,
): AsyncGenerator<Listed> {
  let token: string | undefined;
  do {
    const page = await callAws(
      `list s3://${Bucket}/${Prefix}`,
      () => client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken: token })),
      retry,
    );
    for (const { Key, Size } of page.Contents ?? []) yield { key: Key!, size_bytes: Size ?? 0 };
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    if (page.IsTruncated === true && token === undefined)
      throw new NamedError(
        ERROR.storeUnavailable,
        `cannot list s3://${Bucket}/${Prefix}: the store says there is more and not where it goes on`,
      );
  } while (token !== undefined);
}

/** Two sorted listings as one; null stands for none. */
export async function* mergeSorted(
  first: AsyncGenerator<Listed> | null,
  second: AsyncGenerator<Listed> | null,
): AsyncGenerator<Listed> {
  const next = async (items: AsyncGenerator<Listed> | null) => {
    const step = await items?.next();
    return step === undefined || step.done === true ? null : step.value;
  };
  let [a, b] = await Promise.all([next(first), next(second)]);
  while (a !== null || b !== null) {
    if (b === null || (a !== null && a.key < b.key)) {
      yield a!;
      a = await next(first);
    } else {
      yield b;
      b = await next(second);
    }
  }
}
