import { mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { markRunning, runningProcesses } from '../../adapters/local/running-marks.ts';
import { statusCommand } from '../../cli/commands/status.ts';
import { stopCommand } from '../../cli/commands/stop.ts';
import type { Context } from '../../cli/context.ts';
import { failureOf } from '../../cli/failure.ts';
import { start, temporaryFolders } from '../e2e/cli.ts';
import { listening } from './listening.ts';

const folders = temporaryFolders();
afterAll(folders.removeAll);

async function hear(lake: string, command: (context: Context) => Promise<number>) {
  const { context, printed } = listening({ lake });
  try {
    const code = await command(context);
    return { code, out: printed(), failure: null };
  } catch (error) {
    return { code: null, out: printed(), failure: failureOf(error) };
  }
}

/** A run of the built command line, once it has checkpoints. */
async function runningIn(lake: string) {
  const running = start(
    `run --profile weekly --phases P2 --temps 0.7 --progress none --quiet --lake ${lake}`.split(' '),
  );
  const entries = (folder: string) => {
    try {
      return readdirSync(join(lake, folder));
    } catch {
      return [];
    }
  };
  while (entries('checkpoints').length === 0 && running.process.exitCode === null) await wait(5);
  return { ...running, execution_id: entries('executions')[0]! };
}

describe('an execution under way on this machine', () => {
  it('is stopped from another terminal as by Ctrl-C, and goes on with --resume', async () => {
    const lake = folders.make('stop');
    const { finished, execution_id, process: child } = await runningIn(lake);
    expect((await hear(lake, (context) => statusCommand(execution_id, {}, context))).out).toContain(
      '  running\n',
    );
    const stopped = await hear(lake, (context) => stopCommand(execution_id, {}, context));
    expect(stopped).toMatchObject({
      code: 0,
      out: expect.stringContaining(`asked process ${child.pid} to stop`),
    });
    const { status, stderr } = await finished;
    expect({ status, stderr }).toMatchObject({ status: 130, stderr: expect.stringContaining('--resume') });
    expect((await hear(lake, (context) => statusCommand(execution_id, {}, context))).out).toContain(
      '  aborted\n',
    );
    const again = await hear(lake, (context) => stopCommand(execution_id, {}, context));
    expect(again.failure).toMatchObject({ exit: 2, message: `${execution_id} is not running (aborted)` });
  });

  it('shows as interrupted after kill -9, with the command that goes on', async () => {
    const lake = folders.make('kill');
    const { finished, execution_id, process: child } = await runningIn(lake);
    child.kill('SIGKILL');
    await finished;
    const record = join(lake, 'executions', execution_id, 'status.json');
    // A record is believed for some seconds after it was written: this one shall be older.
    writeFileSync(
      record,
      readFileSync(record, 'utf8').replace(/("updated_at":")[^"]+/, '$12026-01-01T00:00:00.000Z'),
    );
    const { out } = await hear(lake, (context) => statusCommand(execution_id, { follow: true }, context));
    expect(out).toContain('  interrupted\n');
    expect(out).toContain(`go on with: socratic-bench run --resume ${execution_id} --lake ${lake}`);
    const { failure } = await hear(lake, (context) => stopCommand(execution_id, {}, context));
    expect(failure).toMatchObject({ exit: 2, message: `${execution_id} is not running (interrupted)` });
    expect(failure!.hint).toContain('Ctrl-C');
  });
});

describe('marks of running processes', () => {
  it('tell a live process from a finished one, and one of another host by its sign of life', () => {
    const lake = folders.make('marks');
    const mark = markRunning(lake, 'a');
    expect(runningProcesses(lake, 'a')).toEqual([{ host: hostname(), pid: process.pid, is_here: true }]);
    expect(runningProcesses(lake, 'b')).toEqual([]);
    const folder = join(lake, '.local', 'running', 'a');
    const [file] = readdirSync(folder);
    const elsewhere = join(folder, file!.replace(hostname(), 'another-host'));
    renameSync(join(folder, file!), elsewhere);
    expect(runningProcesses(lake, 'a')).toEqual([{ host: 'another-host', pid: process.pid, is_here: false }]);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(elsewhere, longAgo, longAgo);
    expect(runningProcesses(lake, 'a')).toEqual([]);
    mark.release();
    // The next process on the execution clears what the dead left.
    const next = markRunning(lake, 'a');
    expect(readdirSync(folder)).toHaveLength(1);
    next.release();
    expect(readdirSync(folder)).toEqual([]);
    mkdirSync(join(folder, 'nobody'));
    expect(runningProcesses(lake, 'a')).toEqual([]);
  });
});
