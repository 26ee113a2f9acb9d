/**
 * An error in the sense of the States Language: it carries an error name that Retry and Catch can match and,
 * mostly, a human-readable cause. A Fail state may leave out either.
 */
export class StateError extends Error {
  /** The name ErrorEquals is compared with, e.g. `States.Timeout`; absent only for a Fail state without Error. */
  readonly error: string | undefined;
  /** The text of `Cause`; absent when the Fail state has none. */
  readonly reason: string | undefined;

  constructor(error: string | undefined, reason: string | undefined) {
    super(reason ?? error ?? 'failed without a cause');
    this.name = error ?? 'Fail';
    this.error = error;
    this.reason = reason;
  }

  /** No Retry or Catch applies, whatever it names: the execution ends. */
  get fatal(): boolean {
    return this.error === 'States.Runtime';
  }

  /** The Error Output a Catcher passes on; members the error lacks are left out. */
  get output(): { Error?: string; Cause?: string } {
    return {
      ...(this.error === undefined ? {} : { Error: this.error }),
      ...(this.reason === undefined ? {} : { Cause: this.reason }),
    };
  }
}

/**
 * Thrown when a run meets a value that AWS would handle and this engine does not, and that no check of the
 * definition could foresee. It ends `execute` with a rejection: an answer would be a guess.
 */
export class NotImplementedError extends Error {
  /** The field concerned, e.g. `States.Each.Items`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.name = 'NotImplementedError';
    this.path = path;
  }
}
