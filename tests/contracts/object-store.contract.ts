import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ObjectStore } from '../../core/ports.ts';

/** One place that several stores share, as several processes would. */
export interface SharedLake {
  /** A store on the place, independent of every other one opened. */
  open(): ObjectStore;
  close(): Promise<void>;
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes));

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Keys that must be refused: they lead outside, or some store could not hold them as given. */
const HOSTILE_KEYS = [
  '',
  '/etc/passwd',
  '../outside',
  'raw/../../outside',
  'raw/./x',
  'raw//x',
  'raw/x/',
  'raw/.hidden',
  '.local/tmp/x',
  'raw/nul\0byte',
  'raw/new\nline',
  'raw\\windows',
  'raw/\u202egnp.exe',
  'raw/é',
  'raw/e\u0301',
  'raw/a b',
  'raw/a:b',
  `raw/${'x'.repeat(300)}`,
  `${'raw/'.repeat(400)}x`,
];

/** What every ObjectStore promises (core/ports.ts). `make` gives an empty place. */
export function objectStoreContract(name: string, make: () => Promise<SharedLake>): void {
  describe(`${name} keeps the ObjectStore contract`, () => {
    let lake: SharedLake;
    let store: ObjectStore;
    beforeEach(async () => {
      lake = await make();
      store = lake.open();
    });
    afterEach(() => lake.close());

    it('answers null for what was never written', async () => {
      expect(await store.get('raw/nothing.jsonl')).toBeNull();
      expect(await collect(store.list(''))).toEqual([]);
    });

    it('gives back the bytes that were put, text as UTF-8', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await store.putIfAbsent('raw/bytes.bin', bytes);
      await store.putIfAbsent('raw/text.jsonl', 'naïve – 問\n');
      expect(new Uint8Array((await store.get('raw/bytes.bin'))!)).toEqual(bytes);
      expect(text(await store.get('raw/text.jsonl'))).toBe('naïve – 問\n');
    });

    it('keeps an empty object apart from a missing one', async () => {
      expect(await store.putIfAbsent('raw/empty.jsonl', '')).toBe('written');
      expect(await store.get('raw/empty.jsonl')).toHaveLength(0);
      expect(await store.putIfAbsent('raw/empty.jsonl', 'late')).toBe('exists');
    });

    it('changes nothing when the key exists', async () => {
      expect(await store.putIfAbsent('checkpoints/a/turn-0001.json', 'first')).toBe('written');
      expect(await lake.open().putIfAbsent('checkpoints/a/turn-0001.json', 'second')).toBe('exists');
      expect(text(await store.get('checkpoints/a/turn-0001.json'))).toBe('first');
    });

    it('lets exactly one of many racing writers win, whole', async () => {
      for (let round = 0; round < 5; round++) {
        const key = `raw/race-${round}.jsonl`;
        const bodies = Array.from({ length: 16 }, (_, i) => String.fromCharCode(97 + i).repeat(20_000 + i));
        const outcomes = await Promise.all(bodies.map((body) => lake.open().putIfAbsent(key, body)));
        const winner = outcomes.indexOf('written');
        expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
        expect(text(await store.get(key))).toBe(bodies[winner]);
      }
    });

    it('never shows part of an object while it is replaced', async () => {
      const bodies = ['x', 'y'].map((c) => c.repeat(400_000));
      await store.put('dashboard/data/index.json', bodies[0]!);
      const writer = (async () => {
        for (let i = 0; i < 10; i++) await store.put('dashboard/data/index.json', bodies[i % 2]!);
      })();
      const reader = lake.open();
      for (let i = 0; i < 20; i++)
        expect(bodies).toContain(text(await reader.get('dashboard/data/index.json')));
      await writer;
    });

    it('replaces derived objects, longer by shorter', async () => {
      await store.put('executions/e/status.json', '{"state":"running"}');
      await lake.open().put('executions/e/status.json', '{}');
      expect(text(await store.get('executions/e/status.json'))).toBe('{}');
    });

    test.each(['config/', 'manifests/', 'calibration/', 'checkpoints/', 'raw/', 'labels/', 'evaluator/'])(
      'refuses to replace anything under %s',
      async (prefix) => {
        await expect(store.put(`${prefix}x.json`, 'x')).rejects.toMatchObject({ name: 'InvalidConfig' });
        expect(await store.get(`${prefix}x.json`)).toBeNull();
      },
    );

    it('holds an object of 20 MB', async () => {
      const big = new Uint8Array(20_000_000);
      for (let i = 0; i < big.length; i += 997) big[i] = i;
      await store.put('curated/turns/week=2026-W47/big.parquet', big);
      const back = await store.get('curated/turns/week=2026-W47/big.parquet');
      expect(Buffer.compare(Buffer.from(back!), Buffer.from(big))).toBe(0);
    });

    it('lists keys below a prefix with their sizes, in code unit order over the whole key', async () => {
      const keys = [
        'scores/a/b',
        'scores/a-b',
        'scores/a.b',
        'scores/a/c/d',
        'scores/A',
        'scores/a0',
        'scoreless/x',
      ];
      for (const key of keys) await store.put(key, key);
      const under = keys.filter((key) => key.startsWith('scores/')).sort();
      expect(await collect(store.list('scores/'))).toEqual(
        under.map((key) => ({ key, size_bytes: key.length })),
      );
      expect((await collect(store.list('score'))).map(({ key }) => key)).toEqual([...keys].sort());
    });

    it('lists by any beginning of a key, not only by folders', async () => {
      for (const hash of ['aaaa1111', 'bbbb2222'])
        await store.putIfAbsent(`manifests/manifest_20261116_${hash}.json`, '{}');
      await store.putIfAbsent('manifests/manifest_20261116_aaaa1111/plans/e.jsonl', '');
      const found = await collect(store.list('manifests/manifest_20261116_a'));
      expect(found.map(({ key }) => key)).toEqual([
        'manifests/manifest_20261116_aaaa1111.json',
        'manifests/manifest_20261116_aaaa1111/plans/e.jsonl',
      ]);
    });

    it('lists everything, however many', async () => {
      const keys = Array.from({ length: 1203 }, (_, i) => `scores/dt=2026-11-16/${i}_summary.json`).sort();
      await Promise.all(keys.map((key) => store.putIfAbsent(key, '1')));
      expect((await collect(store.list('scores/'))).map(({ key }) => key)).toEqual(keys);
    });

    test.each(HOSTILE_KEYS)('refuses the key %j everywhere', async (key) => {
      await expect(store.get(key)).rejects.toMatchObject({ name: 'InvalidConfig' });
      await expect(store.putIfAbsent(key, 'x')).rejects.toMatchObject({ name: 'InvalidConfig' });
      await expect(store.put(key, 'x')).rejects.toMatchObject({ name: 'InvalidConfig' });
      expect(await collect(store.list(''))).toEqual([]);
    });

    test.each(['/', '../', 'raw/../', 'raw//', '.local/', 'raw/.', 'raw\0'])(
      'refuses to list %j',
      (prefix) => {
        expect(() => store.list(prefix)).toThrow(expect.objectContaining({ name: 'InvalidConfig' }));
      },
    );

    it('is a map from keys to bytes, whatever is written in whatever order', async () => {
      const key = fc
        .array(fc.stringMatching(/^[a-z0-9][a-z0-9._=@-]{0,8}$/), { minLength: 1, maxLength: 3 })
        .map((parts) => `scores/${parts.join('/')}/x`);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(key, fc.uint8Array({ maxLength: 50 }), fc.boolean()), { maxLength: 15 }),
          async (writes) => {
            const place = await make();
            const subject = place.open();
            const model = new Map<string, Uint8Array>();
            for (const [at, body, isReplacing] of writes) {
              if (isReplacing) {
                await subject.put(at, body);
                model.set(at, body);
              } else {
                const outcome = await subject.putIfAbsent(at, body);
                expect(outcome).toBe(model.has(at) ? 'exists' : 'written');
                if (outcome === 'written') model.set(at, body);
              }
            }
            const listed = await collect(subject.list(''));
            expect(listed).toEqual(
              [...model.keys()].sort().map((at) => ({ key: at, size_bytes: model.get(at)!.length })),
            );
            for (const [at, body] of model) expect(new Uint8Array((await subject.get(at))!)).toEqual(body);
            await place.close();
          },
        ),
        { numRuns: 20 },
      );
    });
  });
}
