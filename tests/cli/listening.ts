import pc from 'picocolors';
import { contextOf, type Context } from '../../cli/context.ts';

export interface Listening {
  context: Context;
  /** Data on stdout so far. */
  printed(): string;
  /** Talk on stderr so far. */
  said(): string;
}

/** A context away from this process: no terminal, no colours, no environment; what a command prints is collected. */
export function listening(
  options: Parameters<typeof contextOf>[0],
  change: Partial<Context> = {},
): Listening {
  let printed = '';
  let said = '';
  const context: Context = {
    ...contextOf(options, process),
    environment: {},
    configFolder: options.config,
    colors: pc.createColors(false),
    out: (text) => void (printed += text),
    err: (text) => void (said += text),
    isErrTty: false,
    isInTty: false,
    outColumns: null,
    ...change,
  };
  return { context, printed: () => printed, said: () => said };
}
