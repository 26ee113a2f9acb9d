import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { checkDerivedKey, checkLakeKey, checkLakePrefix } from '../../core/identity/check-lake-key.ts';
import type { ObjectStore } from '../../core/ports.ts';
import { IMMUTABLE_PREFIXES } from '../../schemas/names.ts';
import { callAws, isUnanswered, nameOf, statusOf, type RetryPorts } from './call-aws.ts';
import { listBucket, mergeSorted } from './list-bucket.ts';
import { putInParts } from './put-in-parts.ts';

export interface S3StoreOptions {
  client: S3Client;
  /** Bucket of everything that is not under IMMUTABLE_PREFIXES. */
  lakeBucket: string;
  /** Write-once bucket: its policy refuses a put without If-None-Match. */
  immutableBucket: string;
  retry: RetryPorts;
}

/** Bodies above this go in parts of this size: a cut connection then costs 8 MB. S3 wants parts of 5 MB or more. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * The lake on S3: two buckets behind one key space. S3 reads and lists what was written last (strong consistency since
 * 2020), and `If-None-Match: *` lets one of many writers win: 412 says that the key exists, 409 that another conditional
 * write is in flight and this one shall be repeated.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function createS3Store(options: S3StoreOptions): ObjectStore {
  const { client, lakeBucket, immutableBucket, retry } = options;
  const bucketOf = (key: string) =>
    IMMUTABLE_PREFIXES.some((prefix) => key.startsWith(prefix)) ? immutableBucket : lakeBucket;

  async function read(key: string): Promise<Uint8Array | null> {
    const Bucket = bucketOf(key);
    return callAws(
      `read s3://${Bucket}/${key}`,
      async () => {
        try {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
          return Body === undefined ? new Uint8Array() : await Body.transformToByteArray();
        } catch (error) {
          if (nameOf(error) === 'NoSuchKey') return null;
          throw error;
        }
      },
      retry,
    );
  }

  async function write(key: string, body: Uint8Array, condition: { IfNoneMatch?: '*' }): Promise<void> {
    const Bucket = bucketOf(key);
    if (body.length > PART_BYTES) await putInParts(client, { Bucket, Key: key }, body, PART_BYTES, condition);
    else await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ...condition }));
  }

  return {
    async get(key) {
      checkLakeKey(key);
      return read(key);
    },

    async putIfAbsent(key, body) {
      checkLakeKey(key);
      const bytes = toBytes(body);
      let mayBeOurs = false;
      return callAws(
        `write s3://${bucketOf(key)}/${key}`,
        async () => {
          try {
            await write(key, bytes, { IfNoneMatch: '*' });
            return 'written';
          } catch (error) {
            if (statusOf(error) !== 412) {
              mayBeOurs ||= isUnanswered(error);
              throw error;
            }
            // An earlier try of ours may have been carried out without an answer: then what exists is ours.
            return mayBeOurs && isSame(await read(key), bytes) ? 'written' : 'exists';
          }
        },
        retry,
      );
    },

    async put(key, body) {
      checkDerivedKey(key);
      await callAws(`write s3://${bucketOf(key)}/${key}`, () => write(key, toBytes(body), {}), retry);
    },

    list(prefix) {
      checkLakePrefix(prefix);
      const inImmutable = IMMUTABLE_PREFIXES.some((one) => one.startsWith(prefix) || prefix.startsWith(one));
      const inLake = !IMMUTABLE_PREFIXES.some((one) => prefix.startsWith(one));
      return mergeSorted(
        inImmutable ? listBucket(client, immutableBucket, prefix, retry) : null,
        inLake ? listBucket(client, lakeBucket, prefix, retry) : null,
      );
    },
  };
}

function toBytes(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

function isSame(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && Buffer.compare(a, b) === 0;
}
