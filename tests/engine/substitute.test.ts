import { describe, expect, test } from '@jest/globals';

import { DefinitionError } from '../../engine/engine.ts';
import { substitute } from '../../engine/substitute.ts';
import { machine, run } from './machine.ts';

describe('substitute', () => {
  test('replaces tokens in strings, keys and expressions', () => {
    const definition = { 'a${X}': ['${X}-${Y}', 1, null, { b: "{% $split('${Y}', ',') %}" }] };
    expect(substitute(definition, { X: '1', Y: 'p,q' })).toEqual({
      definition: { a1: ['1-p,q', 1, null, { b: "{% $split('p,q', ',') %}" }] },
      problems: [],
    });
  });

  test('does not look for tokens in what it puts in', () => {
    expect(substitute({ a: '${X}' }, { X: '${Y}' })).toMatchObject({
      definition: { a: '${Y}' },
      problems: [],
    });
  });

  test('reports missing and unused values with their place', () => {
    const { problems } = substitute({ States: { A: { Resource: '${Missing}' } } }, { Unused: 'x' });
    expect(problems).toEqual([
      { kind: 'Invalid', path: 'States.A.Resource', message: 'no value is given for ${Missing}' },
      { kind: 'Invalid', path: '', message: 'the definition has no token ${Unused}' },
    ]);
  });
});

test('a run takes substitutions and refuses them when they do not fit', async () => {
  const definition = machine({ A: { Type: 'Pass', Output: '${Value}', End: true } });
  expect((await run(definition, {}, undefined, { substitutions: { Value: 'v' } })).result).toMatchObject({
    output: 'v',
  });
  await expect(run(definition, {}, undefined, { substitutions: {} })).rejects.toBeInstanceOf(DefinitionError);
});

test('without substitutions a definition is taken as it is', async () => {
  const definition = machine({ A: { Type: 'Pass', Output: '${Value}', End: true } });
  expect((await run(definition)).result).toMatchObject({ output: '${Value}' });
});
