import { describe, expect, test } from '@jest/globals';

import type { AslCase } from '../../engine/conformance/asl-case.ts';
import { runCase } from '../../engine/conformance/run-case.ts';
import { distributedMap, LAMBDA, machine, task } from './machine.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:greet';
const retried: AslCase = {
  name: 'a task that is busy once',
  definition: machine({
    Call: task({
      Arguments: { FunctionName: 'f', Payload: '{% $states.context.State.RetryCount %}' },
      Retry: [{ ErrorEquals: ['Busy'] }],
      Next: 'Done',
    }),
    Done: { Type: 'Succeed' },
  }),
  input: {},
  stubs: { [LAMBDA]: [{ error: 'Busy' }, { return: { ok: true } }] },
  expected: {
    status: 'SUCCEEDED',
    output: { ok: true },
    calls: [
      { resource: LAMBDA, arguments: { Payload: 0 } },
      { resource: LAMBDA, arguments: { Payload: 1 } },
    ],
    path: ['Call', 'Done'],
    waits_seconds: [1],
  },
};

const CASES: AslCase[] = [
  retried,
  {
    name: 'a function by its ARN gets the input when there are no Arguments',
    definition: machine({ Greet: { Type: 'Task', Resource: FUNCTION, End: true } }),
    input: 'you',
    stubs: { [FUNCTION]: [{ return: 'hello' }] },
    expected: {
      status: 'SUCCEEDED',
      output: 'hello',
      calls: [{ resource: FUNCTION, arguments: 'you' }],
      path: ['Greet'],
    },
  },
  {
    name: 'a task that never answers',
    definition: machine({ Call: task({ TimeoutSeconds: 5 }) }),
    input: {},
    stubs: { [LAMBDA]: [{ hang: true }] },
    expected: { status: 'FAILED', error: 'States.Timeout' },
  },
  {
    name: 'a task that never answers, without a limit of its own',
    definition: machine({ Call: task() }),
    input: {},
    stubs: { [LAMBDA]: [{ hang: true }] },
    expected: { status: 'FAILED', error: 'States.Timeout' },
  },
  {
    name: 'children of a Distributed Map are not in the path',
    definition: machine({
      Each: distributedMap(
        { Inner: { Type: 'Pass', End: true } },
        {
          ItemReader: {
            Resource: 'arn:aws:states:::s3:getObject',
            ReaderConfig: { InputType: 'JSONL' },
            Arguments: { Bucket: 'b', Key: 'list.jsonl' },
          },
        },
      ),
    }),
    input: {},
    stubs: { s3: { 'b/list.jsonl': '1\n2\n' } },
    expected: { status: 'SUCCEEDED', output: [1, 2], path: ['Each'], entered: { Inner: 2 } },
  },
  {
    name: 'a definition AWS refuses',
    definition: machine({ P: { Type: 'Pass', Output: '{% $states.result %}', End: true } }),
    input: {},
    stubs: {},
    expected: { status: 'INVALID_DEFINITION' },
  },
  {
    name: 'a failure without a name, inside concurrent branches',
    definition: machine({
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Stop', States: { Stop: { Type: 'Fail', Cause: 'enough' } } },
          { StartAt: 'Go', States: { Go: { Type: 'Succeed' } } },
        ],
        End: true,
      },
    }),
    input: {},
    stubs: {},
    expected: { status: 'FAILED', cause: 'enough', path: ['Both', 'Go', 'Stop'] },
  },
];

describe('the runner passes', () => {
  test.each(CASES.map((aslCase) => [aslCase.name, aslCase] as const))('%s', async (_, aslCase) => {
    expect(await runCase(aslCase)).toEqual({ name: aslCase.name, verdict: 'passed', reasons: [], notes: [] });
  });
});

describe('the runner finds wrong', () => {
  const { expected } = retried;
  test.each<[string, AslCase['expected'], RegExp]>([
    ['a status', { status: 'FAILED', error: 'Busy' }, /^status/],
    ['an output', { ...expected, output: { ok: false } }, /^output/],
    ['arguments', { ...expected, calls: [] }, /^calls/],
    ['a path', { ...expected, path: ['Done', 'Call'] }, /^path/],
    ['a count', { ...expected, entered: { Call: 2 } }, /^entered Call/],
    ['a wait', { ...expected, waits_seconds: [2] }, /^waits_seconds/],
  ])('%s', async (_, other, reason) => {
    const { verdict, reasons } = await runCase({ ...retried, expected: other });
    expect(verdict).toBe('wrong');
    expect(reasons[0]).toMatch(reason);
  });

  test('an error name where the case has none', async () => {
    const definition = machine({ F: { Type: 'Fail', Error: 'E', Cause: 'one' } });
    const base = { name: 'fail', definition, input: {}, stubs: {} };
    expect(await runCase({ ...base, expected: { status: 'FAILED' } })).toMatchObject({ verdict: 'wrong' });
    expect(
      await runCase({ ...base, expected: { status: 'FAILED', error: 'E', cause: 'two' } }),
    ).toMatchObject({
      verdict: 'passed',
      notes: [expect.stringContaining('two')],
    });
  });

  test('a sound definition that a case calls invalid', async () => {
    expect((await runCase({ ...retried, expected: { status: 'INVALID_DEFINITION' } })).verdict).toBe('wrong');
  });
});

test('what is not implemented is refused, whatever the case expects', async () => {
  const definition = { ...machine({ P: { Type: 'Pass', End: true } }), QueryLanguage: 'JSONPath' };
  const base = { name: 'JSONPath', definition, input: {}, stubs: {} };
  expect((await runCase({ ...base, expected: { status: 'SUCCEEDED', output: {} } })).verdict).toBe('refused');
  expect((await runCase({ ...base, expected: { status: 'INVALID_DEFINITION' } })).verdict).toBe('refused');
});
