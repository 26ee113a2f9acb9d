import type { FailState } from '../definition.ts';
import { evaluate, unexpectedType } from '../evaluate.ts';
import type { Visit } from '../run.ts';
import { StateError } from '../state-error.ts';

/**
 * Fail: ends its scope with an error. Error and Cause may both be missing.
 * @throws StateError always: the state's own, or `States.QueryEvaluationError` when its expressions fail
 */
export async function runFail(state: FailState, visit: Visit): Promise<never> {
  const error = await text(visit, state.Error, 'Error');
  const cause = await text(visit, state.Cause, 'Cause');
  throw new StateError(error, cause);
}

async function text(visit: Visit, template: string | undefined, field: string): Promise<string | undefined> {
  if (template === undefined) return undefined;
  const value = await evaluate(visit, template, field);
  if (typeof value !== 'string') throw unexpectedType(visit, template, field, 'string', value);
  return value;
}
