import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
// @ts-expect-error the package ships no types
import aslValidator from 'asl-validator';
import { CONTAINER_NAMES, FUNCTION_NAMES } from '../../cdk/resource-names.ts';
import { checkDefinition } from '../../engine/check/check-definition.ts';
import { ENV, ERROR, STATE_NAMES, TASK_NAMES } from '../../schemas/names.ts';
import { taskEnvironmentSchema } from '../../schemas/task-environment.ts';
import { BINDINGS, SUBSTITUTIONS } from '../../workflow/bindings.ts';
import { flat, resourcesOf, root, synthesize } from '../cdk/synthesize.ts';

type Json = Record<string, unknown>;
const validate = aslValidator as (definition: object) => { isValid: boolean; errorsText: () => string };
const text = readFileSync(join(root, 'workflow', 'weekly-benchmark.asl.json'), 'utf8');
const definition = JSON.parse(text) as { States: Record<string, Json> };
const templates = synthesize('dev');
const machine = resourcesOf(templates, 'AWS::StepFunctions::StateMachine')[0]!.Properties;

/** Every state of the file, children of Maps too, by name. */
function states(scope: { States: Record<string, Json> } = definition): [string, Json][] {
  return Object.entries(scope.States).flatMap(([name, state]) => [
    [name, state] as [string, Json],
    ...(state['ItemProcessor'] === undefined ? [] : states(state['ItemProcessor'] as typeof definition)),
  ]);
}
const tasks = states().filter(([, state]) => state['Type'] === 'Task');
const substituted = (): string => {
  const values = machine['DefinitionSubstitutions'] as Json;
  return text.replaceAll(/\$\{(\w+)\}/g, (_, token: string) => flat(values[token]).replaceAll(/[<>]/g, ''));
};

describe('the definition file', () => {
  it('has the tokens that the hosts and the template fill, no more and no fewer', () => {
    const tokens = [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!))].sort();
    expect(tokens).toEqual([...SUBSTITUTIONS].sort());
    expect(Object.keys(machine['DefinitionSubstitutions'] as Json).sort()).toEqual(tokens);
  });

  it('is the file that is deployed', () => {
    // fromFile uploads it as it is: the template holds the place, no state.
    expect(machine['DefinitionString']).toBeUndefined();
    expect(Object.keys(machine['DefinitionS3Location'] as Json).sort()).toEqual(['Bucket', 'Key']);
  });

  it('has the seven states in order, and binds every task', () => {
    expect(Object.keys(definition.States)).toEqual([...STATE_NAMES]);
    expect(tasks.map(([name]) => name).sort()).toEqual(Object.keys(BINDINGS).sort());
    expect(Object.values(BINDINGS).sort()).toEqual([...TASK_NAMES].sort());
  });

  it.each(
    Object.entries(BINDINGS).filter(([, task]) => !task.startsWith('run-') && !task.startsWith('judge-')),
  )('calls for %s the function of %s', (state, task) => {
    const argument = (states().find(([name]) => name === state)![1]['Arguments'] as Json)[
      'FunctionName'
    ] as string;
    const token = /^\$\{(\w+)\}$/.exec(argument)![1]!;
    const value = flat((machine['DefinitionSubstitutions'] as Json)[token]);
    expect(value).toBe(`arn:aws:lambda:us-east-1:111111111111:function:socratic-bench-dev-${task}`);
  });

  it('is accepted by the engine with the values of the template', () => {
    expect(checkDefinition(JSON.parse(substituted()))).toEqual([]);
  });

  it.each([
    ['as it is', () => text],
    ['with the values of the template', substituted],
  ])('is accepted by asl-validator %s', (_, source) => {
    const { isValid, errorsText } = validate(JSON.parse(source()) as object);
    expect(isValid ? '' : errorsText()).toBe('');
  });

  it('gives containers the variables that they read, under the names of the containers', () => {
    const containers = tasks.flatMap(([, state]) => {
      const overrides = (state['Arguments'] as Json)['Overrides'] as
        { ContainerOverrides: { Name: string; Environment: { Name: string }[] }[] } | undefined;
      return overrides?.ContainerOverrides ?? [];
    });
    const defined = resourcesOf(templates, 'AWS::ECS::TaskDefinition').map(
      ({ Properties }) => (Properties['ContainerDefinitions'] as { Name: string }[])[0]!.Name,
    );
    expect(containers.map(({ Name }) => Name).sort()).toEqual(defined.sort());
    for (const { Environment } of containers)
      expect(Environment.map(({ Name }) => Name).sort()).toEqual(
        Object.keys(taskEnvironmentSchema.shape).sort(),
      );
  });

  it('retries errors that exist: ours, or services’', () => {
    const ours = Object.values(ERROR) as string[];
    const names = states().flatMap(([, state]) =>
      ((state['Retry'] ?? []) as { ErrorEquals: string[] }[]).flatMap(({ ErrorEquals }) => ErrorEquals),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(
      [...new Set(names)].filter(
        (name) => !ours.includes(name) && !/^(States|Lambda|ECS|AmazonECS)\.\w+$/.test(name),
      ),
    ).toEqual([]);
  });

  it('gives up a task that hangs in every try early enough for the states behind it', () => {
    const seconds = (state: Json) => state['TimeoutSeconds'] as number;
    const longest = tasks.map(([, state]) => {
      if (!String(state['Resource']).endsWith('runTask.sync')) return seconds(state);
      return (state['Retry'] as { MaxAttempts: number; MaxDelaySeconds: number }[]).reduce(
        (sum, { MaxAttempts, MaxDelaySeconds }) => sum + MaxAttempts * (seconds(state) + MaxDelaySeconds),
        seconds(state),
      );
    });
    expect(longest.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(seconds(definition as never));
  });

  it('waits for a function as long as the function may run', () => {
    for (const { Properties } of resourcesOf(templates, 'AWS::Lambda::Function')) {
      const state = Object.entries(BINDINGS).find(
        ([, task]) => Properties['FunctionName'] === `socratic-bench-dev-${task}`,
      )?.[0];
      if (state === undefined) continue;
      expect([state, states().find(([name]) => name === state)![1]['TimeoutSeconds']]).toEqual([
        state,
        Properties['Timeout'],
      ]);
    }
  });
});

describe('the variables of functions and containers', () => {
  const given = [
    ...resourcesOf(templates, 'AWS::Lambda::Function')
      .filter(({ Properties }) => String(Properties['FunctionName'] ?? '').startsWith('socratic-bench'))
      .map(({ Properties }) => Object.keys((Properties['Environment'] as { Variables: object }).Variables)),
    ...resourcesOf(templates, 'AWS::ECS::TaskDefinition').map(({ Properties }) =>
      (Properties['ContainerDefinitions'] as { Environment: { Name: string }[] }[])[0]!.Environment.map(
        ({ Name }) => Name,
      ),
    ),
  ];

  it('are those of the names file, and each has lake, immutable bucket and tables', () => {
    expect(given).toHaveLength(FUNCTION_NAMES.length + CONTAINER_NAMES.length);
    for (const names of given) {
      expect(names.filter((name) => !(Object.values(ENV) as string[]).includes(name))).toEqual([]);
      expect(names).toEqual(expect.arrayContaining([ENV.lake, ENV.immutableBucket, ENV.tablePrefix]));
    }
  });
});
