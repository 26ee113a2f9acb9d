import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { EngineEvent } from '../../engine/engine.ts';
import { backoffSeconds } from '../../engine/retry.ts';
import { awsError, LAMBDA, machine, run, task } from './machine.ts';

const waits = (events: readonly EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'TaskRetried' ? [event.delayMs / 1000] : []));

/** Fails with the given names in turn, then succeeds. */
function failing(...names: string[]) {
  let next = 0;
  return () => {
    const name = names[next];
    next += 1;
    if (name !== undefined) throw awsError(name, `${name} happened`);
    return 'done';
  };
}

// States Language specification, "Complex retry scenarios": each retrier counts for itself.
const COMPLEX = [
  { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
  { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
];

describe('Retry', () => {
  test('waits as the example of the specification says', async () => {
    const trial = await run(
      machine({ X: task({ Retry: COMPLEX }) }),
      {},
      failing('ErrorA', 'ErrorB', 'ErrorC'),
    );
    expect(trial.result).toEqual({ status: 'SUCCEEDED', output: 'done' });
    expect(waits(trial.events)).toEqual([1, 2, 5]);
    expect(trial.clock.now() - Date.UTC(2026, 0, 1)).toBe(8_000);
  });

  test('gives up when the matching retrier is used up, whatever others would allow', async () => {
    const retry = [...COMPLEX, { ErrorEquals: ['States.ALL'] }];
    const trial = await run(
      machine({ X: task({ Retry: retry }) }),
      {},
      failing('ErrorA', 'ErrorB', 'ErrorC', 'ErrorB'),
    );
    expect(trial.result).toMatchObject({ status: 'FAILED', error: 'ErrorB', cause: 'ErrorB happened' });
    expect(waits(trial.events)).toEqual([1, 2, 5]);
  });

  test('tries three times more after one second by default, doubling the wait', async () => {
    const trial = await run(
      machine({ X: task({ Retry: [{ ErrorEquals: ['E'] }] }) }),
      {},
      failing('E', 'E', 'E', 'E'),
    );
    expect(trial.result).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(waits(trial.events)).toEqual([1, 2, 4]);
    expect(trial.calls.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3]);
  });

  test('MaxAttempts 0 never retries, so that a later States.ALL means everything else', async () => {
    const retry = [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    const timedOut = await run(machine({ X: task({ Retry: retry }) }), {}, failing('States.Timeout'));
    expect(timedOut.result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const other = await run(machine({ X: task({ Retry: retry }) }), {}, failing('E'));
    expect(other.result).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('full jitter waits a random part of the capped backoff', async () => {
    const retry = [{ ErrorEquals: ['E'], IntervalSeconds: 3, MaxDelaySeconds: 5, JitterStrategy: 'FULL' }];
    const trial = await run(machine({ X: task({ Retry: retry }) }), {}, failing('E', 'E'), {
      random: () => 0.5,
    });
    expect(waits(trial.events)).toEqual([1.5, 2.5]);
  });

  test('evaluates Arguments anew, with the count of retries', async () => {
    const args = {
      FunctionName: 'f',
      Payload: "{% $states.context.State.RetryCount = 0 ? 'SPOT' : 'ON_DEMAND' %}",
    };
    const definition = machine({ X: task({ Arguments: args, Retry: [{ ErrorEquals: ['E'] }] }) });
    const trial = await run(definition, {}, failing('E'));
    expect(trial.calls.map((call) => (call.arguments as { Payload: string }).Payload)).toEqual([
      'SPOT',
      'ON_DEMAND',
    ]);
  });

  test('starts counting again when the state is entered again', async () => {
    const definition = machine({
      X: task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }], Next: 'Again' }),
      Again: {
        Type: 'Choice',
        Choices: [
          {
            Condition: '{% $states.input = "done" and $exists($twice) = false %}',
            Assign: { twice: true },
            Next: 'X',
          },
        ],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    });
    let call = 0;
    const trial = await run(definition, {}, () => {
      call += 1;
      if (call % 2 === 1) throw awsError('E');
      return 'done';
    });
    expect(trial.result).toMatchObject({ status: 'SUCCEEDED' });
    expect(waits(trial.events)).toEqual([1, 1]);
  });

  test('the wait never shrinks and never passes its cap', () => {
    const retrier = fc.record({
      ErrorEquals: fc.constant(['E']),
      IntervalSeconds: fc.integer({ min: 1, max: 1000 }),
      BackoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
      MaxDelaySeconds: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(retrier, fc.integer({ min: 0, max: 20 }), (fields, count) => {
        const wait = backoffSeconds(fields, count);
        expect(wait).toBeLessThanOrEqual(fields.MaxDelaySeconds);
        expect(backoffSeconds(fields, count + 1)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});

describe('Catch', () => {
  const caught = (names: string[], extra: Record<string, unknown> = {}) =>
    machine({
      X: task({ Catch: [{ ErrorEquals: names, Next: 'Caught', ...extra }] }),
      Caught: { Type: 'Succeed' },
    });

  test.each([
    [['Exact'], 'Exact', true],
    [['Other'], 'Exact', false],
    [['States.TaskFailed'], 'Lambda.Unknown', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['States.TaskFailed'], 'States.HeartbeatTimeout', false],
    [['States.Timeout'], 'States.HeartbeatTimeout', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
  ])('%j takes %s: %s', async (names, error, isCaught) => {
    const { result } = await run(caught(names), {}, failing(error));
    expect(result).toMatchObject(
      isCaught
        ? { status: 'SUCCEEDED', output: { Error: error, Cause: `${error} happened` } }
        : { status: 'FAILED', error },
    );
  });

  test('evaluates its own Output with the error and the input', async () => {
    const Output = { error: '{% $states.errorOutput.Error %}', input: '{% $states.input %}' };
    const { result } = await run(caught(['States.ALL'], { Output }), { a: 1 }, failing('E'));
    expect(result).toEqual({ status: 'SUCCEEDED', output: { error: 'E', input: { a: 1 } } });
  });

  test('runs its own Assign and not the one of the state', async () => {
    const definition = machine({
      Seed: { Type: 'Pass', Assign: { a: 'seed', b: 'seed' }, Next: 'X' },
      X: task({
        Assign: { a: 'state' },
        Catch: [{ ErrorEquals: ['E'], Assign: { b: 'catcher' }, Next: 'Show' }],
        Next: 'Show',
      }),
      Show: { Type: 'Pass', Output: '{% [$a, $b] %}', End: true },
    });
    expect((await run(definition, {}, failing('E'))).result).toMatchObject({ output: ['seed', 'catcher'] });
  });

  test('takes errors of Arguments, before any call', async () => {
    const definition = machine({
      X: task({
        Arguments: { FunctionName: '{% $states.input.missing %}' },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'Caught' }],
      }),
      Caught: { Type: 'Succeed' },
    });
    const trial = await run(definition);
    expect(trial.result).toEqual({ status: 'SUCCEEDED', output: 'caught' });
    expect(trial.calls).toEqual([]);
  });

  test('does not take an error of its own Output', async () => {
    const { result } = await run(
      caught(['States.ALL'], { Output: '{% $states.input.missing %}' }),
      {},
      failing('E'),
    );
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('TimeoutSeconds of a Task', () => {
  const hangs = (Fields: Record<string, unknown>) =>
    run(machine({ X: task(Fields), Caught: { Type: 'Succeed' } }), {}, ({ signal }, clock) =>
      clock.sleep(1e12, signal),
    );
  const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }];

  test('ends the call with States.Timeout, an empty cause and an aborted signal', async () => {
    const trial = await hangs({ TimeoutSeconds: '{% 2 + 3 %}', Catch });
    expect(trial.result).toEqual({ status: 'SUCCEEDED', output: { Error: 'States.Timeout', Cause: '' } });
    expect(trial.clock.now() - Date.UTC(2026, 0, 1)).toBe(5_000);
    expect(trial.calls[0]?.signal.aborted).toBe(true);
  });

  test('counts for each try', async () => {
    const trial = await hangs({
      TimeoutSeconds: 5,
      Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }],
      Catch,
    });
    expect(trial.calls).toHaveLength(2);
    expect(trial.clock.now() - Date.UTC(2026, 0, 1)).toBe(11_000);
  });

  test.each(['1.6', '"3"', '-1', '100000000', '$states.input.missing'])(
    '%s is refused before the call',
    async (value) => {
      const definition = machine({ X: task({ TimeoutSeconds: `{% ${value} %}` }) });
      const trial = await run(definition);
      expect(trial.result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
      expect(trial.calls).toEqual([]);
    },
  );
});

test('the signal of a call that succeeded is left alone', async () => {
  const { calls } = await run(machine({ X: task({ TimeoutSeconds: 5 }) }), {}, () => 'done');
  expect(calls[0]?.signal.aborted).toBe(false);
});

test('what a handler does to its arguments changes nothing outside', async () => {
  const definition = machine({
    X: task({ Arguments: '{% $states.input %}', Output: '{% $states.input %}' }),
  });
  const { result } = await run(definition, { list: [1] }, ({ arguments: args }) => {
    (args as { list: number[] }).list.push(2);
  });
  expect(result).toMatchObject({ output: { list: [1] } });
});

test('a reply of nothing is null, and events tell the story of a call', async () => {
  const { result, events } = await run(machine({ X: task() }), {}, () => undefined, { executionName: 'one' });
  expect(result).toEqual({ status: 'SUCCEEDED', output: null });
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'StateEntered',
    'TaskScheduled',
    'TaskSucceeded',
    'StateExited',
    'ExecutionSucceeded',
  ]);
  expect(events[2]).toMatchObject({ execution: 'one', state: 'X', resource: LAMBDA, retryCount: 0 });
});
