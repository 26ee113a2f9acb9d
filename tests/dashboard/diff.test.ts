import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { diffLines } from '../../dashboard/src/format/diff.ts';

const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  .map((parts) => parts.join('\n'));

it('shows what left and what came, with the rest in place', () => {
  expect(
    diffLines('one\ntwo\nthree', 'one\n2\nthree\nfour').map(({ kind, text }) => `${kind[0]} ${text}`),
  ).toEqual(['s one', 'r two', 'a 2', 's three', 'a four']);
});

it('holds both texts whole, whatever they are', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before, after);
      const side = (drop: string) =>
        diff
          .filter(({ kind }) => kind !== drop)
          .map(({ text }) => text)
          .join('\n');
      expect(side('added')).toBe(before);
      expect(side('removed')).toBe(after);
    }),
  );
});

it('of equal texts has no change', () => {
  fc.assert(
    fc.property(lines, (text) =>
      expect(diffLines(text, text).every(({ kind }) => kind === 'same')).toBe(true),
    ),
  );
});
