import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { javaRandomDouble } from '../../engine/java-random.ts';
import type { Json } from '../../engine/json.ts';
import { machine, output, run } from './machine.ts';

const succeeded = (value: Json) => ({ status: 'SUCCEEDED', output: value });
const queryError = (text: string) => ({
  status: 'FAILED',
  error: 'States.QueryEvaluationError',
  cause: expect.stringContaining(text),
});

/** An addition, as deep as it has terms. */
const sumOf = (terms: number) => Array.from({ length: terms }, () => '1').join('+');
/** A recursion without tail call, 3n + 5 deep. */
const countDown = (n: number) => `($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(${n}))`;
/** The length of a text doubled so many times. */
const doubled = (times: number) =>
  `$length($reduce([1..${times}], function($text, $_) { $text & $text }, "x"))`;

describe('expressions', () => {
  test.each<[string, Json, Json]>([
    ['$states.input.a + 1', { a: 1 }, 2],
    [
      '[$states.input.rows[ok = true].id]',
      {
        rows: [
          { ok: true, id: 1 },
          { ok: false, id: 2 },
        ],
      },
      [1],
    ],
    ['$states.input.rows[ok = true].id', { rows: [{ ok: true, id: 1 }] }, 1],
    ['$states.input.nothing = 1', {}, false],
    ['$states.input.`null`', { null: null }, null],
    ['{ "kept": 1, "dropped": $states.input.missing }', {}, { kept: 1 }],
    ['$split("a,b", ",")', {}, ['a', 'b']],
    ['$split("a", ",")', {}, ['a']],
    ['$states.context.State.Name', {}, 'Only'],
    ['$states.context.State.RetryCount', {}, 0],
  ])('%s', async (expression, input, value) => {
    expect(await output(expression, input)).toEqual(succeeded(value));
  });

  test.each([
    ['$states.input.missing', 'returned nothing (undefined)'],
    ['$sum', 'returned an unsupported result type'],
    ['"a" + 1', 'T2001'],
    ['$noSuchFunction(1)', 'T1006: Attempted to invoke a non-function'],
    ['($f := function($n) { 1 + $f($n) }; $f(1))', 'Stack overflow error'],
    ['($f := function($n) { $f($n) }; $f(1))', 'Expression evaluation timeout'],
    [sumOf(101), 'Depth=101 max=100'],
    [countDown(32), 'Depth=101 max=100'],
    ['$count([1..873783])', 'Expression evaluation memory limit exceeded'],
    [doubled(23), 'Expression evaluation memory limit exceeded'],
  ])('%s is States.QueryEvaluationError: %s', async (expression, text) => {
    expect(await output(expression)).toMatchObject(queryError(text));
  });

  test.each<[string, Json]>([
    [sumOf(100), 100],
    [countDown(31), 31],
    ['$count([1..873782])', 873_782],
    [doubled(22), 2 ** 22],
  ])('%s is within the limits', async (expression, value) => {
    expect(await output(expression)).toEqual(succeeded(value));
  });

  test.each<[string, Json]>([
    ['1 / 0', 'Infinity'],
    ['-1e308 * 10', '-Infinity'],
    ['{ "list": [0 / 0] }', { list: ['NaN'] }],
    ['$parseInteger("abc", "0")', 'NaN'],
  ])('%s is no number of JSON: its name', async (expression, value) => {
    expect(await output(expression)).toEqual(succeeded(value));
  });

  test('names the field of a failing expression by its path', async () => {
    const Output = { list: [1, { deep: '{% $states.input.missing %}' }] };
    const { result } = await run(machine({ Only: { Type: 'Pass', Output, End: true } }));
    expect(result).toMatchObject(
      queryError("specified for the field 'Output/list[1]/deep' returned nothing"),
    );
  });

  test('evaluates only strings that are wholly an expression, and no keys', async () => {
    const Output = {
      '{% 1 %}': ' {% 1 %} ',
      literal: '{ % 1 % }',
      value: '{%1%}',
      nested: [null, '{% [1] %}', false],
    };
    const { result } = await run(machine({ Only: { Type: 'Pass', Output, End: true } }));
    expect(result).toEqual(
      succeeded({ '{% 1 %}': ' {% 1 %} ', literal: '{ % 1 % }', value: 1, nested: [null, [1], false] }),
    );
  });

  test.each<[string, Json]>([
    ['an empty string', ''],
    ['zero', 0],
    ['false', false],
    ['null', null],
  ])('takes %s for an output', async (_, Output) => {
    expect((await run(machine({ Only: { Type: 'Pass', Output, End: true } }))).result).toEqual(
      succeeded(Output),
    );
  });

  test('gives plain arrays without the flags of the library', async () => {
    const result = await output('$states.input.rows.id', { rows: [{ id: 1 }, { id: 2 }] });
    const value = (result as { output: object }).output;
    expect(Object.getOwnPropertyNames(value)).toEqual(['0', '1', 'length']);
  });
});

