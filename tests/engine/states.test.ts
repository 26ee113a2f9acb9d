import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { Json } from '../../engine/json.ts';
import { parseTimestamp } from '../../engine/timestamp.ts';
import { awsError, machine, run, task } from './machine.ts';

const pass = (fields: Record<string, unknown>) => ({
  Type: 'Pass',
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});
const outputOf = async (definition: unknown, input: Json = {}) =>
  ((await run(definition, input)).result as { output?: Json }).output;

describe('Choice', () => {
  // After the example of the States Language specification: a dispatcher with two rules and a Default.
  const dispatcher = machine({
    Dispatch: {
      Type: 'Choice',
      Choices: [
        { Condition: "{% $states.input.type != 'Private' %}", Next: 'Public' },
        {
          Condition: '{% $states.input.value >= 20 and $states.input.value < 30 %}',
          Assign: { range: 'twenties' },
          Output: { value: '{% $states.input.value %}' },
          Next: 'Show',
        },
      ],
      Default: 'Show',
      Assign: { range: 'default' },
      Output: 'by default',
    },
    Public: pass({ Output: 'public' }),
    Show: pass({ Output: ['{% $range %}', '{% $states.input %}'] }),
  });

  test.each<[Json, Json]>([
    [{ type: 'Public' }, 'public'],
    [{ type: 'Private', value: 22 }, ['twenties', { value: 22 }]],
    [{ type: 'Private', value: 1 }, ['default', 'by default']],
  ])('%j gives %j', async (input, expected) => {
    expect(await outputOf(dispatcher, input)).toEqual(expected);
  });

  const single = (Condition: unknown, more = {}) =>
    machine({
      C: { Type: 'Choice', Choices: [{ Condition, Next: 'T' }], ...more },
      T: pass({ Output: 'taken' }),
    });

  test('takes a literal condition', async () => {
    expect(await outputOf(single(true))).toBe('taken');
  });

  test('ends the execution without a match and without Default, whatever would catch it', async () => {
    const { StartAt, States } = single(false);
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const inside = machine({
      P: { Type: 'Parallel', Branches: [{ StartAt, States }], Catch, End: true },
      Caught: { Type: 'Succeed' },
    });
    for (const definition of [single(false), inside]) {
      expect((await run(definition)).result).toMatchObject({
        status: 'FAILED',
        error: 'States.Runtime',
        cause: expect.stringContaining('The state does not point to a next state.'),
      });
    }
  });

  test('fails on a condition that is not boolean', async () => {
    const { result } = await run(single('{% "true" %}'));
    expect(result).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("Expected 'boolean', but was 'string' for value: \"true\""),
    });
  });
});

