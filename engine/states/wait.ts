import type { WaitState } from '../definition.ts';
import { conclude, evaluate, evaluateInteger, queryError } from '../evaluate.ts';
import { interruptible } from '../interruption.ts';
import type { Json } from '../json.ts';
import type { Outcome } from '../retry.ts';
import type { Visit } from '../run.ts';
import { parseTimestamp } from '../timestamp.ts';

/**
 * Wait: for Seconds, or until Timestamp; a time in the past continues at once.
 * @throws StateError `States.QueryEvaluationError` for a duration or time that is none
 */
export async function runWait(state: WaitState, visit: Visit): Promise<Outcome> {
  const { clock } = visit.run.services;
  const ms =
    state.Timestamp === undefined
      ? (await evaluateInteger(visit, state.Seconds as Json, 'Seconds')) * 1000
      : (await evaluateTimestamp(visit, state.Timestamp)) - clock.now();
  if (ms > 0) await interruptible(clock.sleep(ms, visit.signal), visit.signal);
  return { output: await conclude(visit, state, visit.input), next: state.Next };
}

async function evaluateTimestamp(visit: Visit, template: Json): Promise<number> {
  const value = await evaluate(visit, template, 'Timestamp');
  const ms = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (ms === undefined) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    throw queryError(
      visit,
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    );
  }
  return ms;
}
