import type { Clock } from './clock.ts';
import type { Block } from './definition.ts';
import type { EngineEvent, EventBody } from './events.ts';
import type { Expressions } from './expressions.ts';
import type { Json, JsonObject } from './json.ts';
import type { History } from './limits.ts';
import type { Scope } from './scope.ts';

/** One call of a task. */
export interface TaskCall {
  readonly stateName: string;
  /** The Resource of the state, e.g. `arn:aws:states:::lambda:invoke`. */
  readonly resource: string;
  /** The evaluated Arguments; the state's input when the state has none. */
  readonly arguments: unknown;
  /** Aborted when the state times out, a sibling fails or the execution is aborted. */
  readonly signal: AbortSignal;
  /** 0 at the first try. */
  readonly retryCount: number;
}

/**
 * Does the work of a Resource. The reply must be JSON (nothing is null). Throw an Error whose `name` is the error name
 * Retry and Catch match, and whose `message` becomes the Cause.
 * @public
 */
export type TaskHandler = (call: TaskCall) => Promise<unknown>;

/** Handlers by Resource. A Resource without one is refused before the run. */
export type TaskHandlers = Readonly<Record<string, TaskHandler>>;

/** The object store of ItemReader and ResultWriter. */
export interface Objects {
  /** The object's content, or null when there is none. */
  get(bucket: string, key: string): Promise<string | Uint8Array | null>;
  put(bucket: string, key: string, body: string): Promise<void>;
}

/** What all executions of one `execute` call share. */
export interface Services {
  readonly handlers: TaskHandlers;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: () => number;
  readonly expressions: Expressions;
  readonly onEvent: ((event: EngineEvent) => void) | undefined;
  /** `$states.context.StateMachine`. */
  readonly stateMachine: { readonly Id: string; readonly Name: string };
  readonly interpret: Interpret;
}

/** Runs a scope of states to its end and gives its output. Passed along, because states contain scopes. */
type Interpret = (block: Block, input: Json, run: Run, scope: Scope, signal: AbortSignal) => Promise<Json>;

/** One execution: the machine's own, or that of a Distributed Map's child. */
export interface Run {
  readonly services: Services;
  readonly name: string;
  readonly history: History;
  /** `$states.context.Execution`. */
  readonly execution: JsonObject;
}

/** One stay in a state, over all its retries. */
export interface Visit {
  readonly run: Run;
  readonly scope: Scope;
  /** The variables as at entry: what every expression of the state sees. */
  readonly variables: Readonly<Record<string, Json>>;
  readonly name: string;
  readonly type: string;
  readonly input: Json;
  /** Event id of the state's entry; AWS shows it in causes. */
  readonly enteredEvent: number;
  readonly enteredTime: string;
  readonly signal: AbortSignal;
}

/** Reports an event of an execution. */
export function emit(run: Run, body: EventBody): void {
  const { onEvent, clock } = run.services;
  onEvent?.({ execution: run.name, at: clock.now(), ...body });
}

/** A time as the context object shows it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
