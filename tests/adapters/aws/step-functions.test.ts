import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createStepFunctions, type StepFunctions } from '../../../adapters/aws/step-functions.ts';
import { startStatesServer, type StatesServer } from '../../servers/states-server.ts';
import { testClient } from '../../servers/test-client.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:weekly-benchmark';

describe('executions on Step Functions', () => {
  let server: StatesServer;
  let machine: StepFunctions;

  beforeEach(async () => {
    server = await startStatesServer();
    machine = createStepFunctions({
      client: new SFNClient(testClient(server.url)),
      stateMachineArn: MACHINE,
      retry: { clock: { sleep: () => Promise.resolve() }, random: () => 0 },
    });
  });
  afterEach(() => server.close());

  it('start under their own name, once', async () => {
    expect(await machine.start('mvp-2026-W47', { profile: 'mvp' })).toBe('started');
    expect(server.executions.get('mvp-2026-W47')?.input).toBe('{"profile":"mvp"}');
    server.executions.get('mvp-2026-W47')!.status = 'SUCCEEDED';
    expect(await machine.start('mvp-2026-W47', { profile: 'mvp' })).toBe('exists');
  });

  it('start through throttling', async () => {
    server.throttled = 3;
    expect(await machine.start('mvp-2026-W47', {})).toBe('started');
  });

  it('say how they are, and null when nobody knows them', async () => {
    expect(await machine.describe('mvp-2026-W47')).toBeNull();
    await machine.start('mvp-2026-W47', {});
    expect(await machine.describe('mvp-2026-W47')).toEqual({
      name: 'mvp-2026-W47',
      input: '{}',
      status: 'RUNNING',
      started_at: '2026-11-23T04:00:00.000Z',
      ended_at: null,
      error: null,
      is_redrivable: false,
    });
    Object.assign(server.executions.get('mvp-2026-W47')!, {
      status: 'FAILED',
      error: 'NothingMeasured',
      cause: 'why',
    });
    expect(await machine.describe('mvp-2026-W47')).toMatchObject({
      status: 'FAILED',
      ended_at: '2026-11-23T05:00:00.000Z',
      error: { name: 'NothingMeasured', message: 'why' },
      is_redrivable: true,
    });
  });

  it('are listed newest first, and say which state they are in', async () => {
    for (const name of ['first', 'second', 'third']) await machine.start(name, {});
    expect((await machine.list(2)).map(({ name, status }) => [name, status])).toEqual([
      ['third', 'RUNNING'],
      ['second', 'RUNNING'],
    ]);
    expect(await machine.currentState('third')).toBe('RunDialogues');
  });

  it('stop with a cause', async () => {
    await machine.start('mvp-2026-W47', {});
    await machine.stop('mvp-2026-W47', 'by hand');
    expect(server.executions.get('mvp-2026-W47')).toMatchObject({ status: 'ABORTED', cause: 'by hand' });
  });

  it('are redriven when they failed, and refuse in words when they did not', async () => {
    await machine.start('mvp-2026-W47', {});
    await expect(machine.redrive('mvp-2026-W47')).rejects.toMatchObject({
      name: 'StoreUnavailable',
      isRetryable: false,
      message: expect.stringContaining('ExecutionNotRedrivable'),
    });
    server.executions.get('mvp-2026-W47')!.status = 'FAILED';
    await machine.redrive('mvp-2026-W47');
    expect(server.executions.get('mvp-2026-W47')!.status).toBe('RUNNING');
  });
});
