import { serviceError, startJsonServer, type JsonServer } from './json-server.ts';

export interface ServedExecution {
  name: string;
  status: string;
  input: string;
  error?: string;
  cause?: string;
  redriven: number;
}

export interface StatesServer extends JsonServer {
  /** By name, in the order of their starts. */
  executions: Map<string, ServedExecution>;
  /** The next starts that are throttled. */
  throttled: number;
}

/** 2026-11-23T04:00:00Z, start of every execution. */
const BEGAN = 1_795_406_400;

/**
 * As much of Step Functions as the command line speaks. `onLook` is called at each DescribeExecution, before the answer, so
 * that a test can let an execution go on between two looks.
 */
export async function startStatesServer(
  options: {
    onStart?: (execution: ServedExecution) => void;
    onLook?: (execution: ServedExecution) => void;
    onRequest?: (principal: string, operation: string) => void;
    definition?: string;
  } = {},
): Promise<StatesServer> {
  const executions = new Map<string, ServedExecution>();
  const state = { executions, throttled: 0 };
  const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
  const find = (arn: string) => {
    const found = executions.get(nameOf(arn));
    if (found === undefined) throw serviceError('ExecutionDoesNotExist');
    return found;
  };
  const described = ({ name, status }: ServedExecution) => ({
    name,
    status,
    startDate: BEGAN,
    ...(status === 'RUNNING' ? {} : { stopDate: BEGAN + 3600 }),
  });
  const server = await startJsonServer(
    {
      StartExecution({ stateMachineArn, name, input }: Record<'stateMachineArn' | 'name' | 'input', string>) {
        if (state.throttled > 0) {
          state.throttled -= 1;
          throw serviceError('ThrottlingException');
        }
        const standing = executions.get(name);
        if (standing !== undefined && (standing.status !== 'RUNNING' || standing.input !== input))
          throw serviceError('ExecutionAlreadyExists');
        const execution = standing ?? { name, status: 'RUNNING', input, redriven: 0 };
        executions.set(name, execution);
        if (standing === undefined) options.onStart?.(execution);
        return {
          executionArn: `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`,
          startDate: BEGAN,
        };
      },
      DescribeExecution({ executionArn }: { executionArn: string }) {
        const execution = find(executionArn);
        options.onLook?.(execution);
        const { input, error, cause } = execution;
        return {
          executionArn,
          ...described(execution),
          input,
          error,
          cause,
          redriveStatus: execution.status === 'FAILED' ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
        };
      },
      ListExecutions: ({ maxResults }: { maxResults: number }) => ({
        executions: [...executions.values()].toReversed().slice(0, maxResults).map(described),
      }),
      GetExecutionHistory: () => ({
        events: [
          { id: 9, timestamp: BEGAN, type: 'MapRunStarted' },
          {
            id: 8,
            timestamp: BEGAN,
            type: 'MapStateEntered',
            stateEnteredEventDetails: { name: 'RunDialogues' },
          },
        ],
      }),
      StopExecution({ executionArn, cause }: { executionArn: string; cause: string }) {
        Object.assign(find(executionArn), { status: 'ABORTED', cause });
        return { stopDate: BEGAN + 3600 };
      },
      RedriveExecution({ executionArn }: { executionArn: string }) {
        const execution = find(executionArn);
        if (execution.status !== 'FAILED') throw serviceError('ExecutionNotRedrivable');
        Object.assign(execution, { status: 'RUNNING', redriven: execution.redriven + 1 });
        return { redriveDate: BEGAN + 3700 };
      },
      DescribeStateMachine: ({ stateMachineArn }: { stateMachineArn: string }) => ({
        stateMachineArn,
        name: nameOf(stateMachineArn),
        status: 'ACTIVE',
        definition: options.definition ?? '{}',
        type: 'STANDARD',
        creationDate: BEGAN,
      }),
    },
    options.onRequest,
  );
  return Object.assign(state, server);
}
