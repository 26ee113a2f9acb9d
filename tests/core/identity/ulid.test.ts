import { describe, expect, it, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ulidFrom, ulidTimeMs } from '../../../core/identity/ulid.ts';
import { runIdSchema } from '../../../schemas/common.ts';

const hex = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 20, maxLength: 64 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('a ULID', () => {
  it('is the encoding of the specification', () => {
    // https://github.com/ulid/spec and its reference implementation: encodeTime(1469918176385) = 01ARYZ6S41.
    expect(ulidFrom(1469918176385, '0'.repeat(20))).toBe('01ARYZ6S410000000000000000');
    expect(ulidFrom(2 ** 48 - 1, 'f'.repeat(20))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
    expect(ulidFrom(0, '0'.repeat(20))).toBe('0'.repeat(26));
    expect(ulidFrom(0, '00000000000000000001')).toBe('00000000000000000000000001');
    expect(ulidFrom(0, '80000000000000000000')).toBe('0000000000G000000000000000');
  });

  it('is 26 digits of Crockford base 32 and gives its time back', () => {
    fc.assert(
      fc.property(time, hex, (ms, randomness) => {
        const ulid = ulidFrom(ms, randomness);
        expect(runIdSchema.safeParse(ulid).success).toBe(true);
        expect(ulidTimeMs(ulid)).toBe(ms);
      }),
    );
  });

  it('is the same for the same time and first 80 bits, another for others', () => {
    fc.assert(
      fc.property(time, hex, hex, (ms, one, other) => {
        expect(ulidFrom(ms, one)).toBe(ulidFrom(ms, one.slice(0, 20)));
        expect(ulidFrom(ms, one) === ulidFrom(ms, other)).toBe(one.slice(0, 20) === other.slice(0, 20));
      }),
    );
  });

  it('sorts as text by time, then by randomness', () => {
    fc.assert(
      fc.property(time, time, hex, hex, (ms, otherMs, one, other) => {
        fc.pre(ms !== otherMs || one.slice(0, 20) !== other.slice(0, 20));
        const isBefore = ms === otherMs ? one.slice(0, 20) < other.slice(0, 20) : ms < otherMs;
        expect(ulidFrom(ms, one) < ulidFrom(otherMs, other)).toBe(isBefore);
      }),
    );
  });

  test.each([-1, 0.5, 2 ** 48, NaN, Infinity])('of the time %d is refused', (ms) => {
    expect(() => ulidFrom(ms, '0'.repeat(20))).toThrow(RangeError);
  });

  test.each(['', '0'.repeat(19), 'g'.repeat(20), 'F'.repeat(20), `0x${'0'.repeat(18)}`])(
    'of the randomness "%s" is refused',
    (randomness) => {
      expect(() => ulidFrom(0, randomness)).toThrow(RangeError);
    },
  );

  test.each([
    '',
    '01ARYZ6S41',
    '01ARYZ6S4100000000000000000',
    '01ARYZ6S4I0000000000000000',
    'I1ARYZ6S410000000000000000',
    '01ARYZ6S41000000000000000U',
    '01aryz6s410000000000000000',
    '81ARYZ6S410000000000000000',
    '../../../../etc/passwd0000',
  ])('is not what "%s" is', (text) => {
    expect(() => ulidTimeMs(text)).toThrow(RangeError);
  });
});
