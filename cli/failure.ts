import { CommanderError } from 'commander';
import { NamedError } from '../core/errors.ts';
import { ModelError } from '../core/model-error.ts';
import { ERROR, EXIT } from '../schemas/names.ts';
import type { Context } from './context.ts';

/** A failure with the exit code of spec 4.1. Commands throw it; everything else is mapped by `failureOf`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly kind: FailureKind;
  readonly hint: string | null;

  constructor(kind: FailureKind, message: string, hint: string | null = null) {
    super(message);
    this.kind = kind;
    this.hint = hint;
  }
}

export type FailureKind = 'failed' | 'usage' | 'config' | 'gate' | 'budget' | 'interrupted';

const EXIT_OF: Record<FailureKind, number> = {
  failed: EXIT.failed,
  usage: EXIT.usage,
  config: EXIT.usage,
  gate: EXIT.gate,
  budget: EXIT.budget,
  interrupted: EXIT.interrupted,
};

/** Names whose cause lies in what the user gave: exit 2. */
const CONFIG_ERRORS: readonly string[] = [ERROR.invalidConfig, ERROR.artefactChanged];

export interface Failure {
  kind: FailureKind;
  message: string;
  hint: string | null;
  exit: number;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CliError)
    return { kind: error.kind, message: error.message, hint: error.hint, exit: EXIT_OF[error.kind] };
  if (error instanceof CommanderError) {
    const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
    return {
      kind: 'usage',
      message,
      hint: suggestion?.replace(/^\((.*)\)$/, '$1').replace(/^D/, 'd') ?? null,
      exit: error.exitCode === 0 ? EXIT.ok : EXIT.usage,
    };
  }
  if (error instanceof NamedError) {
    const kind: FailureKind = CONFIG_ERRORS.includes(error.name)
      ? 'config'
      : error.name === ERROR.budgetExhausted
        ? 'budget'
        : 'failed';
    return { kind, message: error.message, hint: error.hint, exit: EXIT_OF[kind] };
  }
  if (error instanceof ModelError)
    return { kind: 'failed', message: error.message, hint: null, exit: EXIT.failed };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', message, hint: null, exit: EXIT.failed };
}

/** Prints a failure on stderr, as text or as the JSON form, and gives the exit code. */
export function reportFailure(
  error: unknown,
  context: Pick<Context, 'json' | 'verbose' | 'colors' | 'err'>,
): number {
  const failure = failureOf(error);
  if (context.json) {
    context.err(
      `${JSON.stringify({ error: { kind: failure.kind, message: failure.message, hint: failure.hint } })}\n`,
    );
    return failure.exit;
  }
  const { colors } = context;
  context.err(`${colors.red('error')} ${failure.message}\n`);
  if (failure.hint !== null) context.err(`${colors.dim('hint')}  ${failure.hint}\n`);
  if (context.verbose && error instanceof Error && error.stack !== undefined)
    context.err(`${colors.dim(error.stack)}\n`);
  return failure.exit;
}
