import type { OutputFields } from './definition.ts';
import { EvaluationError } from './expressions.ts';
import type { Json, JsonObject } from './json.ts';
import { typeName } from './json.ts';
import { checkPayload, MAX_SECONDS } from './limits.ts';
import type { Visit } from './run.ts';
import { StateError } from './state-error.ts';

/** What a field sees in `$states` beyond the input. */
export interface Extras {
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** `$states.context.Map`, in an ItemSelector. */
  readonly map?: JsonObject;
  /** `$states.context.State.RetryCount`. */
  readonly retryCount?: number;
}

/** How AWS begins the cause of an error that is the state's own. */
export function whileExecuting(visit: Visit): string {
  return `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEvent}).`;
}

/** The error of an expression, worded as AWS words it. */
export function queryError(visit: Visit, message: string): StateError {
  return new StateError('States.QueryEvaluationError', `${whileExecuting(visit)} ${message}`);
}

/**
 * Evaluates one field of a state.
 * @throws StateError `States.QueryEvaluationError`
 */
export async function evaluate(
  visit: Visit,
  template: Json,
  field: string,
  extras: Extras = {},
): Promise<Json> {
  try {
    return await visit.run.services.expressions.evaluate(template, field, bindings(visit, extras));
  } catch (error) {
    if (error instanceof EvaluationError) throw queryError(visit, error.message);
    throw error;
  }
}

function bindings(visit: Visit, extras: Extras): Record<string, unknown> {
  const context = {
    Execution: visit.run.execution,
    StateMachine: visit.run.services.stateMachine,
    State: { EnteredTime: visit.enteredTime, Name: visit.name, RetryCount: extras.retryCount ?? 0 },
    ...(extras.map === undefined ? {} : { Map: extras.map }),
  };
  const states = {
    input: visit.input,
    context,
    ...(extras.result === undefined ? {} : { result: extras.result }),
    ...(extras.errorOutput === undefined ? {} : { errorOutput: extras.errorOutput }),
  };
  return { ...visit.variables, states };
}

/**
 * Ends a state, Choice rule or Catcher: computes Output and all of Assign from the values at entry, then stores the
 * variables. Without Output the default passes on.
 * @throws StateError `States.QueryEvaluationError`, `States.DataLimitExceeded`
 */
export async function conclude(
  visit: Visit,
  fields: OutputFields,
  otherwise: Json,
  extras: Extras = {},
): Promise<Json> {
  const output =
    fields.Output === undefined ? otherwise : await evaluate(visit, fields.Output, 'Output', extras);
  // What came in was checked when it came out of the state before.
  if (output !== visit.input) checkPayload(output, `The state/task '${visit.name}'`);
  if (fields.Assign !== undefined) {
    visit.scope.assign((await evaluate(visit, fields.Assign, 'Assign', extras)) as JsonObject);
  }
  return output;
}

/**
 * Evaluates a field that must be a whole number of a range.
 * @throws StateError `States.QueryEvaluationError` also for a number in a string
 */
export async function evaluateInteger(
  visit: Visit,
  template: Json,
  field: string,
  range: { readonly min: number; readonly max: number } = { min: 0, max: MAX_SECONDS },
  extras: Extras = {},
): Promise<number> {
  const value = await evaluate(visit, template, field, extras);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw queryError(visit, `The ${field} field cannot be parsed as an integer: ${shown(value)}`);
  }
  if (value < range.min || value > range.max) {
    throw queryError(
      visit,
      `The ${field} field must be between ${range.min} and ${range.max} but was: ${value}`,
    );
  }
  return value;
}

/** The error of an expression whose value has the wrong type. */
export function unexpectedType(
  visit: Visit,
  template: Json,
  field: string,
  expected: string,
  value: Json,
): StateError {
  const source =
    typeof template === 'string' ? template.replace(/^\{%\s*|\s*%\}$/g, '') : JSON.stringify(template);
  return queryError(
    visit,
    `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
  );
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
