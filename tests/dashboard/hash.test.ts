import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatHash, parseHash } from '../../dashboard/src/state/hash.ts';

const key = fc.string({ minLength: 1, maxLength: 12 });
const value = fc.string({ minLength: 1, maxLength: 30 });

it('a state written into the URL is read back the same', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value), (query) => {
      const back = parseHash(formatHash('/model/a-1', query));
      expect(back.path).toBe('/model/a-1');
      expect({ ...back.query }).toEqual({ ...query });
    }),
  );
});

it('equal states have equal addresses, empty parameters none', () => {
  expect(formatHash('runs', { b: '2', a: '1', c: null, d: '' })).toBe('#/runs?a=1&b=2');
  expect(formatHash('/runs', { a: '1', b: '2' })).toBe('#/runs?a=1&b=2');
});

it('whatever stands in the address bar reads as some page', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseHash(text).path.startsWith('/')).toBe(true);
    }),
  );
  expect(parseHash('')).toEqual({ path: '/', query: {} });
  expect(parseHash('#/runs/?phase=P1')).toEqual({ path: '/runs', query: { phase: 'P1' } });
  expect(parseHash('#/runs?__proto__=x').query['toString']).toBeUndefined();
});
