import type { ChoiceState } from '../definition.ts';
import { conclude, evaluate, unexpectedType, whileExecuting } from '../evaluate.ts';
import type { Outcome } from '../retry.ts';
import type { Visit } from '../run.ts';
import { StateError } from '../state-error.ts';

/**
 * Choice: the first rule whose Condition is true decides, with its own Output and Assign; those of the state apply on
 * Default only.
 * @throws StateError `States.Runtime`, which nothing catches, without a match and without Default;
 * `States.QueryEvaluationError` for a Condition that is not boolean
 */
export async function runChoice(state: ChoiceState, visit: Visit): Promise<Outcome> {
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    const condition = await evaluate(visit, rule.Condition, field);
    if (typeof condition !== 'boolean')
      throw unexpectedType(visit, rule.Condition, field, 'boolean', condition);
    if (condition) return { output: await conclude(visit, rule, visit.input), next: rule.Next };
  }
  if (state.Default === undefined) {
    const reason = 'Failed to transition out of the state. The state does not point to a next state.';
    throw new StateError('States.Runtime', `${whileExecuting(visit)} ${reason}`);
  }
  return { output: await conclude(visit, state, visit.input), next: state.Default };
}
