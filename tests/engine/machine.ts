import { setImmediate } from 'node:timers/promises';

import type { EngineEvent, EngineOptions, ExecutionResult, TaskCall } from '../../engine/engine.ts';
import { execute } from '../../engine/engine.ts';
import type { Json } from '../../engine/json.ts';
import { VirtualClock } from '../../engine/virtual-clock.ts';

export const LAMBDA = 'arn:aws:states:::lambda:invoke';
export const RUN_TASK = 'arn:aws:states:::ecs:runTask.sync';

/** A machine in JSONata that starts at its first state. */
export function machine(
  states: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...fields };
}

/** A Task on lambda:invoke that ends its scope unless told otherwise. */
export function task(fields: Record<string, unknown> = {}): Record<string, unknown> {
  const end = 'Next' in fields ? {} : { End: true };
  return { Type: 'Task', Resource: LAMBDA, Arguments: { FunctionName: 'f', Payload: {} }, ...end, ...fields };
}

/** A Map whose items are child executions. */
export function distributedMap(
  states: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: Object.keys(states)[0],
      States: states,
    },
    End: true,
    ...fields,
  };
}

/** A Map whose iterations run inside the execution. */
export function inlineMap(
  states: Record<string, unknown>,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    Type: 'Map',
    ItemProcessor: { StartAt: Object.keys(states)[0], States: states },
    End: true,
    ...fields,
  };
}

/** Items from an object of the bucket `lake`, its key in the input. */
export function reader(InputType: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType, ...more },
    Arguments: { Bucket: 'lake', Key: '{% $states.input.key %}' },
  };
}

/** Results below a prefix of the bucket `lake`. */
export const writer = {
  Resource: 'arn:aws:states:::s3:putObject',
  Arguments: { Bucket: 'lake', Prefix: 'map-runs/{x}' },
};

/** An error under the name AWS gives it. */
export function awsError(name: string, message = ''): Error {
  return Object.assign(new Error(message), { name });
}

export interface Trial {
  readonly result: ExecutionResult;
  readonly events: readonly EngineEvent[];
  readonly calls: readonly TaskCall[];
  readonly clock: VirtualClock;
  readonly objects: Map<string, string>;
}

/** Runs a machine on a virtual clock with one handler for all tasks. */
export async function run(
  definition: unknown,
  input: Json = {},
  handle: (call: TaskCall, clock: VirtualClock) => unknown = () => null,
  options: Partial<EngineOptions> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Trial> {
  const { files = {}, ...others } = options;
  const clock = new VirtualClock();
  const events: EngineEvent[] = [];
  const calls: TaskCall[] = [];
  const objects = new Map(Object.entries(files));
  const handler = async (call: TaskCall): Promise<unknown> => {
    calls.push(call);
    return handle(call, clock);
  };
  const result = await execute(definition, input, {
    handlers: { [LAMBDA]: handler, [RUN_TASK]: handler },
    objects: {
      get: async (bucket, key) => objects.get(`${bucket}/${key}`) ?? null,
      put: async (bucket, key, body) => {
        objects.set(`${bucket}/${key}`, body);
      },
    },
    clock,
    onEvent: (event) => events.push(event),
    ...others,
  });
  return { result, events, calls, clock, objects };
}

/** The output of a single expression in a Pass state. */
export async function output(expression: string, input: Json = {}): Promise<ExecutionResult> {
  const definition = machine({ Only: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } });
  return (await run(definition, input)).result;
}

/** Lets everything that can settle settle. */
export async function settle(): Promise<void> {
  await setImmediate();
}
