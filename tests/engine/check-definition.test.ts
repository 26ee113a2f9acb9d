import { describe, expect, test } from '@jest/globals';

import type { DefinitionProblem } from '../../engine/engine.ts';
import { checkDefinition, DefinitionError } from '../../engine/engine.ts';
import { distributedMap, LAMBDA, machine, run, RUN_TASK, task } from './machine.ts';

/** A sound machine that uses most fields; every broken one below differs from it in one place. */
const sound = () => ({
  Comment: 'two lists, one after the other',
  QueryLanguage: 'JSONata',
  Version: '1.0',
  TimeoutSeconds: 3600,
  StartAt: 'Load',
  States: {
    Load: task({
      TimeoutSeconds: 60,
      HeartbeatSeconds: 30,
      Assign: { plan: '{% $states.result.plan %}' },
      Output: '{% $states.result %}',
      Retry: [
        {
          ErrorEquals: ['Busy'],
          IntervalSeconds: 2,
          MaxAttempts: 4,
          BackoffRate: 1.5,
          MaxDelaySeconds: 60,
          JitterStrategy: 'FULL',
        },
        { ErrorEquals: ['States.ALL'], Comment: 'the rest' },
      ],
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: '{% $states.errorOutput %}',
          Assign: { why: 1 },
          Next: 'Stop',
        },
      ],
      Next: 'Choose',
    }),
    Choose: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 0 %}', Next: 'Each' },
        { Condition: true, Next: 'Pause' },
      ],
      Default: 'Pause',
    },
    Pause: { Type: 'Wait', Seconds: 1, Next: 'Each' },
    Each: distributedMap(
      {
        Run: task({
          Resource: RUN_TASK,
          Arguments: {
            Cluster: 'c',
            TaskDefinition: 't',
            CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }],
            Overrides: {
              ContainerOverrides: [
                { Name: 'n', Environment: [{ Name: 'ITEM', Value: '{% $string($states.input) %}' }] },
              ],
            },
          },
          Retry: [{ ErrorEquals: ['States.TaskFailed'], BackoffRate: 2 }],
          Output: {},
        }),
      },
      {
        Label: 'Each',
        MaxConcurrency: '{% $states.input.n %}',
        ToleratedFailurePercentage: 100,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSONL', MaxItems: 10 },
          Arguments: { Bucket: 'b', Key: '{% $plan %}' },
        },
        ItemSelector: { item: '{% $states.context.Map.Item.Value %}' },
        ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'p' } },
        Output: {},
        End: undefined,
        Next: 'Both',
      },
    ),
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Left',
          States: { Left: { Type: 'Pass', Assign: { side: 'l' }, Output: '{% $plan %}', End: true } },
        },
        { StartAt: 'Right', States: { Right: { Type: 'Succeed' } } },
      ],
      Output: '{% $states.result %}',
      Next: 'Few',
    },
    Few: {
      Type: 'Map',
      Items: [1, 2],
      ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } },
      End: true,
    },
    Stop: { Type: 'Fail', Error: 'Stopped', Cause: '{% $states.input.Cause %}' },
  },
});

/** Sets (or, with undefined, removes) what a path of the sound machine points to. */
function broken(path: string, value: unknown): unknown {
  const definition = JSON.parse(JSON.stringify(sound()));
  const keys = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  const last = keys.pop() ?? '';
  const target = keys.reduce((node, key) => node[key], definition);
  if (value === undefined) delete target[last];
  else target[last] = value;
  return definition;
}

const check = (definition: unknown) => checkDefinition(JSON.parse(JSON.stringify(definition)));
const found = (kind: DefinitionProblem['kind'], path: string) => expect.objectContaining({ kind, path });

test('a sound definition has no problems', () => {
  expect(check(sound())).toEqual([]);
});

const RUN = 'States.Each.ItemProcessor.States.Run';