describe('functions of Step Functions', () => {
  test.each<[string, Json]>([
    ['$partition([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([1, 2, 3, 4, 5], 2.6)', [[1, 2], [3, 4], [5]]],
    ['$partition([1, 2])', [[1, 2]]],
    ['$range(0, 10, 3)', [0, 3, 6, 9]],
    ['$range(5, 1, -2)', [5, 3, 1]],
    ['$range(1, 9, 9)', 1],
    ['$range(-1.7, 1, 1)', [-1, 0, 1]],
    ['$count($range(1, 360145, 1))', 360_145],
    ['$parse(" {\\"a\\": [1]} ")', { a: [1] }],
    ['$parse("[{\\"a\\":\\":\\"},{\\"a\\":{\\"a\\":2}}]")', [{ a: ':' }, { a: { a: 2 } }]],
    ['$random(42)', 0.7275636800328681],
    ['$hash("text", "SHA-256")', createHash('sha256').update('text').digest('hex')],
    ['$random(77)', 0.7240700207191966],
    ['$random(77) = $random(77)', true],
    ['$now()', '2026-01-01T00:00:00.000Z'],
    ['$now("[Y0001]/[M01]")', '2026/01'],
    ['$millis()', Date.UTC(2026, 0, 1)],
  ])('%s', async (expression, value) => {
    expect(await output(expression)).toEqual(succeeded(value));
  });

  test.each([
    ['$partition([1], "2")', 'T0410: Argument 2 of function "partition" does not match function signature'],
    ['$partition([1], 0)', 'returned nothing'],
    ['$partition([], 2)', 'returned nothing'],
    ['$partition([1], -1)', 'D3137: Second argument must be zero or greater'],
    ['$partition(1, 2)', 'T0412: Argument 1 of function "partition" must be an array'],
    ['$range(1, 10, 0)', 'returned nothing'],
    ['$range(1, 10)', 'returned nothing'],
    ['$range(1, 360146, 1)', 'evaluation: Expression evaluation memory limit exceeded'],
    ['$parse("{bad}")', 'D3137: Invalid JSON'],
    ['$parse("{\\"a\\": 1, \\"a\\": 1}")', 'D3137: Invalid JSON'],
    ['$parse("1e999")', 'D3137: Invalid JSON'],
    ['$hash("a", "sha-256")', 'D3137'],
    ['$hash(1, "MD5")', 'T0410'],
    ['$random("seed")', 'T0410: Argument 1 of function "random" does not match function signature'],
    ['$uuid(1)', 'T0410'],
  ])('%s fails: %s', async (expression, text) => {
    expect(await output(expression)).toMatchObject(queryError(text));
  });

  test('$uuid is a version 4 UUID from the random port', async () => {
    const definition = machine({ Only: { Type: 'Pass', Output: '{% $uuid() %}', End: true } });
    const trial = () => run(definition, {}, undefined, { random: () => 0.999 });
    const first = (await trial()).result;
    expect(first).toMatchObject({
      output: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    });
    expect((await trial()).result).toEqual(first);
  });

  test('partitions put together again are the array', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (values, size) => {
          const result = await output(`$partition($states.input.values, ${size})`, { values });
          const chunks = (result as unknown as { output: number[][] }).output;
          expect(chunks.flat()).toEqual(values);
          expect(chunks.slice(0, -1).every((chunk) => chunk.length === size)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('$parse undoes $string for any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        const result = await output('$parse($states.input.text)', { text: JSON.stringify(json) });
        expect(JSON.stringify((result as { output: Json }).output)).toBe(JSON.stringify(json));
      }),
      { numRuns: 60 },
    );
  });
});

test('the seeded generator gives numbers from 0 to 1', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (seed) => {
      const value = javaRandomDouble(seed);
      expect(value >= 0 && value < 1).toBe(true);
    }),
  );
});
