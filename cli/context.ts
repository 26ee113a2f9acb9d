import type { Colors } from 'picocolors/types.js';
import pc from 'picocolors';

/** Options that every command takes. */
export interface GlobalOptions {
  lake?: string;
  config?: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  progress?: ProgressMode;
  color?: boolean;
  yes?: boolean;
}
export const PROGRESS_MODES = ['auto', 'bar', 'plain', 'none'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** What a command may touch of the process: streams, environment, settings. Data goes to `out`, talk to `err`. */
export interface Context {
  lake: string;
  configFolder: string | undefined;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  progress: ProgressMode;
  yes: boolean;
  colors: Colors;
  environment: Readonly<Record<string, string | undefined>>;
  out: (text: string) => void;
  err: (text: string) => void;
  isErrTty: boolean;
  isInTty: boolean;
  columns: number;
  /** Width of the terminal that stdout is, or null where it is none. */
  outColumns: number | null;
}

export const DEFAULT_LAKE = 'lake';

/** Where each setting comes from: flag, environment, default. `doctor` shows the winner. */
export function contextOf(options: GlobalOptions, process: NodeJS.Process): Context {
  const { env } = process;
  return {
    lake: options.lake ?? set(env['SOCRATIC_LAKE']) ?? DEFAULT_LAKE,
    configFolder: options.config ?? set(env['SOCRATIC_CONFIG']),
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    progress: options.progress ?? 'auto',
    yes: options.yes ?? false,
    colors: pc.createColors(wantsColor(options, process)),
    environment: env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isErrTty: process.stderr.isTTY === true && env['CI'] === undefined,
    isInTty: process.stdin.isTTY === true,
    columns: process.stderr.columns ?? 100,
    outColumns: process.stdout.columns ?? null,
  };
}

/** An empty variable counts as none: `SOCRATIC_LAKE= socratic-bench …` asks for the default. */
function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** --no-color, then NO_COLOR (no-color.org), then FORCE_COLOR (0 and false mean no), then: a terminal, and no CI. */
function wantsColor(options: GlobalOptions, { env, stdout }: NodeJS.Process): boolean {
  if (options.color === false || set(env['NO_COLOR']) !== undefined) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stdout.isTTY === true && env['CI'] === undefined;
}
