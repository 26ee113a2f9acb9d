import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';
import { ModelError } from '../model-error.ts';

/**
 * Is this a failure of the moment (provider or store away, work stopped), which another try of the task may mend? All else
 * is a result: it is recorded, and the task ends well, because a failed task means "try again" and nothing more.
 */
export function isWorthAnotherTry(error: unknown): boolean {
  // A full or closed lake says nothing of the run: it is not recorded as the run's end, which would outlast the fault.
  if (error instanceof NamedError) return error.isRetryable || error.name === ERROR.storeUnavailable;
  if (error instanceof ModelError) return error.isRetryable || error.kind === 'aborted';
  return error instanceof Error && error.name === 'AbortError';
}
