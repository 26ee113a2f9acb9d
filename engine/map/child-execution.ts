import { uuid } from '../functions.ts';
import type { Json } from '../json.ts';
import { checkPayload, History } from '../limits.ts';
import type { Run, Visit } from '../run.ts';
import { isoTime } from '../run.ts';
import { Scope } from '../scope.ts';
import { StateError } from '../state-error.ts';
import type { MapWork } from './map-work.ts';

/** How a child execution ended, in the form AWS lists it in (ResultWriter, Transformation NONE). */
export interface ChildRecord {
  readonly ExecutionArn: string;
  readonly Input: string;
  readonly InputDetails: { readonly Included: true };
  readonly Name: string;
  readonly Output?: string;
  readonly OutputDetails?: { readonly Included: true };
  readonly Error?: string;
  readonly Cause?: string;
  readonly RedriveCount: 0;
  readonly StartDate: string;
  readonly StateMachineArn: string;
  readonly Status: 'SUCCEEDED' | 'FAILED';
  readonly StopDate: string;
}

/** A child's end: its record, and its output or its error. */
export type ChildEnd = { readonly record: () => ChildRecord } & (
  { readonly output: Json; readonly error?: never } | { readonly output?: never; readonly error: StateError }
);

/** The ARN parts of one Map Run. */
export interface MapRun {
  readonly id: string;
  readonly arn: string;
  readonly stateMachineArn: string;
}

/** Names a Map Run after its Map's Label, as AWS does. */
export function startMapRun({ state, visit }: MapWork): MapRun {
  const { random, stateMachine } = visit.run.services;
  const id = uuid(random);
  const label = state.Label ?? visit.name;
  return {
    id,
    arn: `${stateMachine.Id.replace(':stateMachine:', ':mapRun:')}/${label}:${id}`,
    stateMachineArn: `${stateMachine.Id}/${label}`,
  };
}

/**
 * Runs one item as an execution of its own: own history, own context, no variables from outside.
 * @throws StateError `States.DataLimitExceeded` when the input is too big: the Map fails, there is no child
 */
export async function runChild(
  work: MapWork,
  mapRun: MapRun,
  input: Json,
  signal: AbortSignal,
): Promise<ChildEnd> {
  const { services } = work.visit.run;
  checkPayload(input, `The input of an item of the state '${work.visit.name}'`);
  const name = uuid(services.random);
  const arn = `${mapRun.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const startDate = isoTime(services.clock.now());
  const run: Run = {
    services,
    name,
    history: new History(),
    execution: {
      ...roleOf(work.visit),
      Id: arn,
      Input: input,
      Name: name,
      RedriveCount: 0,
      StartTime: startDate,
    },
  };
  const record = (status: ChildRecord['Status'], end: Pick<ChildRecord, 'Output' | 'Error' | 'Cause'>) => {
    const stopDate = isoTime(services.clock.now());
    return (): ChildRecord => ({
      ExecutionArn: arn,
      Input: JSON.stringify(input),
      InputDetails: { Included: true },
      Name: name,
      ...end,
      ...(end.Output === undefined ? {} : { OutputDetails: { Included: true } }),
      RedriveCount: 0,
      StartDate: startDate,
      StateMachineArn: mapRun.stateMachineArn,
      Status: status,
      StopDate: stopDate,
    });
  };
  try {
    run.history.add(); // ExecutionStarted
    const output = await services.interpret(work.state.ItemProcessor, input, run, new Scope(), signal);
    return { output, record: () => record('SUCCEEDED', { Output: JSON.stringify(output) })() };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { error, record: record('FAILED', error.output) };
  }
}

function roleOf(visit: Visit): { RoleArn: Json } {
  return { RoleArn: visit.run.execution['RoleArn'] ?? null };
}
