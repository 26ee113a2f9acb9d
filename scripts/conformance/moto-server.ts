import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { installPython } from './python-tool.ts';

export const MOTO_VERSION = '5.2.5';
const START_MS = 60_000;

/** moto's server at a free port, at low priority. */
export async function startMoto(): Promise<{ endpoint: string; stop: () => void }> {
  const bin = installPython('moto', MOTO_VERSION, '[server]');
  const port = await freePort();
  const server = spawn(
    'nice',
    ['-n', '10', join(bin, 'moto_server'), '-H', '127.0.0.1', '-p', String(port)],
    {
      stdio: 'ignore',
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilUp(endpoint, server);
  } catch (error) {
    server.kill();
    throw error;
  }
  return { endpoint, stop: () => void server.kill() };
}

async function untilUp(endpoint: string, server: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(300)) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}`);
    const answer = await fetch(`${endpoint}/moto-api/data.json`).catch(() => null);
    if (answer?.ok === true) return;
  }
  throw new Error(`moto_server did not answer within ${START_MS / 1000} s`);
}
