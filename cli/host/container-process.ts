import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NamedError } from '../../core/errors.ts';
import type { Stop, Telemetry } from '../../core/ports.ts';
import { ENV, ERROR } from '../../schemas/names.ts';
import { packageRoot } from './package-root.ts';

/** One line of a container's log that carries progress (adapters/local/json-line-telemetry.ts). */
type ProgressLine =
  | ({ event: 'turn' } & Parameters<Telemetry['turn']>[0])
  | { event: 'spent'; cost_usd: number }
  | ({ event: 'waiting' } & Parameters<Telemetry['waiting']>[0])
  | { event: 'log'; level: 'info' | 'warn'; message: string };

/** Lines of a container's stderr that an error shows. */
const SHOWN_LINES = 5;

/**
 * Runs a container's main as a child process: the bundled file of the image, the environment that the state machine's
 * overrides set, the lake of this command. A drain becomes SIGTERM, an abort SIGKILL. Throws unless it exits with 0.
 */
export async function runContainerProcess(
  name: string,
  overrides: Readonly<Record<string, string>>,
  host: {
    lake: string;
    environment: Readonly<Record<string, string | undefined>>;
    telemetry: Telemetry;
    stop: Stop;
  },
): Promise<void> {
  const file = join(packageRoot(), 'dist', 'hosts', name, 'index.mjs');
  if (!existsSync(file))
    throw new NamedError(ERROR.invalidConfig, `${file}: expected the bundled container, got nothing`, {
      hint: '`npm run build` writes it; --isolation inline does without',
    });
  const child = spawn(process.execPath, [file], {
    env: { ...host.environment, ...overrides, [ENV.lake]: resolve(host.lake) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const terminate = () => void child.kill('SIGTERM');
  const kill = () => void child.kill('SIGKILL');
  host.stop.drain.addEventListener('abort', terminate);
  host.stop.abort.addEventListener('abort', kill);
  if (host.stop.drain.aborted) terminate();
  if (host.stop.abort.aborted) kill();

  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaints.push(line);
    if (complaints.length > SHOWN_LINES) complaints.shift();
  });
  createInterface({ input: child.stdout }).on('line', (line) => report(line, host.telemetry));
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? signal));
    });
    if (code !== 0) throw new Error(`${name} exited with ${code}: ${complaints.join('\n')}`);
  } finally {
    host.stop.drain.removeEventListener('abort', terminate);
    host.stop.abort.removeEventListener('abort', kill);
  }
}

/** Progress goes where an inline task's goes; any other line (a library's, one torn by a kill) is shown as it is. */
function report(line: string, telemetry: Telemetry): void {
  const progress = parseProgress(line);
  if (progress === null) telemetry.log('info', line);
  else if (progress.event === 'turn') telemetry.turn(progress);
  else if (progress.event === 'spent') telemetry.spent?.(progress);
  else if (progress.event === 'waiting') telemetry.waiting(progress);
  else if (progress.event === 'log') telemetry.log(progress.level, progress.message);
}

function parseProgress(line: string): ProgressLine | { event: 'ended' } | null {
  try {
    return line.startsWith('{"event":') ? (JSON.parse(line) as ProgressLine) : null;
  } catch {
    return null;
  }
}
