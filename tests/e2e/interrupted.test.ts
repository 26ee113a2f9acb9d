import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprint, run, start, temporaryFolders } from './cli.ts';

const folders = temporaryFolders();
const clean = folders.make('clean');
const command = (lake: string) => [
  'run',
  '--profile',
  'weekly',
  '--models',
  'steadfast,drifter-10',
  '--phases',
  'P1,P2',
  '--temps',
  '0.7',
  '--progress',
  'none',
  '--lake',
  lake,
];
afterAll(folders.removeAll);

beforeAll(async () => {
  expect((await run(command(clean))).status).toBe(0);
}, 120_000);

/** Turns checkpointed so far, over all runs. */
function checkpoints(lake: string): number {
  try {
    return readdirSync(join(lake, 'checkpoints'), { recursive: true }).filter((name) =>
      String(name).includes('turn-'),
    ).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

async function runUntil(lake: string, turns: number, signal: NodeJS.Signals) {
  const running = start(command(lake));
  while (checkpoints(lake) < turns && running.process.exitCode === null) await wait(5);
  running.process.kill(signal);
  return running.finished;
}

function measured(lake: string): Map<string, string> {
  return new Map(['scores', 'curated', 'judged'].flatMap((folder) => [...fingerprint(lake, folder)]));
}

describe('an execution killed in the middle of RunDialogues', () => {
  it.each([30, 250])(
    'by kill -9 after %d turns is finished by the same command, with the bytes of a clean run',
    async (turns) => {
      const lake = folders.make('killed');
      const killed = await runUntil(lake, turns, 'SIGKILL');
      expect(killed.status).toBeNull();
      expect(checkpoints(lake)).toBeLessThan(480);
      const again = await run(command(lake));
      expect({ status: again.status, stderr: again.stderr }).toMatchObject({ status: 0 });
      expect(measured(lake)).toEqual(measured(clean));
    },
    120_000,
  );

  it('by Ctrl-C keeps every finished turn, exits 130 and says how to go on', async () => {
    const lake = folders.make('stopped');
    const stopped = await runUntil(lake, 100, 'SIGINT');
    expect(stopped.status).toBe(130);
    expect(stopped.stderr).toContain('run --resume');
    const resumed = await run(['run', '--resume', '--progress', 'none', '--lake', lake]);
    expect({ status: resumed.status, stderr: resumed.stderr }).toMatchObject({ status: 0 });
    expect(measured(lake)).toEqual(measured(clean));
  }, 120_000);
});
