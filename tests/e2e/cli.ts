import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist', 'cli', 'main.js');

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the built command line as a person would; no colours, no terminal. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  /** Somebody else to be; root only. */
  user: { uid?: number; gid?: number } = {},
): { process: ChildProcess; finished: Promise<Finished> } {
  if (!existsSync(program)) throw new Error('dist/ is missing: run `npm run build` first');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...user,
  });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { process: child, finished };
}

export function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return start(args, environment).finished;
}

/** A folder that is gone after the test file; `made` collects what afterAll removes. */
export function temporaryFolders(): { make: (name: string) => string; removeAll: () => void } {
  const made: string[] = [];
  return {
    make: (name) => {
      const folder = mkdtempSync(join(tmpdir(), `socratic-${name}-`));
      made.push(folder);
      return folder;
    },
    removeAll: () => {
      for (const folder of made) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Path and SHA-256 of every file below a folder of a lake; the lake's own local state left out. */
export function fingerprint(lake: string, below = ''): Map<string, string> {
  const files = readdirSync(join(lake, below), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const hashes = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(lake.length).startsWith('/.local'))
    .map((path): [string, string] => [
      path.slice(lake.length + 1),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]);
  return new Map(hashes.sort(([a], [b]) => (a < b ? -1 : 1)));
}
