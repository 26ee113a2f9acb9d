import type { Ended } from '../../schemas/checkpoint.ts';
import { ERROR } from '../../schemas/names.ts';
import { NamedError } from '../errors.ts';
import { ModelError } from '../model-error.ts';
import type { Clock } from '../ports.ts';
import type { DialogueSession } from './dialogue-session.ts';

/** The end that a failed call is to a run. Throws where it is none: RetryableError, and what is no failure of the model. */
export function endedBy(ports: { clock: Clock }, session: DialogueSession, error: unknown): Ended {
  if (!(error instanceof ModelError)) throw error;
  switch (error.kind) {
    case 'throttled':
    case 'unavailable':
    case 'unreachable':
      throw new NamedError(ERROR.retryable, error.message, { cause: error });
    case 'aborted':
      throw error;
    case 'access':
    case 'eol':
      return endedNow(ports, session, 'access', 'infrastructure', error.message);
    case 'context_overflow':
      return endedNow(ports, session, 'context_overflow', null, error.message);
    case 'invalid':
      return endedNow(ports, session, 'infrastructure', 'infrastructure', error.message);
  }
}

/** The end of a run behind the turns it has. */
export function endedNow(
  ports: { clock: Clock },
  session: DialogueSession,
  reason: Ended['reason'],
  fault: Ended['fault'],
  error: string,
): Ended {
  return {
    last_turn: session.answered,
    reason,
    fault,
    error: error.slice(0, 500),
    ended_at: ports.clock.now(),
  };
}
