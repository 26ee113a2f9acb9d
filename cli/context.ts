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
}

export const DEFAULT_LAKE = 'lake';

/** Where each setting comes from: flag, environment, default. `doctor` shows the winner. */
export function contextOf(options: GlobalOptions, process: NodeJS.Process): Context {
  const { env } = process;
  const wantsColor = options.color !== false && env['NO_COLOR'] === undefined;
  const hasColor =
    wantsColor && (env['FORCE_COLOR'] !== undefined || (process.stdout.isTTY && env['CI'] === undefined));
  return {
    lake: options.lake ?? env['SOCRATIC_LAKE'] ?? DEFAULT_LAKE,
    configFolder: options.config ?? env['SOCRATIC_CONFIG'],
    json: options.json ?? false,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    progress: options.progress ?? 'auto',
    yes: options.yes ?? false,
    colors: pc.createColors(hasColor),
    environment: env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isErrTty: process.stderr.isTTY === true && env['CI'] === undefined,
    isInTty: process.stdin.isTTY === true,
    columns: process.stderr.columns ?? 100,
  };
}
