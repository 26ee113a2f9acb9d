import { describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../adapters/local/file-store.ts';
import { storeError } from '../../../adapters/local/file-errors.ts';
import { placeIfAbsent } from '../../../adapters/local/place-file.ts';
import { collect, objectStoreContract } from '../../contracts/object-store.contract.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'lake-'));

objectStoreContract('a folder', async () => {
  const root = newFolder();
  return {
    open: () => createFileStore(root),
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('a file lake', () => {
  it('leaves no temporary file behind, written or refused', async () => {
    const root = newFolder();
    const store = createFileStore(root, 'process');
    await store.putIfAbsent('raw/a', '1');
    await store.putIfAbsent('raw/a', '2');
    await store.put('scores/a', '3');
    await expect(store.putIfAbsent('raw/a/b', '4')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(readdirSync(join(root, '.local', 'tmp'))).toEqual([]);
  });

  it('sweeps away what dead processes left half-written, and nothing of the living', async () => {
    const root = newFolder();
    const temps = join(root, '.local', 'tmp');
    mkdirSync(temps, { recursive: true });
    const host = hostname().replaceAll(/[^0-9A-Za-z]/g, '');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const files = {
      dead: `${host}_${dead}_a_1`,
      alive: `${host}_${process.pid}_a_1`,
      old: 'elsewhere_1_a_1',
      young: 'elsewhere_1_a_2',
    };
    for (const name of Object.values(files)) writeFileSync(join(temps, name), 'torn');
    utimesSync(join(temps, files.old), 1, 1);
    await createFileStore(root).put('scores/x', '1');
    expect(readdirSync(temps).sort()).toEqual([files.alive, files.young].sort());
  });

  it('shows no part of what a killed process was writing', async () => {
    const root = newFolder();
    const script = `
      import { createFileStore } from ${JSON.stringify(join(import.meta.dirname, '../../../adapters/local/file-store.ts'))};
      const store = createFileStore(${JSON.stringify(root)});
      for (let i = 0; ; i++) {
        const body = String(i % 10).repeat(300_000);
        await Promise.all([store.put('scores/same', body), store.putIfAbsent('raw/' + i, body)]);
        if (i === 5) process.stdout.write('ready');
      }`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.stdout.once('data', () => child.kill('SIGKILL'));
    await closed;
    const store = createFileStore(root);
    const files = await collect(store.list(''));
    expect(files.length).toBeGreaterThan(5);
    for (const { key, size_bytes } of files) {
      expect([key, size_bytes]).toEqual([key, 300_000]);
      const text = Buffer.from((await store.get(key))!).toString();
      expect(text).toBe(text[0]!.repeat(300_000));
    }
    await store.put('scores/next', '1');
    expect(readdirSync(join(root, '.local', 'tmp'))).toEqual([]);
  });

  it('never lists its own files', async () => {
    const root = newFolder();
    const store = createFileStore(root);
    await store.put('scores/x', '1');
    writeFileSync(join(root, '.local', 'tmp', 'left-over'), 'torn');
    writeFileSync(join(root, '.DS_Store'), '');
    expect((await collect(store.list(''))).map(({ key }) => key)).toEqual(['scores/x']);
  });

  it('refuses to list a lake with symbolic links rather than to leave something out', async () => {
    const root = newFolder();
    mkdirSync(join(root, 'raw'));
    symlinkSync(tmpdir(), join(root, 'raw', 'elsewhere'));
    await expect(collect(createFileStore(root).list('raw/'))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
    });
  });

  it('says that a folder stands where an object should go', async () => {
    const store = createFileStore(newFolder());
    await store.put('scores/a/b', '1');
    await expect(store.putIfAbsent('scores/a', '2')).rejects.toMatchObject({ isRetryable: false });
    await expect(store.put('scores/a', '2')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(await store.get('scores/a')).toBeNull();
  });

  it('fails fast with a hint when a folder may not be written', async () => {
    const root = newFolder();
    writeFileSync(join(root, 'a-file'), '');
    const store = createFileStore(join(root, 'a-file'));
    await expect(store.put('scores/x', '1')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
      hint: expect.stringContaining('--lake'),
    });
    if (process.getuid?.() === 0) return;
    const closed = newFolder();
    chmodSync(closed, 0o500);
    await expect(createFileStore(closed).put('scores/x', '1')).rejects.toMatchObject({ isRetryable: false });
  });

  it.each([
    ['ENOSPC', false],
    ['EROFS', false],
    ['EACCES', false],
    ['EDQUOT', false],
    ['EMFILE', true],
    ['EIO', true],
  ])('tells whether %s is worth another try', (code, isRetryable) => {
    const cause = Object.assign(new Error(code), { code });
    const error = storeError(cause, 'write', '/lake/raw/x');
    expect(error).toMatchObject({ name: 'StoreUnavailable', isRetryable, cause });
    expect((error as Error).message).toBe(`cannot write /lake/raw/x: ${code}`);
  });

  it('names what stands in the way above, where the system only says that a folder is missing', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const error = storeError(
      Object.assign(new Error('x'), { code: 'ENOENT' }),
      'write',
      join(file, 'lake', 'x'),
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(/: ENOTDIR$/),
      isRetryable: false,
      hint: expect.stringContaining('a file stands where the lake needs a folder'),
    });
  });
});

describe('a file system without hard links', () => {
  const noLinks = () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  };
  const setUp = () => {
    const root = newFolder();
    const locks = join(root, 'locks');
    mkdirSync(locks);
    return { root, locks, target: join(root, 'target') };
  };

  it('still lets exactly one of many writers win', async () => {
    const { root, locks, target } = setUp();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const temp = join(root, `temp-${i}`);
        writeFileSync(temp, String(i));
        return placeIfAbsent(temp, target, locks, noLinks);
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect(readdirSync(root).sort()).toEqual(['locks', 'target']);
    expect(readdirSync(locks)).toEqual([]);
  });

  it('breaks the lock of a dead process', async () => {
    const { root, locks, target } = setUp();
    const temp = join(root, 'temp');
    writeFileSync(temp, 'x');
    // The first writer died inside: its lock stays.
    await expect(placeIfAbsent(join(root, 'missing'), target, locks, noLinks)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const { createHash } = await import('node:crypto');
    writeFileSync(join(locks, createHash('sha256').update(target).digest('hex')), `${hostname()} ${dead}`);
    expect(await placeIfAbsent(temp, target, locks, noLinks)).toBe('written');
  });
});
