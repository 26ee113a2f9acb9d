import type { Catcher, ErrorHandling, Retrier } from './definition.ts';
import { conclude } from './evaluate.ts';
import { interruptible } from './interruption.ts';
import type { Json } from './json.ts';
import type { Visit } from './run.ts';
import { emit } from './run.ts';
import { StateError } from './state-error.ts';

/** Where a state hands on to: no `next` ends the scope. */
export interface Outcome {
  readonly output: Json;
  readonly next: string | undefined;
}

/** Defaults of the States Language specification, "Retrying after error". */
const DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

/**
 * Tries a Task, Map or Parallel state until it succeeds, as its Retry and Catch say.
 *
 * Each retrier counts for itself within one stay in the state; the first that matches the error decides, and when it is
 * used up the error goes to Catch, not to the next retrier. An error inside a Catcher's own Output or Assign is not
 * caught by the same state.
 * @throws StateError the error no retrier and no catcher took
 */
export async function withErrorHandling(
  visit: Visit,
  state: ErrorHandling,
  attempt: (retryCount: number) => Promise<Outcome>,
): Promise<Outcome> {
  const used = new Map<Retrier, number>();
  for (let retryCount = 0; ; retryCount += 1) {
    try {
      return await attempt(retryCount);
    } catch (error) {
      if (!(error instanceof StateError) || error.fatal) throw error;
      const retrier = state.Retry?.find((candidate) => matches(candidate.ErrorEquals, error));
      const count = retrier === undefined ? 0 : (used.get(retrier) ?? 0);
      if (retrier !== undefined && count < (retrier.MaxAttempts ?? DEFAULTS.MaxAttempts)) {
        used.set(retrier, count + 1);
        await waitBefore(visit, retrier, count, retryCount + 1, error);
        continue;
      }
      const catcher = state.Catch?.find((candidate) => matches(candidate.ErrorEquals, error));
      if (catcher === undefined) throw error;
      return await enterCatcher(visit, catcher, error, retryCount);
    }
  }
}

async function waitBefore(
  visit: Visit,
  retrier: Retrier,
  count: number,
  retryCount: number,
  error: StateError,
) {
  const { clock, random } = visit.run.services;
  const backoffMs = backoffSeconds(retrier, count) * 1000;
  const delayMs = retrier.JitterStrategy === 'FULL' ? random() * backoffMs : backoffMs;
  emit(visit.run, {
    type: 'TaskRetried',
    state: visit.name,
    error: error.error,
    retryCount,
    delayMs,
    backoffMs,
  });
  await interruptible(clock.sleep(delayMs, visit.signal), visit.signal);
}

/** Seconds before a retrier's (count + 1)-th retry, before jitter. */
export function backoffSeconds(retrier: Retrier, count: number): number {
  const interval = retrier.IntervalSeconds ?? DEFAULTS.IntervalSeconds;
  const wait = interval * (retrier.BackoffRate ?? DEFAULTS.BackoffRate) ** count;
  return Math.min(wait, retrier.MaxDelaySeconds ?? Infinity);
}

async function enterCatcher(
  visit: Visit,
  catcher: Catcher,
  error: StateError,
  retryCount: number,
): Promise<Outcome> {
  const errorOutput = error.output;
  return {
    output: await conclude(visit, catcher, errorOutput, { errorOutput, retryCount }),
    next: catcher.Next,
  };
}

/**
 * Tells whether an ErrorEquals list names an error. `States.ALL` takes every error, `States.TaskFailed` every error but
 * a timeout, `States.Timeout` a missed heartbeat too. AWS documents States.DataLimitExceeded as beyond States.ALL;
 * recordings show it caught, and they win. States.Runtime never comes here.
 */
function matches(names: readonly string[], { error }: StateError): boolean {
  const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
  return names.some(
    (name) =>
      name === error || name === 'States.ALL' || name === (timedOut ? 'States.Timeout' : 'States.TaskFailed'),
  );
}
