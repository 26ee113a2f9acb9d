import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program.ts';
import { processPath, root } from './processes.ts';

export interface FiguresRequest {
  /** File that the figures are written to. */
  report: string;
  watches_loop: boolean;
  /** File that every ES module resolved is appended to; null: modules are not listed, which costs start-up time. */
  lists_modules: string | null;
}

/** What a process says of itself when it ends. */
export interface Figures {
  /** User plus system CPU seconds of all its threads. */
  cpu_s: number;
  /** Peak resident set, MB of 2^20 bytes. */
  max_rss_mb: number;
  loop_lag_p99_ms: number | null;
  loop_lag_max_ms: number | null;
  /** CommonJS modules loaded. */
  required: string[];
}

export interface Measured extends Figures {
  wall_s: number;
  stdout: string;
}

interface Options {
  environment?: Readonly<Record<string, string>>;
  watches_loop?: true;
  lists_modules?: string;
  /** Another Node than this process's. */
  node?: string;
}

let count = 0;

/** Runs the built command line in a process of its own. Throws with its stderr when it does not exit 0. */
export function measureCommand(args: readonly string[], options: Options = {}): Promise<Measured> {
  return measureProcess([join(root, 'dist', 'cli', 'main.js'), ...args], options);
}

/** Runs a program under Node and gives its figures. */
export async function measureProcess(
  command: readonly string[],
  { environment, watches_loop, lists_modules, node = process.execPath }: Options = {},
): Promise<Measured> {
  count += 1;
  const request: FiguresRequest = {
    report: join(tmpdir(), `socratic-bench-figures-${process.pid}-${count}.json`),
    watches_loop: watches_loop ?? false,
    lists_modules: lists_modules ?? null,
  };
  const preload = await processPath('figures');
  const startMs = performance.now();
  const { status, stdout, stderr } = await runProgram(node, ['--import', preload, ...command], {
    PATH: process.env['PATH'] ?? '',
    NO_COLOR: '1',
    BENCH_FIGURES: JSON.stringify(request),
    ...environment,
  });
  const wall_s = (performance.now() - startMs) / 1000;
  if (status !== 0) throw new Error(`${command.join(' ')} exits ${status}: ${stderr}`);
  return { ...(JSON.parse(readFileSync(request.report, 'utf8')) as Figures), wall_s, stdout };
}
