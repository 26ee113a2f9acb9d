import { checkDefinition } from './check/check-definition.ts';
import type { DefinitionProblem } from './check/problem.ts';
import { DefinitionError } from './check/problem.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { Machine } from './definition.ts';
import type { EngineEvent } from './events.ts';
import { Expressions } from './expressions.ts';
import { uuid } from './functions.ts';
import { interpret } from './interpret.ts';
import { Interruption, linkedController } from './interruption.ts';
import type { Json } from './json.ts';
import { executionNameProblem, History, jsonBytes, MAX_PAYLOAD_BYTES } from './limits.ts';
import type { Objects, Run, Services, TaskHandlers } from './run.ts';
import { emit, isoTime } from './run.ts';
import { Scope } from './scope.ts';
import { StateError } from './state-error.ts';
import { substitute } from './substitute.ts';

export { checkDefinition } from './check/check-definition.ts';
export { DefinitionError } from './check/problem.ts';
export type { DefinitionProblem } from './check/problem.ts';
/** @public */
export type { Clock } from './clock.ts';
export type { EngineEvent } from './events.ts';
/** @public */
export type { Objects, TaskCall, TaskHandler, TaskHandlers } from './run.ts';
export { NotImplementedError } from './state-error.ts';

/** What an execution needs from its host. */
export interface EngineOptions {
  /** Values of `${Token}` in the definition. When given, tokens and values must match exactly; absent, nothing is replaced. */
  readonly substitutions?: Readonly<Record<string, string>>;
  /** The tasks, keyed by Resource. */
  readonly handlers: TaskHandlers;
  /** Where ItemReader reads and ResultWriter writes. */
  readonly objects: Objects;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Numbers from 0 (included) to 1 (excluded) for jitter, `$random()`, `$uuid()` and names. Default: Math.random. */
  readonly random?: () => number;
  /** Called synchronously; what it throws ends the execution. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Aborting it reaches the running handlers and ends the execution at once as ABORTED. */
  readonly signal?: AbortSignal;
  /** `$states.context.Execution.Name`; a UUID by default. */
  readonly executionName?: string;
  /** `$states.context.StateMachine.Name`. */
  readonly stateMachineName?: string;
  /** `$states.context.Execution.RoleArn`. */
  readonly roleArn?: string;
}

/** How an execution ended. A Fail state may leave out its error and its cause. */
export type ExecutionResult =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED'; readonly error?: string; readonly cause?: string }
  | { readonly status: 'TIMED_OUT'; readonly error: 'States.Timeout'; readonly cause: string }
  | { readonly status: 'ABORTED' };

/**
 * Runs a JSONata state machine of the Amazon States Language to its end.
 *
 * The definition is checked completely first; nothing it says is ignored.
 * @param definition the parsed JSON of the definition
 * @throws DefinitionError when the definition has problems; nothing has run then
 * @throws NotImplementedError when a value met on the way needs what this engine lacks
 * @throws RangeError for a name or input that StartExecution would refuse
 */
export async function execute(
  definition: unknown,
  input: Json,
  options: EngineOptions,
): Promise<ExecutionResult> {
  const machine = prepare(definition, options);
  checkStart(input, options.executionName);
  const run = startRun(input, options);
  const external = options.signal ?? new AbortController().signal;
  const work = linkedController(external);
  const limit = machine.TimeoutSeconds;
  emit(run, { type: 'ExecutionStarted' });
  try {
    external.throwIfAborted();
    const end = interpret(machine, input, run, new Scope(), work.signal);
    const output =
      limit === undefined ? await end : await Promise.race([end, expire(run, limit, work.signal)]);
    emit(run, { type: 'ExecutionSucceeded' });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    return conclude(run, error, external);
  } finally {
    work.abort(new Interruption('superseded', 'The execution is over'));
    work.release();
  }
}

/** Substitutes and checks. */
function prepare(definition: unknown, options: EngineOptions): Machine {
  const values = options.substitutions;
  const { definition: complete, problems } =
    values === undefined
      ? { definition, problems: [] as DefinitionProblem[] }
      : substitute(definition, values);
  const all = [...problems, ...checkDefinition(complete, { resources: Object.keys(options.handlers) })];
  if (all.length > 0) throw new DefinitionError(all);
  return complete as Machine;
}

function checkStart(input: Json, name: string | undefined): void {
  const problem = name === undefined ? undefined : executionNameProblem(name);
  if (problem !== undefined) throw new RangeError(`InvalidName: the execution name '${name}' ${problem}`);
  const bytes = jsonBytes(input);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new RangeError(
      `InvalidExecutionInput: the input has ${bytes} bytes, at most ${MAX_PAYLOAD_BYTES} are allowed`,
    );
  }
}

function startRun(input: Json, options: EngineOptions): Run {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const machineName = options.stateMachineName ?? 'StateMachine';
  const name = options.executionName ?? uuid(random);
  const services: Services = {
    handlers: options.handlers,
    objects: options.objects,
    clock,
    random,
    expressions: new Expressions({ now: () => clock.now(), random }),
    onEvent: options.onEvent,
    stateMachine: { Id: `arn:aws:states:local:000000000000:stateMachine:${machineName}`, Name: machineName },
    interpret,
  };
  const history = new History();
  history.add(); // ExecutionStarted
  const execution = {
    Id: `arn:aws:states:local:000000000000:execution:${machineName}:${name}`,
    Input: input,
    Name: name,
    RoleArn: options.roleArn ?? 'arn:aws:iam::000000000000:role/local',
    StartTime: isoTime(clock.now()),
    RedriveCount: 0,
  };
  return { services, name, history, execution };
}

async function expire(run: Run, seconds: number, signal: AbortSignal): Promise<never> {
  await run.services.clock.sleep(seconds * 1000, signal);
  throw new Interruption('timed-out', `The execution ran longer than ${seconds} s`);
}

/** Makes a result of what ended the run; what is no end of a run (a host's bug, a refusal) goes on as it is. */
function conclude(run: Run, error: unknown, external: AbortSignal): ExecutionResult {
  if (external.aborted) {
    emit(run, { type: 'ExecutionAborted' });
    return { status: 'ABORTED' };
  }
  if (error instanceof Interruption && error.why === 'timed-out') {
    emit(run, { type: 'ExecutionTimedOut' });
    return { status: 'TIMED_OUT', error: 'States.Timeout', cause: error.message };
  }
  if (!(error instanceof StateError)) throw error;
  emit(run, { type: 'ExecutionFailed', error: error.error, cause: error.reason });
  const { Error: name, Cause: cause } = error.output;
  return {
    status: 'FAILED',
    ...(name === undefined ? {} : { error: name }),
    ...(cause === undefined ? {} : { cause }),
  };
}