describe('AWS refuses', () => {
  test.each<[string, string, unknown, string?]>([
    // [what, path, value, path of the problem if it is another]
    ['a missing StartAt', 'StartAt', undefined],
    ['a StartAt that leads nowhere', 'StartAt', 'Nowhere'],
    ['an unknown top-level field', 'Timeout', 5],
    ['an unknown version', 'Version', '2.0'],
    ['JSONPath as language of one state', 'States.Pause.QueryLanguage', 'JSONPath'],
    ['a language of a branch', 'States.Both.Branches[0].QueryLanguage', 'JSONata'],
    ['an expression at top level', 'TimeoutSeconds', '{% 5 %}'],
    ['an unknown type', 'States.Pause.Type', 'Sleep'],
    ['a missing type', 'States.Pause.Type', undefined],
    ['an unknown field', 'States.Pause.Minutes', 5],
    ['a misspelled field', 'States.Load.Argument', {}],
    ['a Next that leads nowhere', 'States.Pause.Next', 'Nowhere'],
    ['a Default that leads nowhere', 'States.Choose.Default', 'Nowhere'],
    ['a rule that leads nowhere', 'States.Choose.Choices[0].Next', 'Nowhere'],
    ['a Catcher that leads nowhere', 'States.Load.Catch[0].Next', 'Nowhere'],
    ['a Next into another scope', 'States.Pause.Next', 'Run'],
    ['neither Next nor End', 'States.Pause.Next', undefined, 'States.Pause'],
    ['both Next and End', 'States.Pause.End', true, 'States.Pause'],
    ['End on a Choice', 'States.Choose.End', true],
    ['Next on a Fail', 'States.Stop.Next', 'Load'],
    ['a state nothing leads to', 'States.Lost', { Type: 'Succeed' }],
    ['a name used twice', 'States.Few.ItemProcessor.States.Left', { Type: 'Pass', End: true }],
    ['a name of 81 characters', `States.${'x'.repeat(81)}`, { Type: 'Succeed' }],
    ['a machine without an end', 'States', { Load: { Type: 'Pass', Next: 'Load' } }],
    ['no rules', 'States.Choose.Choices', []],
    ['a condition that is a plain string', 'States.Choose.Choices[0].Condition', 'true'],
    ['a JSONPath comparison', 'States.Choose.Choices[0].Variable', '$.n'],
    ['Seconds and Timestamp', 'States.Pause.Timestamp', '2026-01-01T00:00:00Z', 'States.Pause'],
    [
      'a time without offset',
      'States.Pause',
      { Type: 'Wait', Timestamp: '2026-01-01T00:00:00', Next: 'Each' },
      'States.Pause.Timestamp',
    ],
    ['a negative wait', 'States.Pause.Seconds', -1],
    ['Parameters in JSONata', 'States.Load.Parameters', {}],
    ['InputPath in JSONata', 'States.Pause.InputPath', '$.a'],
    ['ResultPath in JSONata', 'States.Load.ResultPath', null],
    ['Parameters in a JSONata ItemReader', 'States.Each.ItemReader.Parameters', {}],
    ['an unknown InputType', 'States.Each.ItemReader.ReaderConfig.InputType', 'JSNL'],
    ['an unknown ReaderConfig field', 'States.Each.ItemReader.ReaderConfig.MaxItem', 5],
    ['an ItemReader without Key', 'States.Each.ItemReader.Arguments.Key', undefined],
    [
      'ItemReader in an INLINE map',
      'States.Few.ItemReader',
      {
        Resource: 'arn:aws:states:::s3:getObject',
        Arguments: { Bucket: 'b', Key: 'k' },
        ReaderConfig: { InputType: 'JSON' },
      },
    ],
    [
      'a distributed Map without ExecutionType',
      'States.Each.ItemProcessor.ProcessorConfig.ExecutionType',
      undefined,
    ],
    ['Items that are a plain string', 'States.Few.Items', 'all'],
    ['a percentage over 100', 'States.Each.ToleratedFailurePercentage', 101],
    ['a negative MaxConcurrency', 'States.Each.MaxConcurrency', -1],
    ['a Label of 41 characters', 'States.Each.Label', 'x'.repeat(41)],
    ['a Label with a space', 'States.Each.Label', 'a b'],
    ['a child that assigns an outer variable', `${RUN}.Assign`, { plan: 1 }, `${RUN}.Assign.plan`],
    [
      'a branch that assigns an outer variable',
      'States.Both.Branches[0].States.Left.Assign',
      { why: 1 },
      'States.Both.Branches[0].States.Left.Assign.why',
    ],
    ['$states.result in Arguments', 'States.Load.Arguments.Payload', '{% $states.result %}'],
    ['$states.result without a result', 'States.Pause.Output', '{% $states.result %}'],
    ['$states.result in a Catcher', 'States.Load.Catch[0].Output', '{% $states.result %}'],
    ['$states.errorOutput in Output', 'States.Load.Output', '{% $states.errorOutput %}'],
    ['an unknown field of $states', 'States.Load.Output', '{% $states.inputs %}'],
    ['a syntax error', 'States.Load.Output', '{% $states.input. %}'],
    ['an unqualified name', 'States.Load.Output', '{% input.a %}'],
    ['$ at the top level', 'States.Load.Output', '{% $.a %}'],
    ['the input document', 'States.Load.Output', '{% $states.input.rows[$$.a] %}'],
    ['a bare name in a function', 'States.Load.Output', '{% $map([1], function($v) { v }) %}'],
    ['an operator of JSONata 2.1', 'States.Load.Output', '{% $states.input.a ?? 1 %}'],
    ['assigning to states', 'States.Load.Assign', { states: 1 }, 'States.Load.Assign.states'],
    ['assigning to a part', 'States.Load.Assign', { 'a.b': 1 }, 'States.Load.Assign.a.b'],
    ['an Assign that is no object', 'States.Load.Assign', '{% {} %}'],
    ['States.ALL beside another name', 'States.Load.Retry[1].ErrorEquals', ['Busy', 'States.ALL']],
    ['States.ALL before another retrier', 'States.Load.Retry[0].ErrorEquals', ['States.ALL']],
    ['no error names', 'States.Load.Catch[0].ErrorEquals', []],
    ['BackoffRate below 1', `${RUN}.Retry[0].BackoffRate`, 0.5],
    ['an unknown JitterStrategy', 'States.Load.Retry[0].JitterStrategy', 'HALF'],
    ['MaxDelaySeconds 0', 'States.Load.Retry[0].MaxDelaySeconds', 0],
    ['IntervalSeconds 0', 'States.Load.Retry[0].IntervalSeconds', 0],
    ['an expression in a retrier', 'States.Load.Retry[0].MaxAttempts', '{% 3 %}'],
    ['a heartbeat as long as the timeout', 'States.Load.HeartbeatSeconds', 60],
    ['a Resource that is no ARN', 'States.Load.Resource', 'lambda:invoke'],
    ['an unknown parameter of the service', 'States.Load.Arguments.functionName', 'f'],
    ['lambda:invoke without FunctionName', 'States.Load.Arguments.FunctionName', undefined],
    ['LaunchType beside CapacityProviderStrategy', `${RUN}.Arguments.LaunchType`, 'FARGATE'],
  ])('%s', (_, path, value, problem = path) => {
    expect(check(broken(path, value))).toContainEqual(found('Invalid', problem));
  });
});

