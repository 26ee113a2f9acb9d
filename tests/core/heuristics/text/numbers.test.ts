import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isSameNumber, numbersOf } from '../../../../core/heuristics/text/numbers.ts';

const values = (text: string): number[] => numbersOf(text).map(({ value }) => value);

describe('numbers of a text', () => {
  test.each([
    ['12 and 1,200 and 12.50 and .5', [12, 1200, 12.5, 0.5]],
    ['3/4 of 8', [0.75, 8]],
    ['24/4 is a division', [24, 4]],
    ['twelve, twenty-five, thirty one', [12, 25, 31]],
    ['two hundred and six bones', [206]],
    ['three thousand four hundred', [3400]],
    ['two million', [2_000_000]],
    ['three quarters, two thirds, a half', [0.75, 2 / 3, 0.5]],
    ['one of them', []],
    ['one two three', [2, 3]],
    ['x2 v3.1 a1b', []],
    ['50% off', [50]],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('stand where they say', () => {
    const text = 'You get twenty-five or 1,200.';
    expect(numbersOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['twenty-five', '1,200']);
  });

  it('are found back whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom(' ', ', ', '. ', ') ', '$'),
        (value, around) => {
          expect(
            values(`so${around === '$' ? ' $' : around}${value.toLocaleString('en-US')} left`),
          ).toContain(value);
        },
      ),
    );
  });

  it('compare up to rounding in floating point', () => {
    expect(isSameNumber(0.1 + 0.2, 0.3)).toBe(true);
    expect(isSameNumber(34.72, 34.7)).toBe(false);
  });
});
