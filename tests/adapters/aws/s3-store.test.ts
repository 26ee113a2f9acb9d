import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { S3Client } from '@aws-sdk/client-s3';
import { createS3Store } from '../../../adapters/aws/s3-store.ts';
import type { ObjectStore } from '../../../core/ports.ts';
import { collect, objectStoreContract } from '../../contracts/object-store.contract.ts';
import { startS3Server, type S3Fault, type S3Request, type S3Server } from '../../servers/s3-server.ts';
import { testClient } from '../../servers/test-client.ts';

const BUCKETS = { buckets: ['lake', 'immutable'], writeOnce: ['immutable'] };

function openStore(server: S3Server, waits: number[] = []): ObjectStore {
  const client = new S3Client(testClient(server.url));
  return createS3Store({
    client,
    lakeBucket: 'lake',
    immutableBucket: 'immutable',
    retry: {
      clock: {
        sleep: (ms) => {
          waits.push(ms);
          return Promise.resolve();
        },
      },
      random: () => 0.5,
    },
  });
}

objectStoreContract('S3', async () => {
  const server = await startS3Server({ ...BUCKETS, pageSize: 7 });
  return { open: () => openStore(server), close: () => server.close() };
});

describe('the lake on S3', () => {
  let server: S3Server;
  let store: ObjectStore;
  let waits: number[];
  let faults: ((request: S3Request) => S3Fault | null)[];
  beforeEach(async () => {
    waits = [];
    faults = [];
    server = await startS3Server({
      ...BUCKETS,
      pageSize: 2,
      fault: (request) => faults.shift()?.(request) ?? null,
    });
    store = openStore(server, waits);
  });
  afterEach(() => server.close());
  const failWith = (...list: S3Fault[]) => (faults = list.map((fault) => () => fault));

  it('keeps config, manifests and calibration in the immutable bucket and the rest in the lake', async () => {
    const immutable = ['config/models/a.json', 'manifests/m.json', 'calibration/golden_sets/g.jsonl'];
    const lake = [
      'checkpoints/r/turn-0001.json',
      'curated/turns/x',
      'raw/a',
      'map-runs/e',
      'configuration/x',
    ];
    for (const key of [...immutable, ...lake]) await store.putIfAbsent(key, key);
    expect([...server.buckets.get('immutable')!.keys()]).toEqual(immutable);
    expect([...server.buckets.get('lake')!.keys()]).toEqual(lake);
    expect((await collect(store.list(''))).map(({ key }) => key)).toEqual([...immutable, ...lake].sort());
    expect((await collect(store.list('c'))).map(({ key }) => key)).toEqual(
      [...immutable, ...lake].filter((key) => key.startsWith('c')).sort(),
    );
    expect((await collect(store.list('config'))).map(({ key }) => key)).toEqual([
      'config/models/a.json',
      'configuration/x',
    ]);
  });

  it('lists only the bucket that can hold the prefix', async () => {
    await collect(store.list('manifests/manifest_'));
    await collect(store.list('raw/'));
    expect(server.calls.get('ListObjectsV2')).toBe(2);
  });

  test.each<[string, S3Fault]>([
    ['a conflict of conditional writes', { status: 409, code: 'ConditionalRequestConflict' }],
    ['SlowDown', { status: 503, code: 'SlowDown' }],
    ['an internal error', { status: 500, code: 'InternalError' }],
    ['a cut connection', 'reset'],
  ])('repeats a write after %s', async (_, fault) => {
    failWith(fault, fault);
    expect(await store.putIfAbsent('raw/a', 'x')).toBe('written');
    expect(waits).toEqual([50, 100]);
  });

  it('knows its own write again when the answer was lost, and tells it from another', async () => {
    failWith('carried-out');
    expect(await store.putIfAbsent('raw/a', 'mine')).toBe('written');
    failWith('reset');
    expect(await store.putIfAbsent('raw/a', 'theirs')).toBe('exists');
    expect(server.buckets.get('lake')!.get('raw/a')!.toString()).toBe('mine');
  });

  it('gives up after a bounded number of tries, as an error that the state machine retries', async () => {
    failWith(...Array.from({ length: 20 }, (): S3Fault => ({ status: 503, code: 'SlowDown' })));
    await expect(store.get('raw/a')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: true,
      message: expect.stringMatching(/^cannot read s3:\/\/lake\/raw\/a: .*\(7 tries\)$/),
    });
    expect(waits).toHaveLength(6);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
  });

  it('never takes a listing that breaks off for a whole one', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.put(`scores/${name}`, name);
    faults = [() => null, () => ({ status: 503, code: 'SlowDown' })];
    expect(await collect(store.list('scores/'))).toHaveLength(5);
    faults = [() => null, () => ({ status: 403, code: 'AccessDenied' })];
    await expect(collect(store.list('scores/'))).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('says what a refusal may mean, without a second try and without request headers', async () => {
    failWith({ status: 403, code: 'AccessDenied' });
    const error = await store.get('raw/a').catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
      hint: expect.stringContaining('s3:ListBucket'),
    });
    expect(Object.keys((error as Error).cause as object)).toEqual(['name']);
    expect(waits).toEqual([]);
  });

  it('names the setting when a bucket is missing', async () => {
    const other = await startS3Server({ buckets: [] });
    await expect(openStore(other).put('scores/a', '1')).rejects.toMatchObject({
      isRetryable: false,
      hint: expect.stringContaining('SOCRATIC_LAKE'),
    });
    await other.close();
  });

  describe('with a body of many parts', () => {
    const big = new Uint8Array(9_000_000).fill(7);

    it('lets one writer win and leaves no parts of the loser', async () => {
      const outcomes = await Promise.all([1, 2].map(() => store.putIfAbsent('raw/big', big)));
      expect(outcomes.sort()).toEqual(['exists', 'written']);
      expect(server.openUploads()).toBe(0);
    });

    it('begins again after a conflict at the end', async () => {
      let conflicts = 0;
      faults = Array.from({ length: 5 }, () => ({ operation }: S3Request) => {
        if (operation !== 'CompleteMultipartUpload' || conflicts++ > 0) return null;
        return { status: 409, code: 'ConditionalRequestConflict' };
      });
      expect(await store.putIfAbsent('calibration/results/big', big)).toBe('written');
      expect(server.calls.get('CreateMultipartUpload')).toBe(2);
      expect(server.calls.get('UploadPart')).toBe(4);
      expect(server.openUploads()).toBe(0);
      expect(await store.get('calibration/results/big')).toHaveLength(9_000_000);
    });
  });
});
