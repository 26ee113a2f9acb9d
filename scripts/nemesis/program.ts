import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { root } from '../bench/processes.ts';
import { KEY_VARIABLE } from './matrix.ts';

/** How much faster the clock of the processes under test runs: a wait of 1 s takes 20 ms. */
const HURRY = 50;
/** Nothing under test takes longer; one that does hangs, and that is a finding. */
const PATIENCE_MS = 60_000;

export interface Program {
  process: ChildProcess;
  /** Resolves when it is gone; `status` is null where a signal ended it. */
  ended: Promise<{ status: number | null; stderr: string }>;
  /** Signals it and all it started. */
  signalAll(signal: NodeJS.Signals): void;
  /** Resolves when none of what it started is left. */
  emptied(): Promise<void>;
}

/** Starts the built command line in a process group of its own, on a fast clock. */
export function startProgram(
  args: readonly string[],
  apiKey: string,
  environment: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], {
    cwd: tmpdir(),
    detached: true,
    env: {
      PATH: process.env['PATH'] ?? '',
      NO_COLOR: '1',
      NODE_NO_WARNINGS: '1',
      NODE_OPTIONS: `--import=${pathToFileURL(join(root, 'scripts', 'nemesis', 'hurry.mjs')).href}`,
      NEMESIS_HURRY: String(HURRY),
      [KEY_VARIABLE]: apiKey,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const group = child.pid!;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const signalAll = (signal: NodeJS.Signals | 0): boolean => {
    try {
      process.kill(-group, signal);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
      throw error;
    }
  };
  return {
    process: child,
    ended: new Promise((resolve, reject) => {
      const hangs = setTimeout(() => {
        signalAll('SIGKILL');
        reject(new Error(`hangs: ${args.join(' ')} did not end within ${PATIENCE_MS / 1000} s\n${stderr}`));
      }, PATIENCE_MS);
      child.on('error', reject);
      // Not `close`: children that outlive a killed parent hold its stderr open.
      child.on('exit', (status) => {
        clearTimeout(hangs);
        setImmediate(() => resolve({ status, stderr }));
      });
    }),
    signalAll: (signal) => void signalAll(signal),
    async emptied() {
      for (let waitedMs = 0; signalAll(0); waitedMs += 5) {
        if (waitedMs > PATIENCE_MS) {
          signalAll('SIGKILL');
          throw new Error('left over: a process outlives its parent');
        }
        await wait(5);
      }
    },
  };
}

/** Process ids of what a process started, one level down (Linux). */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => parentOf(id) === pid);
}

function parentOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
  } catch {
    return null; // gone meanwhile
  }
}

/** Resolves when something lies below a folder of the lake, or the program has ended. */
export async function appears(lake: string, folder: string, program: Program): Promise<void> {
  while (!existsSync(join(lake, folder)) && program.process.exitCode === null) await wait(1);
}