describe('the engine refuses as not implemented', () => {
  test.each<[string, string, unknown, string?]>([
    ['JSONPath as language of the machine', 'QueryLanguage', 'JSONPath'],
    ['no language, which is JSONPath', 'QueryLanguage', undefined],
    ['a service without a handler', 'States.Load.Resource', 'arn:aws:states:::lamda:invoke'],
    ['task tokens', 'States.Load.Resource', `${LAMBDA}.waitForTaskToken`],
    ['activities', 'States.Load.Resource', 'arn:aws:states:us-east-1:111111111111:activity:a'],
    ['Credentials', 'States.Load.Credentials', {}],
    ['ItemBatcher', 'States.Each.ItemBatcher', { MaxItemsPerBatch: 2 }],
    ['the old name of ItemProcessor', 'States.Few.Iterator', {}],
    ['Express children', 'States.Each.ItemProcessor.ProcessorConfig.ExecutionType', 'EXPRESS'],
    ['CSV', 'States.Each.ItemReader.ReaderConfig.InputType', 'CSV'],
    ['listing a bucket', 'States.Each.ItemReader.Resource', 'arn:aws:states:::s3:listObjectsV2'],
    [
      'compact results',
      'States.Each.ResultWriter.WriterConfig',
      { Transformation: 'COMPACT' },
      'States.Each.ResultWriter.WriterConfig.Transformation',
    ],
    ['a Map over an object', 'States.Few.Items', { a: 1 }],
    ['$eval', 'States.Load.Output', '{% $eval("1") %}'],
    ['a wildcard at the top level', 'States.Load.Output', '{% *.a %}'],
    ['an expression that is not closed', 'States.Load.Output', '{% 1'],
    ['an expression with space behind it', 'States.Load.Output', '{% 1 %} '],
    ['a variable that starts with _', 'States.Load.Assign', { _a: 1 }, 'States.Load.Assign._a'],
    ['lambda:invoke without Arguments', 'States.Load.Arguments', undefined],
    ['no branches', 'States.Both.Branches', []],
    [
      'a branch without an end',
      'States.Few.ItemProcessor.States.One',
      { Type: 'Pass', Next: 'One' },
      'States.Few.ItemProcessor.States',
    ],
    ['Items beside ItemReader', 'States.Each.Items', []],
    [
      'results formed and not written',
      'States.Each.ResultWriter',
      { WriterConfig: { Transformation: 'NONE', OutputType: 'JSON' } },
      'States.Each.ResultWriter.Resource',
    ],
    ['a child that reads an outer variable', `${RUN}.Output`, '{% $plan %}'],
    ['the task token', 'States.Load.Arguments.Payload', '{% $states.context.Task.Token %}'],
    ['the item of a Map outside ItemSelector', `${RUN}.Output`, '{% $states.context.Map.Item.Value %}'],
  ])('%s', (_, path, value, problem = path) => {
    expect(check(broken(path, value))).toContainEqual(found('NotImplemented', problem));
  });
});