describe('Wait', () => {
  const elapsed = async (fields: Record<string, unknown>, input: Json = {}) => {
    const { clock, result } = await run(machine({ W: { Type: 'Wait', End: true, ...fields } }), input);
    expect(result).toMatchObject({ status: 'SUCCEEDED' });
    return clock.now() - Date.UTC(2026, 0, 1);
  };

  test('waits whole seconds, evaluated', async () => {
    expect(await elapsed({ Seconds: 10 })).toBe(10_000);
    expect(await elapsed({ Seconds: '{% $states.input.s %}' }, { s: 3 })).toBe(3_000);
  });

  test('waits until a time, and not at all for the past', async () => {
    expect(await elapsed({ Timestamp: '2026-01-01T01:00:00+01:00' })).toBe(0);
    expect(await elapsed({ Timestamp: '2026-01-02T00:00:00Z' })).toBe(86_400_000);
    expect(await elapsed({ Timestamp: '2016-03-14T01:59:00.123456789Z' })).toBe(0);
  });

  test.each(['1.5', '-1', '"1"'])('%s seconds are an error', async (seconds) => {
    const { result } = await run(machine({ W: { Type: 'Wait', Seconds: `{% ${seconds} %}`, End: true } }));
    expect(result).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test.each([
    '2016-13-05T21:29:29Z',
    '2016-12-05T25:29:29Z',
    '2016-12-05 21:29:29Z',
    '2016-12-05T21:29:29',
    '2025-02-29T00:00:00Z',
    'soon',
  ])('%s is no time', async (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
    const { result } = await run(
      machine({ W: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } }),
      text,
    );
    expect(result).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(
        `cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
      ),
    });
  });

  test('every time JavaScript writes is read back', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});

describe('Fail and Succeed', () => {
  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [
      { Error: 'E', Cause: 'c' },
      { error: 'E', cause: 'c' },
    ],
    [{ Cause: '{% $states.input.why %}' }, { cause: 'because' }],
    [{}, {}],
  ])('Fail with %j', async (fields, expected) => {
    const { result } = await run(machine({ F: { Type: 'Fail', ...fields } }), { why: 'because' });
    expect(result).toEqual({ status: 'FAILED', ...expected });
  });

  test('a Fail whose Cause fails is an evaluation error', async () => {
    const { result } = await run(machine({ F: { Type: 'Fail', Error: 'E', Cause: '{% 1 %}' } }));
    expect(result).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('Succeed ends the machine with its Output', async () => {
    expect(await outputOf(machine({ S: { Type: 'Succeed', Output: '{% $states.input %}' } }), [1])).toEqual([
      1,
    ]);
  });
});

describe('Assign', () => {
  test('sees the values at entry, takes effect in the next state', async () => {
    const definition = machine({
      Seed: pass({ Assign: { x: 5 }, Next: 'Swap' }),
      Swap: pass({ Assign: { x: 42, old: '{% $x %}' }, Output: '{% $x %}', Next: 'Show' }),
      Show: pass({ Output: '{% [$states.input, $x, $old] %}' }),
    });
    expect(await outputOf(definition)).toEqual([5, 42, 5]);
  });

  test('binding inside an expression changes no workflow variable', async () => {
    const definition = machine({
      Seed: pass({ Assign: { x: 1 }, Next: 'Bind' }),
      Bind: pass({ Output: '{% ($x := 2; $x) %}', Next: 'Show' }),
      Show: pass({ Output: '{% [$states.input, $x] %}' }),
    });
    expect(await outputOf(definition)).toEqual([2, 1]);
  });

  test('holds lists and objects built from the result', async () => {
    const definition = machine({
      T: task({ Assign: { kept: { list: '{% [$states.result.rows.id] %}' } }, Output: {}, Next: 'Show' }),
      Show: pass({ Output: '{% $kept.list %}' }),
    });
    const { result } = await run(definition, {}, () => ({ rows: [{ id: 1 }, { id: 2 }] }));
    expect(result).toMatchObject({ output: [1, 2] });
  });
});

describe('Parallel', () => {
  const branch = (states: Record<string, unknown>) => ({ StartAt: Object.keys(states)[0], States: states });

  test('gives the outputs in the order of the branches, and Output sees them', async () => {
    const definition = machine({
      P: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input.n + 1 %}' },
        Branches: [
          branch({
            Slow: { Type: 'Wait', Seconds: 9, Next: 'A' },
            A: pass({ Output: '{% $states.input.n * 10 %}' }),
          }),
          branch({ B: pass({ Output: '{% $states.input.n * 100 %}' }) }),
        ],
        Output: { sum: '{% $sum($states.result) %}', all: '{% $states.result %}' },
        End: true,
      },
    });
    expect(await outputOf(definition, { n: 1 })).toEqual({ sum: 220, all: [20, 200] });
  });

  test('branches read outer variables and keep their own', async () => {
    const emit = (name: string, other: string) =>
      branch({
        [`Set${name}`]: pass({ Assign: { local: name }, Next: `Show${name}` }),
        [`Show${name}`]: pass({ Output: `{% $outer & $local & $string($exists($${other})) %}` }),
      });
    const definition = machine({
      Seed: pass({ Assign: { outer: 'o' }, Next: 'P' }),
      P: { Type: 'Parallel', Branches: [emit('A', 'unset'), emit('B', 'unset')], Next: 'After' },
      After: pass({ Output: ['{% $states.input %}', '{% $exists($local) %}'] }),
    });
    expect(await outputOf(definition)).toEqual([['oAfalse', 'oBfalse'], false]);
  });

  test('the first failed branch fails the state and stops the others', async () => {
    const definition = machine({
      P: {
        Type: 'Parallel',
        Branches: [branch({ Hang: task() }), branch({ Bad: { Type: 'Fail', Error: 'E', Cause: 'c' } })],
        Catch: [{ ErrorEquals: ['E'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    });
    const trial = await run(definition, {}, ({ signal }, clock) => clock.sleep(1e12, signal));
    expect(trial.result).toEqual({ status: 'SUCCEEDED', output: { Error: 'E', Cause: 'c' } });
    expect(trial.clock.now()).toBe(Date.UTC(2026, 0, 1));
    expect(trial.calls.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('a retry runs all branches again', async () => {
    const definition = machine({
      P: {
        Type: 'Parallel',
        Branches: [branch({ Steady: task() }), branch({ Shaky: task() })],
        Retry: [{ ErrorEquals: ['E'] }],
        Output: 'done',
        End: true,
      },
    });
    let failed = false;
    const trial = await run(definition, {}, ({ stateName }) => {
      if (stateName !== 'Shaky' || failed) return null;
      failed = true;
      throw awsError('E');
    });
    expect(trial.result).toMatchObject({ output: 'done' });
    expect(trial.calls.map(({ stateName }) => stateName).sort()).toEqual([
      'Shaky',
      'Shaky',
      'Steady',
      'Steady',
    ]);
  });
});
