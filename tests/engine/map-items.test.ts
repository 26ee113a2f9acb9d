import { describe, expect, test } from '@jest/globals';

import type { Json } from '../../engine/json.ts';
import { distributedMap, inlineMap, machine, reader, run } from './machine.ts';

const ITEM = { Item: { Type: 'Pass', End: true } };

describe('items', () => {
  test.each<[string, Record<string, unknown>, Json, Json]>([
    ['the input', {}, [1, 2], [1, 2]],
    ['an empty input', {}, [], []],
    ['Items with expressions', { Items: [1, '{% $states.input %}'] }, 'x', [1, 'x']],
    [
      'Items as one expression',
      { Items: '{% [$states.input.rows[n > 1]] %}' },
      { rows: [{ n: 1 }, { n: 2 }] },
      [{ n: 2 }],
    ],
  ])('come from %s', async (_, fields, input, expected) => {
    const { result } = await run(machine({ M: inlineMap(ITEM, fields) }), input);
    expect(result).toEqual({ status: 'SUCCEEDED', output: expected });
  });

  test.each<[string, Record<string, unknown>, Json, string]>([
    ['an input that is no array', {}, 1, 'Map state input must be an array but was: 1'],
    [
      'an expression that is no array',
      { Items: "{% 'a' %}" },
      {},
      "Expected 'array', but was 'string' for value: \"a\"",
    ],
    ['a filter with one hit', { Items: '{% $states.input[n > 1].n %}' }, [{ n: 2 }], "but was 'number'"],
  ])('%s is an error', async (_, fields, input, cause) => {
    const { result } = await run(machine({ M: inlineMap(ITEM, fields) }), input);
    expect(result).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(cause),
    });
  });

  test('an object of items is refused, not answered', async () => {
    await expect(
      run(machine({ M: inlineMap(ITEM, { Items: '{% $states.input %}' }) }), { a: 1 }),
    ).rejects.toMatchObject({
      name: 'NotImplementedError',
      path: 'States.M.Items',
    });
  });

  test('ItemSelector sees index, value, input and the count of retries', async () => {
    const ItemSelector = {
      index: '{% $states.context.Map.Item.Index %}',
      value: '{% $states.context.Map.Item.Value %}',
      all: '{% $count($states.input) %}',
    };
    const { result } = await run(machine({ M: inlineMap(ITEM, { ItemSelector }) }), ['a', 'b']);
    expect(result).toMatchObject({
      output: [
        { index: 0, value: 'a', all: 2 },
        { index: 1, value: 'b', all: 2 },
      ],
    });
  });
});

describe('ItemReader', () => {
  const reads = (InputType: string, content: string | undefined, more: Record<string, unknown> = {}) =>
    run(
      machine({ M: distributedMap(ITEM, { ItemReader: reader(InputType, more) }) }),
      { key: 'k' },
      undefined,
      {
        files: content === undefined ? {} : { 'lake/k': content },
      },
    );

  test.each<[string, string, string, Record<string, unknown>, Json]>([
    ['JSON Lines, empty lines left out', 'JSONL', '{"a":1}\r\n\n[2]\n"x"\n', {}, [{ a: 1 }, [2], 'x']],
    ['an array', 'JSON', '[1, {"a": 2}]', {}, [1, { a: 2 }]],
    ['the first MaxItems', 'JSONL', '1\n2\n3', { MaxItems: '{% $n := 2 %}' }, [1, 2]],
    ['all with MaxItems 0', 'JSONL', '1\n2\n3', { MaxItems: 0 }, [1, 2, 3]],
    ['nothing from an empty object', 'JSONL', '', {}, []],
  ])('reads %s', async (_, type, content, more, expected) => {
    expect((await reads(type, content, more)).result).toEqual({ status: 'SUCCEEDED', output: expected });
  });

  test.each<[string, string, string | undefined]>([
    ['a missing object', 'JSONL', undefined],
    ['a broken line', 'JSONL', '{"a":1}\n{"a":'],
    ['a JSON text that is no array', 'JSON', '12'],
  ])('%s is States.ItemReaderFailed', async (_, type, content) => {
    expect((await reads(type, content)).result).toMatchObject({
      status: 'FAILED',
      error: 'States.ItemReaderFailed',
    });
  });
});
