import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

/** What is done to the disk, in its order; the real calls behind. */
const done: string[] = [];
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  fdatasync: (...args: Parameters<typeof fs.fdatasync>) => {
    done.push('flush');
    fs.fdatasync(...args);
  },
  fsync: (...args: Parameters<typeof fs.fsync>) => {
    done.push('flush folder');
    fs.fsync(...args);
  },
  linkSync: (...args: Parameters<typeof fs.linkSync>) => {
    fs.linkSync(...args);
    done.push('seen');
  },
  renameSync: (...args: Parameters<typeof fs.renameSync>) => {
    fs.renameSync(...args);
    done.push('seen');
  },
}));
const { createFileStore } = await import('../../../adapters/local/file-store.ts');

const lake = fs.mkdtempSync(join(tmpdir(), 'socratic-durability-'));
afterAll(() => fs.rmSync(lake, { recursive: true, force: true }));
const CHECKPOINT = 'checkpoints/01M7H4R5W0BC1F4V7AXFHTY5N7/turn-000';

/** A power cut between any two of these steps leaves no name without its bytes. */
describe('what a power cut may take', () => {
  beforeEach(() => {
    done.length = 0;
  });

  it.each([
    ['is nothing of a file written once: bytes, name, folders', 'power_loss', 'raw/a.jsonl'],
    ['is nothing of it either where the models are simulated', 'process', 'raw/b.jsonl'],
  ] as const)('%s', async (_, durability, key) => {
    expect(await createFileStore(lake, durability).putIfAbsent(key, 'x')).toBe('written');
    expect(done.slice(0, 2)).toEqual(['flush', 'seen']);
    expect(done.slice(2).length).toBeGreaterThan(0);
    if (process.platform !== 'win32') expect(new Set(done.slice(2))).toEqual(new Set(['flush folder']));
  });

  it('is at most the name of a checkpoint that was paid for', async () => {
    await createFileStore(lake).putIfAbsent(`${CHECKPOINT}1.json`, '{}');
    expect(done).toEqual(['flush', 'seen']);
  });

  it('is the bytes of a checkpoint that cost nothing', async () => {
    await createFileStore(lake, 'process').putIfAbsent(`${CHECKPOINT}2.json`, '{}');
    expect(done).toEqual(['seen']);
  });

  it('is at most the name of a derived file', async () => {
    await createFileStore(lake).put('scores/dt=2026-11-16/x_summary.json', '{}');
    expect(done).toEqual(['flush', 'seen']);
  });
});
