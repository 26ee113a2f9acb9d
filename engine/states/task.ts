import type { TaskState } from '../definition.ts';
import { conclude, evaluate, evaluateInteger } from '../evaluate.ts';
import { Interruption, interruptible, linkedController } from '../interruption.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { checkPayload, MAX_ECS_OVERRIDES_CHARACTERS } from '../limits.ts';
import type { Outcome } from '../retry.ts';
import { withErrorHandling } from '../retry.ts';
import type { Visit } from '../run.ts';
import { emit } from '../run.ts';
import { NotImplementedError, StateError } from '../state-error.ts';

/** Task: calls the handler of its Resource with Arguments, evaluated anew at every try. */
export async function runTask(state: TaskState, visit: Visit): Promise<Outcome> {
  return withErrorHandling(visit, state, async (retryCount) => {
    const args =
      state.Arguments === undefined
        ? visit.input
        : await evaluate(visit, state.Arguments, 'Arguments', { retryCount });
    const timeout = await evaluateLimits(state, visit, retryCount);
    const result = await call(state, visit, args, retryCount, timeout);
    return { output: await conclude(visit, state, result, { result, retryCount }), next: state.Next };
  });
}

/** Checks both time limits before the call, as AWS does, and gives the timeout in seconds. */
async function evaluateLimits(
  state: TaskState,
  visit: Visit,
  retryCount: number,
): Promise<number | undefined> {
  const integer = (value: Json, field: string) =>
    evaluateInteger(visit, value, field, undefined, { retryCount });
  if (state.HeartbeatSeconds !== undefined) await integer(state.HeartbeatSeconds, 'HeartbeatSeconds');
  if (state.TimeoutSeconds === undefined) return undefined;
  const seconds = await integer(state.TimeoutSeconds, 'TimeoutSeconds');
  if (seconds === 0) {
    throw new NotImplementedError(
      `States.${visit.name}.TimeoutSeconds`,
      'what AWS makes of a timeout of 0 seconds is not known',
    );
  }
  return seconds;
}

async function call(
  state: TaskState,
  visit: Visit,
  args: Json,
  retryCount: number,
  timeout: number | undefined,
): Promise<Json> {
  const { run, name } = visit;
  const resource = state.Resource;
  const handler = run.services.handlers[resource];
  if (handler === undefined)
    throw new NotImplementedError(`States.${name}.Resource`, `no handler is bound to ${resource}`);
  checkOverrides(resource, args);
  run.history.add(2); // TaskScheduled, TaskStarted
  emit(run, { type: 'TaskScheduled', state: name, resource, retryCount });
  const reply = await attempt(visit, timeout, (signal) =>
    handler({ stateName: name, resource, arguments: toJson(args), signal, retryCount }),
  );
  run.history.add();
  if (reply instanceof StateError) {
    const cause = reply.reason ?? '';
    emit(run, { type: 'TaskFailed', state: name, resource, error: reply.name, cause });
    throw reply;
  }
  emit(run, { type: 'TaskSucceeded', state: name, resource });
  checkPayload(reply, `The state/task '${resource}'`);
  return reply;
}

/** Waits for a handler within the timeout. Gives its reply, or the error it ended with. */
async function attempt(
  visit: Visit,
  timeout: number | undefined,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<Json | StateError> {
  const running = linkedController(visit.signal);
  const timer = linkedController(visit.signal);
  const over = new Interruption('superseded', `The call of the state '${visit.name}' is over`);
  try {
    const pending = Promise.resolve().then(() => work(running.signal));
    const limited =
      timeout === undefined ? pending : Promise.race([pending, expire(visit, timeout, timer.signal)]);
    return toJson(await interruptible(limited, visit.signal));
  } catch (error) {
    visit.signal.throwIfAborted();
    running.abort(over); // a handler that timed out is still at work
    return taskError(error);
  } finally {
    timer.abort(over);
    timer.release();
    running.release();
  }
}

/** The recorded Cause of a timeout is the empty string. */
async function expire(visit: Visit, seconds: number, signal: AbortSignal): Promise<never> {
  await interruptible(visit.run.services.clock.sleep(seconds * 1000, signal), signal);
  throw new StateError('States.Timeout', '');
}

function taskError(error: unknown): StateError {
  if (error instanceof StateError) return error;
  return error instanceof Error
    ? new StateError(error.name, error.message)
    : new StateError('Error', String(error));
}

/** A value as it would come over the wire, a copy; nothing is null, as from a Lambda function that returns nothing. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

/** @throws StateError `ECS.InvalidParameterException` for container overrides longer than ECS takes */
function checkOverrides(resource: string, args: Json): void {
  if (
    !resource.startsWith('arn:aws:states:::ecs:runTask') ||
    !isObject(args) ||
    args['Overrides'] === undefined
  )
    return;
  const length = JSON.stringify(args['Overrides']).length;
  if (length > MAX_ECS_OVERRIDES_CHARACTERS) {
    throw new StateError(
      'ECS.InvalidParameterException',
      `Container Overrides length must be at most ${MAX_ECS_OVERRIDES_CHARACTERS} (found ${length})`,
    );
  }
}
