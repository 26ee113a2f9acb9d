import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { EngineEvent } from '../../engine/engine.ts';
import type { Json } from '../../engine/json.ts';
import { awsError, distributedMap, inlineMap, machine, reader, run, task, writer } from './machine.ts';

const lines = (values: readonly Json[]) => values.map((value) => JSON.stringify(value)).join('\n');
const only = <T extends EngineEvent['type']>(events: readonly EngineEvent[], type: T) =>
  events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type);

describe('INLINE', () => {
  test('fails with the error of the first failed iteration and stops the others', async () => {
    const states = { T: task({ Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' } }) };
    const definition = machine({
      M: inlineMap(states, { Catch: [{ ErrorEquals: ['Bad'], Next: 'Caught' }] }),
      Caught: { Type: 'Succeed' },
    });
    const trial = await run(definition, [1, 2, 3], ({ arguments: args, signal }, clock) => {
      if ((args as { Payload: number }).Payload === 2) throw awsError('Bad', 'two');
      return clock.sleep(1e12, signal);
    });
    expect(trial.result).toEqual({ status: 'SUCCEEDED', output: { Error: 'Bad', Cause: 'two' } });
    expect(trial.calls.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('a retry runs all iterations again', async () => {
    const states = { Bad: { Type: 'Fail', Error: 'E' } };
    const definition = machine({ M: inlineMap(states, { Retry: [{ ErrorEquals: ['E'], MaxAttempts: 2 }] }) });
    const { result, events } = await run(definition, [1]);
    expect(result).toEqual({ status: 'FAILED', error: 'E' });
    expect(only(events, 'StateEntered').filter(({ state }) => state === 'Bad')).toHaveLength(3);
  });

  test('iterations read outer variables and have their own', async () => {
    const states = {
      Set: { Type: 'Pass', Assign: { own: '{% $states.input * $factor %}' }, Next: 'Show' },
      Show: { Type: 'Pass', Output: '{% $own %}', End: true },
    };
    const definition = machine({
      Seed: { Type: 'Pass', Assign: { factor: 10 }, Next: 'M' },
      M: inlineMap(states, { Output: ['{% $states.result %}', '{% $exists($own) %}'] }),
    });
    expect((await run(definition, [1, 2])).result).toMatchObject({ output: [[10, 20], false] });
  });

  test.each<[Record<string, unknown>, number]>([
    [{ MaxConcurrency: 1 }, 1],
    [{ MaxConcurrency: '{% 3 %}' }, 3],
    [{ MaxConcurrency: 0 }, 40],
    [{}, 40],
    [{ MaxConcurrency: 100 }, 40],
  ])('with %j at most %d run at once', async (fields, most) => {
    const trial = await mostAtOnce(machine({ M: inlineMap({ T: task() }, fields) }), 60);
    expect(trial).toBe(most);
  });
});

/** Runs a Map whose tasks take a second each and gives the largest number in flight. */
async function mostAtOnce(definition: unknown, items: number): Promise<number> {
  let running = 0;
  let most = 0;
  await run(
    definition,
    Array.from({ length: items }, (_, index) => index),
    async ({ signal }, clock) => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(1000, signal);
      running -= 1;
    },
  );
  return most;
}

describe('DISTRIBUTED', () => {
  test.each([
    [20, 50, 20],
    [0, 50, 50],
  ])(
    'with MaxConcurrency %d at most that many of %d children run at once',
    async (MaxConcurrency, items, most) => {
      expect(await mostAtOnce(machine({ M: distributedMap({ T: task() }, { MaxConcurrency }) }), items)).toBe(
        most,
      );
    },
  );

  test('children are executions of their own', async () => {
    const states = { Show: { Type: 'Pass', Output: '{% $states.context.Execution.Input %}', End: true } };
    const { result, events } = await run(machine({ M: distributedMap(states) }), ['a', 'b'], undefined, {
      executionName: 'parent',
    });
    expect(result).toMatchObject({ output: ['a', 'b'] });
    const children = only(events, 'StateEntered').filter(({ state }) => state === 'Show');
    expect(new Set(['parent', ...children.map(({ execution }) => execution)]).size).toBe(3);
  });

  test('a Succeed ends its own child only', async () => {
    const { result } = await run(machine({ M: distributedMap({ S: { Type: 'Succeed' } }) }), [1, 2]);
    expect(result).toMatchObject({ output: [1, 2] });
  });

  // Items below zero fail.
  const sieve = {
    Sort: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'Bad' }],
      Default: 'Good',
    },
    Bad: { Type: 'Fail', Error: 'Negative', Cause: 'below zero' },
    Good: { Type: 'Pass', End: true },
  };
  const THRESHOLD = {
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
    cause: 'The specified tolerated failure threshold was exceeded',
  };

  test.each<[Record<string, unknown>, number[], boolean]>([
    [{}, [1, 2], true],
    [{}, [1, -1], false],
    [{ ToleratedFailureCount: 1 }, [1, -1], true],
    [{ ToleratedFailureCount: 1 }, [1, -1, -2], false],
    [{ ToleratedFailurePercentage: 50 }, [1, -1], true],
    [{ ToleratedFailurePercentage: 49.9 }, [1, -1], false],
    [{ ToleratedFailurePercentage: 100 }, [-1, -2, -3], true],
    [{ ToleratedFailurePercentage: 100, ToleratedFailureCount: 2 }, [-1, -2, -3], false],
    [{ ToleratedFailurePercentage: 10, ToleratedFailureCount: 2 }, [-1, 2, 3], false],
    [{ ToleratedFailurePercentage: '{% 25 + 25 %}' }, [1, -1], true],
    [{ ToleratedFailurePercentage: 0 }, [], true],
  ])('%j over %j: goes on %s', async (fields, items, goesOn) => {
    const { result } = await run(machine({ M: distributedMap(sieve, { ...fields, Output: 'on' }) }), items);
    expect(result).toEqual(goesOn ? { status: 'SUCCEEDED', output: 'on' } : THRESHOLD);
  });

  test('tolerance is exactly failed / total > percentage', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(1, -1), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 100 }),
        async (items, percentage) => {
          const map = distributedMap(sieve, { ToleratedFailurePercentage: percentage, Output: 'on' });
          const { result } = await run(machine({ M: map }), items);
          const failed = items.filter((item) => item < 0).length;
          expect(result.status).toBe((failed / items.length) * 100 > percentage ? 'FAILED' : 'SUCCEEDED');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('nothing starts and nothing goes on beyond the threshold', async () => {
    const definition = machine({ M: distributedMap({ T: task() }, { MaxConcurrency: 2 }) });
    let first = true;
    const trial = await run(definition, [1, 2, 3, 4], ({ signal }, clock) => {
      if (!first) return clock.sleep(1e12, signal);
      first = false;
      throw awsError('E');
    });
    expect(trial.result).toEqual(THRESHOLD);
    expect(trial.calls.length).toBeLessThanOrEqual(2);
    expect(trial.calls.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('a failed child is listed with its input, error and cause', async () => {
    const { result } = await run(
      machine({ M: distributedMap(sieve, { ToleratedFailureCount: 1 }) }),
      [7, -1],
    );
    expect(result).toMatchObject({
      output: [7, { Status: 'FAILED', Input: '-1', Error: 'Negative', Cause: 'below zero', RedriveCount: 0 }],
    });
  });

  test('events count what has ended', async () => {
    const map = distributedMap(sieve, { MaxConcurrency: 1, ToleratedFailureCount: 1 });
    const { events } = await run(machine({ M: map }), [7, -1, 8]);
    expect(only(events, 'MapRunStarted')).toMatchObject([{ state: 'M', total: 3, mode: 'DISTRIBUTED' }]);
    expect(only(events, 'MapItemFailed')).toMatchObject([
      { index: 1, succeeded: 1, failed: 1, total: 3, error: 'Negative' },
    ]);
    expect(only(events, 'MapItemSucceeded').map(({ succeeded }) => succeeded)).toEqual([1, 2]);
  });
});

test('thousands of children run, each once', async () => {
  const items = Array.from({ length: 2_700 }, (_, index) => ({ run_id: `r${index}`, planned: true }));
  const definition = machine({
    M: distributedMap(
      {
        Check: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.item.planned %}', Next: 'T' }],
          Default: 'Skip',
        },
        T: task({
          Arguments: { FunctionName: 'f', Payload: '{% $string($states.input.item) %}' },
          Output: {},
        }),
        Skip: { Type: 'Succeed' },
      },
      {
        MaxConcurrency: 20,
        ItemReader: reader('JSONL'),
        ItemSelector: { item: '{% $states.context.Map.Item.Value %}' },
        ResultWriter: writer,
        Output: {},
      },
    ),
  });
  const { result, calls } = await run(definition, { key: 'k' }, undefined, {
    files: { 'lake/k': lines(items) },
  });
  expect(result).toEqual({ status: 'SUCCEEDED', output: {} });
  expect(calls).toHaveLength(2_700);
});
