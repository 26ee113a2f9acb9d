import { describe, expect, test } from '@jest/globals';

import type { Json } from '../../engine/json.ts';
import { executionNameProblem } from '../../engine/limits.ts';
import { distributedMap, machine, RUN_TASK, run, task } from './machine.ts';

/** A string whose JSON text has this many bytes. */
const bytes = (count: number) => 'x'.repeat(count - 2);
const QUOTA = 256 * 1024;
const LIMIT = { status: 'FAILED', error: 'States.DataLimitExceeded' };

describe('payloads of 256 KiB', () => {
  test('a reply at the quota passes, one byte more fails', async () => {
    const definition = machine({ X: task({ Output: {} }) });
    expect((await run(definition, {}, () => bytes(QUOTA))).result.status).toBe('SUCCEEDED');
    expect((await run(definition, {}, () => bytes(QUOTA + 1))).result).toMatchObject(LIMIT);
  });

  test('bytes count, not characters', async () => {
    const definition = machine({ X: task({ Output: {} }) });
    expect((await run(definition, {}, () => 'é'.repeat(QUOTA / 2))).result).toMatchObject(LIMIT);
  });

  test('States.ALL catches a reply that is too big, as recorded', async () => {
    const definition = machine({
      X: task({
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'C' }],
      }),
      C: { Type: 'Succeed' },
    });
    const { result } = await run(definition, {}, () => bytes(QUOTA + 1));
    expect(result).toEqual({ status: 'SUCCEEDED', output: 'States.DataLimitExceeded' });
  });

  test('an Output that is too big ends the run', async () => {
    const Output = { twice: ['{% $states.input %}', '{% $states.input %}'] };
    const { result } = await run(machine({ P: { Type: 'Pass', Output, End: true } }), bytes(QUOTA - 100));
    expect(result).toMatchObject(LIMIT);
  });

  test('an input that is too big is refused before the start', async () => {
    await expect(run(machine({ P: { Type: 'Succeed' } }), bytes(QUOTA + 1))).rejects.toThrow(
      'InvalidExecutionInput',
    );
  });

  test('the results of a Map count together, failed children with their causes too', async () => {
    const bad = distributedMap(
      { F: { Type: 'Fail', Error: 'E', Cause: bytes(2_000) } },
      { ToleratedFailurePercentage: 100, Output: {} },
    );
    const items: Json = Array.from({ length: 170 }, (_, index) => index);
    expect((await run(machine({ M: bad }), items)).result).toMatchObject(LIMIT);
    expect((await run(machine({ M: bad }), items.slice(0, 50))).result.status).toBe('SUCCEEDED');
  });

  test('a selected item that is too big fails the Map', async () => {
    const map = distributedMap(
      { S: { Type: 'Succeed' } },
      { ItemSelector: ['{% $states.input[0] %}', '{% $states.input[0] %}'] },
    );
    expect((await run(machine({ M: map }), [bytes(QUOTA - 100)])).result).toMatchObject(LIMIT);
  });

  test('a variable is limited like a payload', async () => {
    const definition = machine({
      X: task({ Assign: { big: ['{% $states.result %}', '{% $states.result %}'] }, Output: {} }),
    });
    expect((await run(definition, {}, () => bytes(QUOTA - 100))).result).toMatchObject(LIMIT);
  });
});

describe('history of 25,000 events', () => {
  const loop = (next: string) =>
    machine({
      Seed: { Type: 'Pass', Assign: { n: 0 }, Next: 'Count' },
      Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $n < $states.input %}', Next: 'Count' }],
        Default: next,
      },
      End: { Type: 'Succeed' },
    });

  test('ends an execution that loops, and nothing catches it', async () => {
    const { StartAt, States } = loop('End');
    const wrapped = machine({
      P: {
        Type: 'Parallel',
        Branches: [{ StartAt, States }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    });
    expect((await run(wrapped, 7_000)).result).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  });

  test('lets a shorter loop end', async () => {
    expect((await run(loop('End'), 1_000)).result.status).toBe('SUCCEEDED');
  });

  test('is shared by inline iterations and not by child executions', async () => {
    const states = { T: task() };
    const items: Json = Array.from({ length: 3_600 }, (_, index) => index);
    const inline = { Type: 'Map', ItemProcessor: { StartAt: 'T', States: states }, Output: {}, End: true };
    expect((await run(machine({ M: inline }), items)).result).toMatchObject({ error: 'States.Runtime' });
    expect((await run(machine({ M: distributedMap(states, { Output: {} }) }), items)).result.status).toBe(
      'SUCCEEDED',
    );
  });
});

test('overrides of ecs:runTask have at most 8,192 characters', async () => {
  const definition = machine({
    X: task({
      Resource: RUN_TASK,
      Arguments: { TaskDefinition: 't', Overrides: { Command: '{% $states.input %}' } },
    }),
  });
  const around = JSON.stringify({ Command: '' }).length;
  expect((await run(definition, 'x'.repeat(8_192 - around))).result.status).toBe('SUCCEEDED');
  const { result, calls } = await run(definition, 'x'.repeat(8_193 - around));
  expect(result).toMatchObject({ error: 'ECS.InvalidParameterException' });
  expect(calls).toEqual([]);
});

describe('execution names', () => {
  test.each(['weekly-2026-W47-0123456789ab', 'a', 'x'.repeat(80), 'dots.and_underscores'])(
    '%s is one',
    (name) => {
      expect(executionNameProblem(name)).toBeUndefined();
    },
  );

  test.each(['', 'x'.repeat(81), 'a b', '2026-11-16T03:00:00Z', 'a/b', 'what?', 'tab\t', 'nul\u0000'])(
    '%j is none',
    async (name) => {
      expect(executionNameProblem(name)).toBeDefined();
      const definition = machine({ S: { Type: 'Succeed' } });
      await expect(run(definition, {}, undefined, { executionName: name })).rejects.toThrow('InvalidName');
    },
  );
});
