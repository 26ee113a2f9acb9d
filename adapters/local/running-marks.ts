import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { storeError, systemCode } from './file-errors.ts';
import { isAlive } from './file-lock.ts';
import { LOCAL_STATE } from './file-store.ts';

/** A process says this often that it is alive. */
const BEAT_MS = 20_000;
/** A mark of another host without a sign for so long is that of a dead process: six beats, room for a slow shared disk. */
const STALE_ELSEWHERE_MS = 120_000;
/** The same on this host, where the process is looked for as well; later its id may have gone to somebody else. */
const STALE_HERE_MS = 600_000;

/** A process that works on an execution of a lake. */
export interface RunningProcess {
  host: string;
  pid: number;
  /** Can it be signalled from here? */
  is_here: boolean;
}

/**
 * Marks this process as working on an execution: a file below `.local/running/`, outside of the lake's records, touched every
 * 20 s. `release` takes it away; after a kill -9 it stays and is told apart by its dead process. Marks of dead processes of
 * this host are removed.
 */
export function markRunning(lake: string, execution_id: string): { release: () => void } {
  const folder = join(lake, LOCAL_STATE, 'running', execution_id);
  const path = join(folder, `${process.pid}@${hostname()}`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const mark of readMarks(folder)) if (!mark.isLive) rmSync(mark.path, { force: true });
    writeFileSync(path, '');
  } catch (error) {
    throw storeError(error, 'write', path);
  }
  const timer = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch (error) {
      // The lake was taken away under the run: its next write says so.
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }, BEAT_MS);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      rmSync(path, { force: true });
    },
  };
}

/** The live processes that work on an execution of this lake. */
export function runningProcesses(lake: string, execution_id: string): RunningProcess[] {
  return readMarks(join(lake, LOCAL_STATE, 'running', execution_id))
    .filter((mark) => mark.isLive)
    .map(({ host, pid }) => ({ host, pid, is_here: host === hostname() }));
}

interface Mark {
  path: string;
  host: string;
  pid: number;
  isLive: boolean;
}

function readMarks(folder: string): Mark[] {
  const marks: Mark[] = [];
  for (const name of namesIn(folder)) {
    const [pid, host] = name.split('@') as [string, string | undefined];
    if (host === undefined) continue;
    const path = join(folder, name);
    const touchedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touchedMs === undefined) continue;
    const silentMs = Date.now() - touchedMs;
    const isLive =
      host === hostname() ? isAlive(Number(pid)) && silentMs < STALE_HERE_MS : silentMs < STALE_ELSEWHERE_MS;
    marks.push({ path, host, pid: Number(pid), isLive });
  }
  return marks;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw storeError(error, 'list', folder);
  }
}
