import type { Json, JsonObject } from './json.ts';

/** Fields every state may have. */
interface CommonFields {
  readonly Type: string;
  readonly Comment?: string;
  readonly QueryLanguage?: string;
}

/** Fields of the states that hand on to another state or end the scope. */
interface Transition {
  readonly Next?: string;
  readonly End?: boolean;
}

/** What a state, Choice rule or Catcher makes of its data. */
export interface OutputFields {
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends OutputFields {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

/** Fields of the states that can fail and try again. */
export interface ErrorHandling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends CommonFields, Transition, OutputFields {
  readonly Type: 'Pass';
}

export interface TaskState extends CommonFields, Transition, OutputFields, ErrorHandling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly TimeoutSeconds?: Json;
  readonly HeartbeatSeconds?: Json;
}

interface ChoiceRule extends OutputFields {
  readonly Condition: string | boolean;
  readonly Next: string;
}

export interface ChoiceState extends CommonFields, OutputFields {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends CommonFields, Transition, OutputFields {
  readonly Type: 'Wait';
  readonly Seconds?: Json;
  readonly Timestamp?: Json;
}

export interface SucceedState extends CommonFields {
  readonly Type: 'Succeed';
  readonly Output?: Json;
}

export interface FailState extends CommonFields {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

export interface ParallelState extends CommonFields, Transition, OutputFields, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly Block[];
  readonly Arguments?: Json;
}

export interface ItemReader {
  readonly Resource: string;
  readonly Arguments: Json;
  readonly ReaderConfig: { readonly InputType: 'JSON' | 'JSONL'; readonly MaxItems?: Json };
}

export interface ResultWriter {
  readonly Resource: string;
  readonly Arguments: Json;
}

interface ItemProcessor extends Block {
  readonly ProcessorConfig?: {
    readonly Mode?: 'INLINE' | 'DISTRIBUTED';
    readonly ExecutionType?: 'STANDARD';
  };
}

export interface MapState extends CommonFields, Transition, OutputFields, ErrorHandling {
  readonly Type: 'Map';
  readonly ItemProcessor: ItemProcessor;
  readonly Items?: Json;
  readonly ItemReader?: ItemReader;
  readonly ItemSelector?: Json;
  readonly ResultWriter?: ResultWriter;
  readonly MaxConcurrency?: Json;
  readonly ToleratedFailureCount?: Json;
  readonly ToleratedFailurePercentage?: Json;
  readonly Label?: string;
}

export type State =
  PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** A scope of states: the machine itself, a Parallel branch or a Map's ItemProcessor. */
export interface Block {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A state machine whose definition has passed the check; nothing else is ever run. */
export interface Machine extends Block {
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
  readonly Version?: string;
}
