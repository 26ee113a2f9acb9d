import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionStarter } from '../../core/ports.ts';
import { callAws, nameOf, type RetryPorts } from './call-aws.ts';

/** What a listing says of an execution. */
export interface ExecutionListed {
  name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  started_at: string;
  ended_at: string | null;
}

/** An execution as Step Functions knows it. */
export interface ExecutionOnAws extends ExecutionListed {
  /** The JSON it was started with. */
  input: string;
  error: { name: string; message: string } | null;
  /** May it be redriven (not succeeded, closed at most 14 days ago)? */
  is_redrivable: boolean;
}

export interface StepFunctions extends ExecutionStarter {
  /** Null when no execution of this name is known: never started, or closed more than 90 days ago. */
  describe(name: string): Promise<ExecutionOnAws | null>;
  /** The newest executions, newest first; at most 100. */
  list(limit: number): Promise<ExecutionListed[]>;
  /** The state that an execution entered last; null before its first. */
  currentState(name: string): Promise<string | null>;
  /** Ends a running execution as ABORTED; its containers get SIGTERM. */
  stop(name: string, cause: string): Promise<void>;
  /** Runs again what failed, with the definition it was started with. Throws StoreUnavailable when it may not be redriven. */
  redrive(name: string): Promise<void>;
}

/** The state machine on AWS. `stateMachineArn` names it; executions are called by their names. */
export function createStepFunctions(options: {
  client: SFNClient;
  stateMachineArn: string;
  retry: RetryPorts;
}): StepFunctions {
  const { client, stateMachineArn, retry } = options;
  const executionArn = (name: string) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const unlessMissing = (error: unknown) => {
    if (nameOf(error) === 'ExecutionDoesNotExist') return null;
    throw error;
  };

  return {
    start(name, input) {
      // A repeat of a running execution with the same input is answered like a start; both are fine.
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      return callAws(
        `start ${name}`,
        async () => {
          try {
            await client.send(command);
            return 'started';
          } catch (error) {
            if (nameOf(error) === 'ExecutionAlreadyExists') return 'exists';
            throw error;
          }
        },
        retry,
      );
    },

    async describe(name) {
      const command = new DescribeExecutionCommand({ executionArn: executionArn(name) });
      const found = await callAws(`look at ${name}`, () => client.send(command).catch(unlessMissing), retry);
      if (found === null) return null;
      return {
        name,
        input: found.input ?? '{}',
        status: found.status!,
        started_at: found.startDate!.toISOString(),
        ended_at: found.stopDate?.toISOString() ?? null,
        error:
          found.error === undefined && found.cause === undefined
            ? null
            : { name: found.error ?? 'Failed', message: found.cause ?? 'no cause given' },
        is_redrivable: found.redriveStatus === 'REDRIVABLE',
      };
    },

    async list(limit) {
      const command = new ListExecutionsCommand({ stateMachineArn, maxResults: Math.min(limit, 100) });
      const { executions } = await callAws('list executions', () => client.send(command), retry);
      return (executions ?? []).map(({ name, status, startDate, stopDate }) => ({
        name: name!,
        status: status!,
        started_at: startDate!.toISOString(),
        ended_at: stopDate?.toISOString() ?? null,
      }));
    },

    async currentState(name) {
      // A Map's children have histories of their own: few events follow the entry of a state.
      const command = new GetExecutionHistoryCommand({
        executionArn: executionArn(name),
        reverseOrder: true,
        maxResults: 50,
        includeExecutionData: false,
      });
      const { events } = await callAws(`read the history of ${name}`, () => client.send(command), retry);
      return (
        events?.find((event) => event.stateEnteredEventDetails !== undefined)?.stateEnteredEventDetails!
          .name ?? null
      );
    },

    async stop(name, cause) {
      const command = new StopExecutionCommand({ executionArn: executionArn(name), cause });
      await callAws(`stop ${name}`, () => client.send(command), retry);
    },

    async redrive(name) {
      const command = new RedriveExecutionCommand({ executionArn: executionArn(name) });
      await callAws(`redrive ${name}`, () => client.send(command), retry);
    },
  };
}
