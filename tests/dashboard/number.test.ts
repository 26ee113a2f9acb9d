import { describe, expect, it, test } from '@jest/globals';
import {
  compact,
  decimal,
  excludesZero,
  halfLife,
  interval,
  listed,
  median,
  percent,
  plural,
  signed,
  usd,
} from '../../dashboard/src/format/number.ts';

describe('a number', () => {
  test.each([
    [1234567.891, 1, '1,234,567.9'],
    [-0.04, 1, '0.0'],
    [-1.26, 1, '−1.3'],
    [999, 0, '999'],
  ])('%d with %d decimals reads %s', (value, digits, text) => {
    expect(decimal(value, digits)).toBe(text);
  });

  it('that does not exist is an en dash, never 0', () => {
    for (const nothing of [null, undefined, Number.NaN, Infinity]) {
      expect([decimal(nothing, 1), percent(nothing), usd(nothing), compact(nothing)]).toEqual([
        '–',
        '–',
        '–',
        '–',
      ]);
    }
  });

  it('shows its sign where it is a change, and none where it rounds to nothing', () => {
    expect([signed(0.26, 1), signed(-0.26, 1), signed(0.04, 1), signed(0, 2)]).toEqual([
      '+0.3',
      '−0.3',
      '0.0',
      '0.00',
    ]);
  });

  test.each([
    [0, '$0'],
    [0.00001, '< $0.0001'],
    [0.0123, '$0.0123'],
    [12.345, '$12.35'],
    [12345, '$12,345'],
  ])('of %d dollars reads %s', (value, text) => {
    expect(usd(value)).toBe(text);
  });

  test.each([
    [32_060_000, '32.1M'],
    [840_000, '840K'],
    [5000, '5,000'],
  ])('of %d reads %s where three digits do', (value, text) => {
    expect(compact(value)).toBe(text);
  });
});

describe('a half-life', () => {
  it('beyond the horizon is said to be beyond it', () => {
    expect(median(null, 40)).toBe('> 40');
    expect(median(12, 40)).toBe('12');
  });

  it('of a run that was not watched to the end is at least what was seen', () => {
    expect(halfLife({ half_life_turn: null, is_censored: true, observed_turns: 17 })).toBe('> 17');
    expect(halfLife({ half_life_turn: 9, is_censored: false, observed_turns: 9 })).toBe('9');
    expect(halfLife({ half_life_turn: null, is_censored: true, observed_turns: 0 })).toBe('–');
  });
});

describe('an interval', () => {
  it('leaves 0 out only where both ends lie on one side of it', () => {
    expect(excludesZero(0.1, 2)).toBe(true);
    expect(excludesZero(-2, -0.1)).toBe(true);
    expect(excludesZero(0, 2)).toBe(false);
    expect(excludesZero(-1, 2)).toBe(false);
    expect(excludesZero(null, 2)).toBe(false);
  });

  it('that is missing an end is not written', () => {
    expect(interval(null, 3, String)).toBe('');
    expect(interval(1, 3, String)).toBe('1 to 3');
  });
});

it('names and counts read as a sentence has them', () => {
  expect(listed([])).toBe('');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(plural(1, 'run')).toBe('1 run');
  expect(plural(1200, 'run')).toBe('1,200 runs');
});
