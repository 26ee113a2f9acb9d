import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createStepFunctions, type StepFunctions } from '../../../adapters/aws/step-functions.ts';
import { serviceError, startJsonServer, type JsonServer } from '../../servers/json-server.ts';
import { testClient } from '../../servers/test-client.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:weekly-benchmark';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:weekly-benchmark:mvp-2026-W47';

describe('executions on Step Functions', () => {
  let server: JsonServer;
  let machine: StepFunctions;
  let executions: Map<string, { status: string; input: string; error?: string; cause?: string }>;
  let throttles: number;

  beforeEach(async () => {
    executions = new Map();
    throttles = 0;
    const find = (arn: string) => {
      const found = executions.get(arn);
      if (found === undefined) throw serviceError('ExecutionDoesNotExist');
      return found;
    };
    server = await startJsonServer({
      StartExecution({ stateMachineArn, name, input }: Record<'stateMachineArn' | 'name' | 'input', string>) {
        if (throttles-- > 0) throw serviceError('ThrottlingException');
        const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`;
        const standing = executions.get(executionArn);
        if (standing !== undefined && (standing.status !== 'RUNNING' || standing.input !== input))
          throw serviceError('ExecutionAlreadyExists');
        executions.set(executionArn, { status: 'RUNNING', input });
        return { executionArn, startDate: 1_763_262_000 };
      },
      DescribeExecution: ({ executionArn }: { executionArn: string }) => ({
        executionArn,
        startDate: 1_763_262_000,
        ...(find(executionArn).status === 'RUNNING' ? {} : { stopDate: 1_763_265_600 }),
        redriveStatus: find(executionArn).status === 'FAILED' ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
        ...find(executionArn),
      }),
      StopExecution({ executionArn, cause }: { executionArn: string; cause: string }) {
        Object.assign(find(executionArn), { status: 'ABORTED', cause });
        return { stopDate: 1_763_265_600 };
      },
      RedriveExecution({ executionArn }: { executionArn: string }) {
        if (find(executionArn).status !== 'FAILED') throw serviceError('ExecutionNotRedrivable');
        find(executionArn).status = 'RUNNING';
        return { redriveDate: 1_763_265_700 };
      },
    });
    machine = createStepFunctions({
      client: new SFNClient(testClient(server.url)),
      stateMachineArn: MACHINE,
      retry: { clock: { sleep: () => Promise.resolve() }, random: () => 0 },
    });
  });
  afterEach(() => server.close());

  it('start under their own name, once', async () => {
    expect(await machine.start('mvp-2026-W47', { profile: 'mvp' })).toBe('started');
    expect(executions.get(EXECUTION)?.input).toBe('{"profile":"mvp"}');
    executions.get(EXECUTION)!.status = 'SUCCEEDED';
    expect(await machine.start('mvp-2026-W47', { profile: 'mvp' })).toBe('exists');
  });

  it('start through throttling', async () => {
    throttles = 3;
    expect(await machine.start('mvp-2026-W47', {})).toBe('started');
  });

  it('say how they are, and null when nobody knows them', async () => {
    expect(await machine.describe('mvp-2026-W47')).toBeNull();
    await machine.start('mvp-2026-W47', {});
    expect(await machine.describe('mvp-2026-W47')).toEqual({
      status: 'RUNNING',
      started_at: '2025-11-16T03:00:00.000Z',
      ended_at: null,
      error: null,
      is_redrivable: false,
    });
    Object.assign(executions.get(EXECUTION)!, { status: 'FAILED', error: 'NothingMeasured', cause: 'why' });
    expect(await machine.describe('mvp-2026-W47')).toMatchObject({
      status: 'FAILED',
      ended_at: '2025-11-16T04:00:00.000Z',
      error: { name: 'NothingMeasured', message: 'why' },
      is_redrivable: true,
    });
  });

  it('stop with a cause', async () => {
    await machine.start('mvp-2026-W47', {});
    await machine.stop('mvp-2026-W47', 'by hand');
    expect(executions.get(EXECUTION)).toMatchObject({ status: 'ABORTED', cause: 'by hand' });
  });

  it('are redriven when they failed, and refuse in words when they did not', async () => {
    await machine.start('mvp-2026-W47', {});
    await expect(machine.redrive('mvp-2026-W47')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
      message: expect.stringContaining('ExecutionNotRedrivable'),
    });
    executions.get(EXECUTION)!.status = 'FAILED';
    await machine.redrive('mvp-2026-W47');
    expect(executions.get(EXECUTION)!.status).toBe('RUNNING');
  });
});
