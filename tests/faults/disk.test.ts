import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprint, run, start, temporaryFolders } from '../e2e/cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

const command = (lake: string) => [
  ...'run --profile mvp --models steadfast --temps 0.2 --turns 4 --week 2026-W47 --progress none --lake'.split(
    ' ',
  ),
  lake,
];
const measured = (lake: string) =>
  new Map(['raw', 'judged', 'scores', 'curated'].flatMap((folder) => [...fingerprint(lake, folder)]));

/** A disk that takes so many writes into a lake and then answers with a system error, as the kernel would. */
function failingDisk(code: string, after: number): Record<string, string> {
  const preload = `
    import { createRequire, syncBuiltinESMExports } from 'node:module';
    const fs = createRequire('/')('node:fs');
    let left = ${after};
    for (const name of ['writeSync', 'mkdirSync']) {
      const real = fs[name];
      fs[name] = (...args) => {
        if (typeof args[0] === 'number' && args[0] < 3) return real(...args);
        left -= 1;
        if (left < 0) throw Object.assign(new Error('${code}: ' + name), { code: '${code}', syscall: name });
        return real(...args);
      };
    }
    syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
}

describe('a disk that fills up in the middle of a run', () => {
  const clean = folders.make('clean');
  beforeAll(async () => {
    expect(await run(command(clean))).toMatchObject({ status: 0 });
  }, 60_000);

  it('ends it with the reason and what to do, tears nothing, and with space again the same command finishes', async () => {
    const lake = folders.make('full');
    const full = await run(command(lake), failingDisk('ENOSPC', 120));
    expect(full.status).toBe(1);
    expect(full.stderr).toContain('ENOSPC');
    expect(full.stderr).toContain('free some space');
    const kept = fingerprint(lake);
    expect(kept.size).toBeGreaterThan(0);

    const again = await run(command(lake));
    expect({ ...again, stdout: '' }).toMatchObject({ status: 0 });
    expect(measured(lake)).toEqual(measured(clean));
    const rewritten = [...kept].filter(([path, hash]) => {
      const isWriteOnce = /^(?:checkpoints|raw|config|manifests)\//.test(path);
      return isWriteOnce && fingerprint(lake).get(path) !== hash;
    });
    expect(rewritten).toEqual([]);
  }, 120_000);
});

describe('a lake that cannot be written', () => {
  it.each([
    ['EROFS', 'read-only'],
    ['EDQUOT', 'quota'],
  ])(
    '%s fails at once and says what to do',
    async (code, hint) => {
      const lake = folders.make('closed');
      const { status, stderr } = await run(command(lake), failingDisk(code, 0));
      expect(status).toBe(1);
      expect(stderr).toContain(code);
      expect(stderr).toContain(hint);
      expect(fingerprint(lake).size).toBe(0);
    },
    60_000,
  );

  it('because it is somebody else’s fails at once and says whose it should be', async () => {
    const lake = folders.make('foreign');
    chmodSync(lake, 0o555);
    // Root may write everywhere: nobody (65534) takes its place.
    const isRoot = process.getuid?.() === 0;
    const { finished } = start(command(lake), {}, isRoot ? { uid: 65_534, gid: 65_534 } : {});
    const { status, stderr } = await finished;
    chmodSync(lake, 0o755);
    expect(status).toBe(1);
    expect(stderr).toMatch(/EACCES/);
    expect(stderr).toContain('permission denied');
    expect(fingerprint(lake).size).toBe(0);
    expect(stderr).toContain(join(lake));
  }, 60_000);
});
