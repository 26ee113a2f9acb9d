import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fingerprint, run, start, temporaryFolders } from './cli.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

/** Four dialogues of ten turns and the canary: each process costs half a second of CPU. */
const mvp = (lake: string, ...more: string[]) => [
  ...'run --profile mvp --temps 0.2 --week 2026-W47 --concurrency 2 --progress none --lake'.split(' '),
  lake,
  ...more,
];
const measured = (lake: string) =>
  new Map(['scores', 'curated', 'judged'].flatMap((folder) => [...fingerprint(lake, folder)]));

/** An environment in which every Node process notes the file it was started with. */
function noting(file: string): Record<string, string> {
  const note = `import{appendFileSync}from'node:fs';appendFileSync('${file}',process.argv[1]+'\\n')`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(note)}` };
}
const started = (file: string, host: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(join('hosts', host, 'index.mjs'))).length;

describe('run --isolation process', () => {
  it('plays each dialogue in a process of its own, drains them when stopped, and measures the same bytes', async () => {
    const inline = folders.make('inline');
    expect(await run(mvp(inline))).toMatchObject({ status: 0 });

    const apart = folders.make('apart');
    const stopped = start(mvp(apart, '--isolation', 'process'));
    while (!existsSync(join(apart, 'checkpoints')) && stopped.process.exitCode === null) await wait(5);
    stopped.process.kill('SIGTERM');
    expect(await stopped.finished).toMatchObject({ status: 130 });
    const kept = fingerprint(apart, 'checkpoints');
    expect(kept.size).toBeGreaterThan(0);

    const notes = join(folders.make('notes'), 'started');
    const finished = await run(mvp(apart, '--isolation', 'process'), noting(notes));
    expect({ ...finished, stdout: '' }).toMatchObject({ status: 0 });
    expect({ runners: started(notes, 'runner'), judges: started(notes, 'judge') }).toEqual({
      runners: 4,
      judges: 5,
    });
    expect(measured(apart)).toEqual(measured(inline));
    expect([...fingerprint(apart, 'checkpoints')]).toEqual(expect.arrayContaining([...kept]));
  }, 300_000);
});