describe('it takes', () => {
  test.each<[string, string, unknown]>([
    ['a literal condition', 'States.Choose.Choices[0].Condition', false],
    [
      'names inside predicates and functions',
      'States.Load.Output',
      '{% $states.input.rows[id > 1].{"n": name}^(n) %}',
    ],
    [
      'local variables and parameters',
      'States.Load.Output',
      '{% ($a := 1; $map([1], function($v) { $v + $a })) %}',
    ],
    [
      'an inline child that reads an outer variable',
      'States.Few.ItemProcessor.States.One.Output',
      '{% $plan %}',
    ],
    ['a child with variables of its own', `${RUN}.Assign`, { own: '{% $states.result %}' }],
    ['tolerance on an INLINE map', 'States.Few.ToleratedFailureCount', 1],
    ['an empty Catch', 'States.Load.Catch', []],
    ['$states as a whole', 'States.Load.Output', '{% $states %}'],
    ['JSONata of one state', 'States.Pause.QueryLanguage', 'JSONata'],
  ])('%s', (_, path, value) => {
    const problems = check(broken(path, value)).filter((problem) => problem.path !== 'States.Stop'); // without its Catch
    expect(problems).toEqual([]);
  });

  test('a machine without language whose states all say JSONata', () => {
    const states = { S: { Type: 'Succeed', QueryLanguage: 'JSONata' } };
    expect(checkDefinition({ StartAt: 'S', States: states })).toEqual([]);
  });

  test('exactly the Resources that have a handler, when these are given', () => {
    const resource = 'arn:aws:states:::aws-sdk:s3:headBucket';
    const definition = machine({ X: { Type: 'Task', Resource: resource, End: true } });
    expect(checkDefinition(definition, { resources: [resource] })).toEqual([]);
    expect(checkDefinition(machine({ X: task() }), { resources: [resource] })).toEqual([
      found('NotImplemented', 'States.X.Resource'),
    ]);
  });
});

test.each<[string, unknown]>([
  ['null', null],
  ['text', '{}'],
  ['a list', []],
  ['nothing', {}],
  ['states that are a list', { QueryLanguage: 'JSONata', StartAt: 'A', States: [] }],
  ['a state that is null', machine({ A: null })],
  [
    'lists where objects belong',
    machine({ A: { Type: 'Task', Resource: LAMBDA, Retry: [null], Catch: [1], End: true } }),
  ],
  ['a Map without processor', machine({ A: { Type: 'Map', End: true } })],
  ['a processor that is null', machine({ A: { Type: 'Map', ItemProcessor: null, End: true } })],
])('a definition of %s is refused, not crashed on', (_, definition) => {
  expect(checkDefinition(definition).length).toBeGreaterThan(0);
});

test('a run refuses what the check refuses, before any task, with all problems', async () => {
  const definition = machine({ A: task({ Foo: 1, Bar: 2 }) });
  const error = await run(definition).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DefinitionError);
  expect((error as DefinitionError).problems.map(({ path }) => path)).toEqual([
    'States.A.Foo',
    'States.A.Bar',
  ]);
  expect((error as DefinitionError).message).toContain("States.A.Foo: Task has no field 'Foo' [Invalid]");
});
