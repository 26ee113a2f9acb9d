import { ERROR } from '../schemas/names.ts';

/** An error with a name that the state machine, the command line and people know, and a hint how to mend it. */
export class NamedError extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  /** Which command, or which key of which file, mends it. */
  readonly hint: string | null;

  constructor(
    name: (typeof ERROR)[keyof typeof ERROR],
    message: string,
    options: { cause?: unknown; hint?: string; isRetryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.isRetryable = options.isRetryable ?? (name === ERROR.retryable || name === ERROR.storeUnavailable);
    this.hint = options.hint ?? null;
  }
}
