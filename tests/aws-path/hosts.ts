import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export type Environment = Readonly<Record<string, string>>;
/** The SDK announces on Node 20 that it will want Node 22 next year: known, pinned, and not for a quiet test. */
const PROCESS = { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' };

/** The bundled file of a host. */
function bundleOf(name: string): string {
  const file = join(root, 'dist', 'hosts', name, 'index.mjs');
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  return file;
}

export interface LambdaFunction {
  invoke(event: unknown): Promise<unknown>;
  stop(): void;
}

/** A bundled handler in a process of its own, with the environment of its function and nothing else. */
export function startLambda(name: string, environment: Environment): LambdaFunction {
  let child: ChildProcess | null = null;
  let count = 0;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const start = () => {
    const started = fork(join(root, 'tests', 'aws-path', 'lambda-runtime.mjs'), {
      env: { ...PROCESS, _HANDLER: bundleOf(name), ...environment },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on(
      'message',
      (message: { id: number; result?: unknown; errorType?: string; errorMessage?: string }) => {
        const call = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.errorType === undefined) call?.resolve(message.result);
        else call?.reject(Object.assign(new Error(message.errorMessage), { name: message.errorType }));
      },
    );
    started.on('exit', (code) => {
      child = null;
      for (const { reject } of waiting.values())
        reject(Object.assign(new Error(`${name} exited with ${code}`), { name: 'Lambda.Unknown' }));
      waiting.clear();
    });
    return started;
  };
  return {
    invoke(event) {
      child ??= start();
      count += 1;
      const id = count;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child!.send({ id, event });
      });
    },
    stop: () => void child?.kill(),
  };
}

export interface Exited {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A bundled main as a container would run it: this environment, this exit code. */
export function startContainer(
  name: string,
  environment: Environment,
): { process: ChildProcess; exited: Promise<Exited> } {
  const child = spawn(process.execPath, [bundleOf(name)], {
    env: { ...PROCESS, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exited = new Promise<Exited>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, exited };
}
