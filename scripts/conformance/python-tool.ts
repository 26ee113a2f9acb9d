import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs a package of PyPI into a virtual environment of its own, once, and gives the folder of its programs. Needs
 * python3 with venv. Throws with pip's output when it cannot.
 */
export function installPython(name: string, version: string, extras = ''): string {
  const folder = join(root, 'node_modules', '.cache', 'socratic-conformance', `${name}-${version}`);
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', `${name}${extras}==${version}`]);
    writeFileSync(done, '');
  }
  return join(folder, 'bin');
}

/** Runs a program to its end and gives what it printed. Throws with its output when it fails. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    env: { ...process.env, ...env },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
